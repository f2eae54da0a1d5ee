/** The little of IndexedDB that the local store needs, as promises. */

type StoreName = "rows" | "meta" | "messages" | "outbox";

/** The object stores of the transaction that is open. */
export type OpenStores = (name: StoreName) => IDBObjectStore;

/** Rejects where IndexedDB is missing, forbidden, or holds the name for a newer version. */
export function openDatabase(factory: IDBFactory | undefined, name: string): Promise<IDBDatabase> {
  if (!factory) return Promise.reject(new Error("there is no IndexedDB"));
  const opening = factory.open(name, 1);
  opening.addEventListener("upgradeneeded", () => {
    const database = opening.result;
    database.createObjectStore("rows", { keyPath: "row.id" });
    database.createObjectStore("meta");
    database.createObjectStore("messages", { keyPath: "id" }).createIndex("savedAt", "savedAt");
    database.createObjectStore("outbox", { keyPath: "id" });
  });
  return settled(opening);
}

/** Runs work in one transaction over all stores; resolves once it is on disk, rejects where any of it failed. */
export async function transact<T>(
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
