/** Read-only connections: each read has one to itself for as long as it lasts, and with it one snapshot. */
import type { Awaitable } from "../rows.ts";
import type { Snapshot } from "../transaction.ts";
import { openReader, type Database } from "./connection.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { sqliteSnapshot } from "./transaction.ts";

/** Reads that last over an `await` are few; more than this at once wait for each other. */
const MAX_READERS = 8;

interface Reader {
  readonly db: Database;
  readonly snapshot: Snapshot;
  readonly begin: { run(): unknown };
  readonly commit: { run(): unknown };
}

export class ReaderPool {
  readonly #options: Pick<ConnectionOptions, "path" | "onStatement">;
  readonly #readers: Reader[] = [];
  readonly #idle: Reader[] = [];
  readonly #waiting: ((reader: Reader) => void)[] = [];

  /** Opens the first connection, so that a file that can't be read is known at once. */
  constructor(options: Pick<ConnectionOptions, "path" | "onStatement">) {
    this.#options = options;
    this.#idle.push(this.#open());
  }

  /** Runs the query in a transaction of its own. The snapshot is the state at the query's first statement. */
  async read<T>(query: (snapshot: Snapshot) => Awaitable<T>): Promise<T> {
    const reader = await this.#takeReader();
    try {
      reader.begin.run();
      return await query(reader.snapshot);
    } finally {
      this.#end(reader);
    }
  }

  /** Lets the reads that have begun come to their end, then closes every connection. */
  async close(): Promise<void> {
    for (let open = this.#readers.length; open > 0; open -= 1) {
      const reader = this.#idle.pop() ?? (await this.#whenFree());
      reader.db.close();
    }
  }

  /** Whatever happened, the connection is for the next read: one that is kept is missing for good. */
  #end(reader: Reader): void {
    try {
      // A disk that fails ends the transaction by itself.
      if (reader.db.inTransaction) reader.commit.run();
    } finally {
      this.#giveBack(reader);
    }
  }

  #takeReader(): Reader | Promise<Reader> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#readers.length < MAX_READERS) return this.#open();
    return this.#whenFree();
  }

  #whenFree(): Promise<Reader> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(reader: Reader): void {
    const next = this.#waiting.shift();
    if (next) next(reader);
    else this.#idle.push(reader);
  }

  #open(): Reader {
    const reader = openPrepared(this.#options);
    this.#readers.push(reader);
    return reader;
  }
}

function openPrepared(options: Pick<ConnectionOptions, "path" | "onStatement">): Reader {
  const db = openReader(options);
  try {
    return { db, snapshot: sqliteSnapshot(db), begin: db.prepare("BEGIN"), commit: db.prepare("COMMIT") };
  } catch (error) {
    db.close();
    throw error;
  }
}
