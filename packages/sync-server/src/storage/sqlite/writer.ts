/** The one writer: many commands, one transaction, one flush to the disk (group commit). */
import type { AccountId, Micros } from "@instep/protocol";
import { writes } from "../../writes.ts";
import type { WriteTransaction } from "../transaction.ts";
import { failureOf, type BatchAnswer, type Command, type CommandAnswer } from "./command.ts";
import { openWriter, type Database } from "./connection.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { sqliteErasing, type Erase } from "./erasing.ts";
import { FileWatch } from "./file-watch.ts";
import { giveUpIndex, isIndexGivenUp, searchIndexing, type TakeIn } from "./search-index.ts";
import { StorageError } from "../storage-error.ts";
import { sqliteTransaction } from "./transaction.ts";

/** A commit of this many commands or fewer does what it left to do at once, such as for the full-text index; a larger one leaves it for later. */
const SMALL_BATCH = 4;
/** How many texts are taken into the index, fewer where they are long, and rows of erased conversations erased, at once: other commits wait. */
const SLICE = 64;

type Operation = (tx: WriteTransaction, input: Command["input"]) => Promise<never>;

export class SqliteWriter {
  readonly #db: Database;
  readonly #transaction: WriteTransaction;
  readonly #statements;
  readonly #takeIntoIndex: TakeIn;
  readonly #erase: Erase;
  /** The clocks that the command being run has moved. */
  #moved = new Map<AccountId, Micros>();
  #dataVersion: unknown;
  #epoch: string;
  readonly #files: FileWatch;
  /** Why the last commit or look failed; null where it did not. */
  #trouble: Error | null = null;
  /** Small writes may still fit, which is no sign that the next one does. */
  #isFull = false;

  /** Opens the file and brings it up to date. Throws where that fails. */
  constructor(options: ConnectionOptions) {
    this.#db = openWriter(options);
    this.#transaction = sqliteTransaction(this.#db, (accountId, clock) => this.#moved.set(accountId, clock));
    this.#statements = controlStatements(this.#db);
    this.#takeIntoIndex = searchIndexing(this.#db);
    this.#erase = sqliteErasing(this.#db).erase;
    this.#dataVersion = this.#statements.dataVersion.get();
    this.#epoch = String(this.#statements.epoch.get());
    this.#files = new FileWatch(options.path, Number(this.#db.pragma("page_size", { simple: true })));
  }

  get trouble(): Error | null {
    return this.#trouble;
  }

