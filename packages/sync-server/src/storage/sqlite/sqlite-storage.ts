/** The storage port on one SQLite file. */
import type { Dated, SearchAnswer } from "@instep/protocol";
import { randomEpoch } from "../../epoch.ts";
import type { Outcome } from "../../refusal.ts";
import { searchConversations, type SearchQuestion } from "../../search.ts";
import type { WriteInput, WriteName, WriteResult } from "../../writes.ts";
import type { Commit, Storage } from "../storage.ts";
import { StorageError } from "../storage-error.ts";
import type { Awaitable } from "../rows.ts";
import type { Snapshot } from "../transaction.ts";
import { errorOf, type BatchAnswer, type Command } from "./command.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { writeInline, type InlineWriting } from "./inline-writing.ts";
import { putStrayLogAside, sealClosed, sealOpen, standingOf } from "./file-seal.ts";
import { ReaderPool } from "./reader-pool.ts";
import type { Searching } from "./searching.ts";
import { searchInThread } from "./threaded-searching.ts";
import { writeInThread } from "./threaded-writing.ts";
import type { Writing } from "./writing.ts";

export interface SqliteOptions {
  readonly path: string;
  /** False gives up durability for speed: for tests and simulations only. */
  readonly isDurable?: boolean;
  /** From this length of the write-ahead log on, in pages, it is moved into the database; 8,000 where it is left out. */
  readonly checkpointPages?: number;
  /** Told of every statement that a reader runs: for tests that count them. */
  readonly onStatement?: (sql: string) => void;
  /** Told of what failed besides commands, such as a checkpoint on a full disk; it is tried again. */
  readonly onTrouble?: (error: Error) => void;
  /** Told when writes that had failed are taken again. */
  readonly onWell?: () => void;
  /** Told once where nothing can be written any more: a thread has died, and the file has to be opened anew. */
  readonly onLost?: (error: Error) => void;
}

/** 8,000 pages are 32 MB. */
const CHECKPOINT_PAGES = 8000;

type Query = (snapshot: Snapshot) => unknown;

interface Pending {
  resolve(result: WriteResult<WriteName>): void;
  reject(error: Error): void;
}

/** Opens the file, made where it is missing, with its writer in a thread of its own. */
export async function openSqliteStorage(options: SqliteOptions): Promise<Storage> {
  const { path } = options;
  const standing = standingOf(path);
  if (standing === "other") putStrayLogAside(path);
  const storage = new SqliteStorage(options, () => sealClosed(path));
  const connection = connectionOf(options);
  storage.open(await writeInThread(connection, storage), searchInThread(connection));
  if (standing === "other") await storage.transact("renewEpoch", { epoch: randomEpoch() });
  sealOpen(path);
  return storage;
}

/** The same with the writer and the search in this thread: for simulations and tests. `lookAround` finds other processes' commits. */
export function openInlineSqliteStorage(options: SqliteOptions): Storage & Pick<InlineWriting, "lookAround"> {
  const storage = new SqliteStorage(options, () => undefined);
  const writing = writeInline(connectionOf(options), storage);
  storage.open(writing);
  return Object.assign(storage, { lookAround: () => writing.lookAround() });
}

function connectionOf({
  path,
  isDurable = true,
  checkpointPages = CHECKPOINT_PAGES,
}: SqliteOptions): ConnectionOptions {
  return { path, isDurable, checkpointPages };
}

class SqliteStorage implements Storage {
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(commit: Commit) => void>();
  readonly #options: SqliteOptions;
  readonly #onClosed: () => void;
  #writing: Writing | null = null;
  /** Null where the search is one of the reads. */
  #searching: Searching | null = null;
  #readers: ReaderPool | null = null;
  #epoch = "";
  #failure: Error | null = null;
  #trouble: Error | null = null;
  /** A read that failed by damage; while it does, nothing is written. */
  #doubted: Query | null = null;
  #lastId = 0;
  #outgoing: Command[] = [];

  /** `onClosed` is told when the writer has let go of the file. */
  constructor(options: SqliteOptions, onClosed: () => void) {
    this.#options = options;
    this.#onClosed = onClosed;
  }

  /** Takes the writer, which has brought the file up to date, and opens the file for reading. */
  open(writing: Writing, searching: Searching | null = null): void {
    this.#writing = writing;
    this.#searching = searching;
    this.#epoch = writing.epoch;
    this.#readers = new ReaderPool(this.#options);
  }

