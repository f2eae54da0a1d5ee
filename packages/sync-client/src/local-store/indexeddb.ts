/** The little of IndexedDB that the local store needs, as promises. */

type StoreName = "rows" | "meta" | "messages" | "outbox";

/** The object stores of the transaction that is open. */
export type OpenStores = (name: StoreName) => IDBObjectStore;

/** A database that is opened when it is first used, and anew where the browser has closed it. */
export class Connection {
  readonly #factory: IDBFactory | undefined;
  readonly #name: string;
  #opened: Promise<IDBDatabase> | null = null;
  #wasOpen = false;
  #isEmptied = false;
  #isClosed = false;

  constructor(factory: IDBFactory | undefined, name: string) {
    this.#factory = factory;
    this.#name = name;
  }

  /** The result of the work in one transaction over all stores, once it is on disk; null where that can't be done. */
  async run<T>(mode: IDBTransactionMode, work: (stores: OpenStores) => Promise<T>): Promise<T | null> {
    for (let tries = 0; tries < 2 && !this.#isClosed; tries++) {
      const opened = (this.#opened ??= this.#open());
      try {
        return await transact(await opened, mode, work);
      } catch {
        // A browser may close it under the page at any time, and WebKit loses it in the background.
        if (this.#opened === opened) this.#letGo();
      }
    }
    return null;
  }

  /** Whether, since this was last asked, another database has taken its place: site data was cleared under an open page. */
  wasEmptied(): boolean {
    const isEmptied = this.#isEmptied;
    this.#isEmptied = false;
    return isEmptied;
  }

  /** For good: whatever comes later does nothing, and doesn't open it again. */
  close(): void {
    this.#isClosed = true;
    this.#letGo();
  }

  #letGo(): void {
    this.#opened?.then(
      (database) => database.close(),
      () => {
        // It never opened.
      },
    );
    this.#opened = null;
  }

  async #open(): Promise<IDBDatabase> {
    const isAgain = this.#wasOpen;
    const database = await openDatabase(this.#factory, this.#name, () => (this.#isEmptied = isAgain));
    this.#wasOpen = true;
    return database;
  }
}

/** Rejects where IndexedDB is missing, forbidden, or holds the name for a newer version. `onNew`: there was nothing before. */
async function openDatabase(factory: IDBFactory | undefined, name: string, onNew: () => void): Promise<IDBDatabase> {
  if (!factory) throw new Error("no indexedDB");
  const opening = factory.open(name, 1);
  opening.addEventListener("upgradeneeded", () => {
    onNew();
    const database = opening.result;
    database.createObjectStore("rows", { keyPath: "row.id" });
    database.createObjectStore("meta");
    database.createObjectStore("messages", { keyPath: "id" }).createIndex("savedAt", "savedAt");
    database.createObjectStore("outbox", { keyPath: "id" });
  });
  return settled(opening);
}

/** Runs work in one transaction over all stores; resolves once it is on disk, rejects where any of it failed. */
async function transact<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (stores: OpenStores) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(["rows", "meta", "messages", "outbox"], mode);
  const ended = new Promise<void>((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("aborted")));
  });
  try {
    const result = await work((name) => transaction.objectStore(name));
    await ended;
    return result;
  } catch (error) {
    ended.catch(() => {
      // It ended for the reason that is thrown below.
    });
    abort(transaction);
    throw error;
  }
}

/** The result of a request. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the request failed")));
  });
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