  /** Whether search lacks what is new, since its index is damaged. */
  get isIndexGivenUp(): boolean {
    return isIndexGivenUp(this.#db);
  }

  /** Looks whether what is written stands where a start would find it and has room, and tries a write where the last one failed. */
  lookAtFiles(): void {
    const damage = this.#files.damage(this.walPages());
    this.#isFull = damage === null && this.#files.isDiskFull();
    if (damage !== null) this.#trouble = damage;
    else if (this.#isFull) this.#trouble ??= new StorageError("STORAGE_FULL", "The database's disk is full");
    else if (this.#trouble !== null) this.#tryWrite();
  }

  /** As it was last read: where the disk fails, it can still be told. */
  get epoch(): string {
    return this.#epoch;
  }

  /**
   * Runs the commands in one transaction, each in a savepoint: one that throws undoes itself only. The answers are durable when
   * this resolves; it never rejects. Not to be called again before that.
   */
  async run(commands: readonly Command[]): Promise<BatchAnswer> {
    const clocks = new Map<AccountId, Micros>();
    const answers: CommandAnswer[] = [];
    const wasGivenUp = isIndexGivenUp(this.#db);
    try {
      this.#requireFiles();
      this.#begin();
      for (const command of commands) answers.push(await this.#runOne(command, clocks));
      if (commands.length <= SMALL_BATCH) this.#tidySlice();
      const epoch = String(this.#statements.epoch.get());
      this.#statements.commit.run();
      // What was committed to files that are gone is not acknowledged.
      this.#requireFiles();
      this.#epoch = epoch;
      if (!this.#isFull) this.#trouble = null;
      return { answers, clocks, epoch };
    } catch (error) {
      const undone = this.#undo();
      giveUpIndex(this.#db, error);
      if (undone === null && !wasGivenUp && isIndexGivenUp(this.#db)) return this.run(commands);
      const failed = failureOf(undone ?? error);
      this.#trouble = failed.error;
      const refused = commands.map(({ id }) => ({ id, isDone: false as const, ...failed }));
      return { answers: refused, clocks: new Map(), epoch: this.#epoch };
    }
  }

  /** Does some of what large commits left to do; returns whether there may be more of it. */
  tidy(): boolean {
    const wasGivenUp = isIndexGivenUp(this.#db);
    if (this.#trouble !== null) this.#requireFiles();
    this.#begin();
    try {
      const isMore = this.#tidySlice();
      this.#statements.commit.run();
      return isMore;
    } catch (error) {
      this.#undo();
      giveUpIndex(this.#db, error);
      if (!wasGivenUp && isIndexGivenUp(this.#db)) return this.tidy();
      throw error;
    } finally {
      this.#undo();
    }
  }

  /** Whether another process has committed since the last call. Only for times at which no transaction is open. */
  hasForeignCommit(): boolean {
    const version = this.#statements.dataVersion.get();
    const isForeign = version !== this.#dataVersion;
    if (isForeign) this.#epoch = String(this.#statements.epoch.get());
    this.#dataVersion = version;
    return isForeign;
  }

  /** How many pages the write-ahead log has, moved to the database or not. */
  walPages(): number {
    const [, pages] = this.#statements.walSize.get() ?? [];
    return pages ?? 0;
  }

  /** Whether the log has so many pages, and some of them are not in the database yet: one that is moved stays until the next write. */
  hasLongLog(pages: number): boolean {
    const [, all = 0, moved = 0] = this.#statements.walSize.get() ?? [];
    return all >= pages && moved < all;
  }

  /** Moves what it can of the write-ahead log into the database, without waiting for readers. */
  checkpoint(): void {
    this.#db.pragma("wal_checkpoint(PASSIVE)");
  }

  close(): void {
    this.#db.close();
    this.#files.close();
  }

  #requireFiles(): void {
    const fault = this.#files.fault(this.walPages());
    if (fault !== null) throw fault;
  }

  #tryWrite(): void {
    try {
      this.#begin();
      this.#statements.touch.run();
      this.#statements.commit.run();
      this.#trouble = null;
    } catch (error) {
      this.#undo();
      this.#trouble = failureOf(error).error;
    }
  }

  #tidySlice(): boolean {
    const [isMoreToIndex, erased] = [this.#takeIntoIndex(SLICE), this.#erase(SLICE)];
    return isMoreToIndex || erased === SLICE;
  }

  /** Begins a transaction; one that a failing disk would not let go of ends first. */
  #begin(): void {
    if (this.#db.inTransaction) this.#statements.rollback.run();
    this.#statements.begin.run();
  }

  /** Rolls back what is open; returns why where the disk fails that too. */
  #undo(): unknown {
    try {
      if (this.#db.inTransaction) this.#statements.rollback.run();
      return null;
    } catch (error) {
      return error;
    }
  }

  async #runOne(command: Command, clocks: Map<AccountId, Micros>): Promise<CommandAnswer> {
    const { id } = command;
    this.#moved = new Map();
    this.#statements.savepoint.run();
    try {
      const result = await operationOf(command)(this.#transaction, command.input);
      this.#statements.release.run();
      for (const [accountId, clock] of this.#moved) clocks.set(accountId, clock);
      return { id, isDone: true, result };
    } catch (error) {
      // A full disk ends the whole transaction; then there is no savepoint to go back to, and nobody's write stands.
      if (!this.#db.inTransaction) throw error;
      this.#statements.rollbackTo.run();
      this.#statements.release.run();
      return { id, isDone: false, ...failureOf(error) };
    }
  }
}

function controlStatements(db: Database) {
  const prepare = (sql: string) => db.prepare<[]>(sql);
  return {
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    rollback: prepare("ROLLBACK"),
    savepoint: prepare("SAVEPOINT command"),
    release: prepare("RELEASE command"),
    rollbackTo: prepare("ROLLBACK TO command"),
    dataVersion: prepare("PRAGMA data_version").pluck(),
    walSize: db.prepare<[], readonly number[]>("PRAGMA wal_checkpoint(NOOP)").raw(),
    touch: prepare("UPDATE meta SET epoch = epoch WHERE id = 1"),
    epoch: prepare("SELECT epoch FROM meta WHERE id = 1").pluck(),
  };
}

/** A command's name and input belong together by its type; looking the name up loses that. */
function operationOf(command: Command): Operation {
  return writes[command.name] as Operation;
}