  get epoch(): string {
    return this.#epoch;
  }

  get trouble(): Error | null {
    return this.#trouble ?? (this.#doubted && new StorageError("STORAGE_GONE", "The database can't be read"));
  }

  get failure(): Error | null {
    return this.#failure;
  }

  async read<T>(query: (snapshot: Snapshot) => Awaitable<T>): Promise<T> {
    if (!this.#readers) throw closed();
    try {
      return await this.#readers.read(query);
    } catch (error) {
      if (isDamage(error)) this.#doubt(query, error);
      throw error;
    }
  }

  async search(question: SearchQuestion): Promise<Outcome<Dated<SearchAnswer>>> {
    const query = (snapshot: Snapshot) => searchConversations(snapshot, question);
    if (!this.#searching) return this.read(query);
    if (!this.#readers) throw closed();
    try {
      return await this.#searching.search(question);
    } catch (error) {
      if (isDamage(error)) this.#doubt(query, error);
      throw error;
    }
  }

  async transact<N extends WriteName>(name: N, input: WriteInput<N>): Promise<WriteResult<N>> {
    if (this.#doubted !== null) await this.#dispelDoubt(this.#doubted);
    return this.#write(name, input);
  }

  /** What can't be read is not written to, where it might never be read again; `query` tells when it can. */
  #doubt(query: Query, error: Error): void {
    if (this.trouble === null) this.#options.onTrouble?.(error);
    this.#doubted ??= query;
  }

  async #dispelDoubt(query: Query): Promise<void> {
    await this.#readers?.read(query);
    if (this.#doubted !== query) return;
    this.#doubted = null;
    if (this.#trouble === null) this.#options.onWell?.();
  }

  #write<N extends WriteName>(name: N, input: WriteInput<N>): Promise<WriteResult<N>> {
    return new Promise((resolve, reject) => {
      if (this.#failure || !this.#writing) {
        reject(this.#writing && this.#failure ? this.#failure : closed());
        return;
      }
      this.#lastId += 1;
      // The writer answers a command with the result of its name; the map can't say so.
      this.#pending.set(this.#lastId, { resolve: resolve as Pending["resolve"], reject });
      this.#send({ id: this.#lastId, name, input } as Command);
    });
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    const [writing, readers] = [this.#writing, this.#readers];
    this.#flush();
    this.#writing = null;
    this.#readers = null;
    // The writer last: whoever closes a file as the last one moves the log into it, and a reader can't.
    await this.#searching?.close();
    await readers?.close();
    if (writing === null) return;
    await writing.close();
    this.#onClosed();
  }

  onBatch(batch: BatchAnswer): void {
    if (batch.epoch !== this.#epoch) this.onForeign(batch.epoch);
    if (batch.clocks.size > 0) this.#announce({ kind: "moved", clocks: batch.clocks });
    for (const answer of batch.answers) {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (answer.isDone) pending?.resolve(answer.result);
      else pending?.reject(errorOf(answer));
    }
  }

  onForeign(epoch: string): void {
    this.#epoch = epoch;
    this.#announce({ kind: "unknown" });
  }

  onTrouble(error: Error): void {
    this.#options.onTrouble?.(error);
  }

  onHealth(trouble: Error | null): void {
    this.#trouble = trouble;
    if (trouble === null) this.#options.onWell?.();
    else this.#options.onTrouble?.(trouble);
  }

  onFailure(error: Error): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    // The threads of a storage that is being closed end as well.
    if (this.#failure || !this.#writing) return;
    this.#failure = error;
    this.#options.onLost?.(error);
  }

  /** What is asked in one turn of the event loop travels as one message. */
  #send(command: Command): void {
    this.#outgoing.push(command);
    if (this.#outgoing.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    if (this.#outgoing.length === 0) return;
    this.#writing?.post(this.#outgoing);
    this.#outgoing = [];
  }

  #announce(commit: Commit): void {
    for (const listener of this.#listeners) listener(commit);
  }
}

/** Damage of the database itself or of its log, and no more of the full-text index. */
function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "SQLITE_CORRUPT" || error.code === "SQLITE_NOTADB" || error.code === "SQLITE_IOERR_SHORT_READ";
}

function closed(): StorageError {
  return new StorageError("STORAGE_CLOSED", "The storage is closed");
}
