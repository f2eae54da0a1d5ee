/** The port to a database: consistent reads, named writes, and word of what was committed. */
import type { AccountId, Dated, Micros, SearchAnswer } from "@instep/protocol";
import type { Outcome } from "../refusal.ts";
import type { SearchQuestion } from "../search.ts";
import type { WriteInput, WriteName, WriteResult } from "../writes.ts";
import type { Awaitable } from "./rows.ts";
import type { Snapshot } from "./transaction.ts";

/** What a commit means for whoever keeps clocks in memory. */
export type Commit =
  /** These accounts' clocks stand here now; told before the write's caller has its answer. */
  | { readonly kind: "moved"; readonly clocks: ReadonlyMap<AccountId, Micros> }
  /** Another process committed something, or the epoch is new: what is kept in memory may be wrong. */
  | { readonly kind: "unknown" };

export interface Storage {
  /** The database's epoch [EPOCH-1]. */
  readonly epoch: string;
  /** Why nothing can be written any more, until the storage is opened anew; null while it can. */
  readonly failure: Error | null;
  /** Why writes are refused just now, such as a full disk or a file that is gone; null where they are not. */
  readonly trouble: Error | null;
  /** Runs the query against one snapshot; what it returns must not hold on to the snapshot. */
  read<T>(query: (snapshot: Snapshot) => Awaitable<T>): Promise<T>;
  /** Searches one snapshot, apart from the reads where it can: it takes longer than they do. */
  search(question: SearchQuestion): Promise<Outcome<Dated<SearchAnswer>>>;
  /** Runs one entry of `writes` in a transaction and resolves once it is durable; rejects where it threw, and nothing is written. */
  transact<N extends WriteName>(name: N, input: WriteInput<N>): Promise<WriteResult<N>>;
  /** Listens to commits; returns how to stop. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Finishes the writes that were begun, then lets go of the database. */
  close(): Promise<void>;
}
