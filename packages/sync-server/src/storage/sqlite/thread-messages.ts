/** What the main thread and the threads of the writer, of checkpoints and of the search say to each other. */
import type { Dated, SearchAnswer } from "@instep/protocol";
import type { Outcome } from "../../refusal.ts";
import type { SearchQuestion } from "../../search.ts";
import type { BatchAnswer, Command, CommandFailure } from "./command.ts";
import type { ConnectionOptions } from "./connection-options.ts";

/** What a thread is started with; the writer's own commits move nothing, whatever `checkpointPages` says. */
export type ThreadOptions = Omit<ConnectionOptions, "onStatement">;

export type ToWriter =
  | { readonly kind: "run"; readonly commands: readonly Command[] }
  /** The checkpoints' thread has done the long part; what came meanwhile is left to the writer. */
  | { readonly kind: "finish-checkpoint" }
  /** It could not; the log is still as long. */
  | { readonly kind: "checkpoint-failed" }
  | { readonly kind: "close" };

export type FromWriter =
  | { readonly kind: "ready"; readonly epoch: string }
  | { readonly kind: "batch"; readonly batch: BatchAnswer }
  /** Another process has committed. */
  | { readonly kind: "foreign"; readonly epoch: string }
  /** The write-ahead log has grown long enough to be moved into the database. */
  | { readonly kind: "checkpoint-due" }
  /** Writes are refused from here on, and why; null: they are taken again. */
  | { readonly kind: "health"; readonly failure: CommandFailure | null }
  | { readonly kind: "trouble"; readonly failure: CommandFailure }
  | { readonly kind: "closed" };

export type ToCheckpointer = { readonly kind: "checkpoint" } | { readonly kind: "close" };
export type FromCheckpointer =
  | { readonly kind: "checkpointed" }
  | { readonly kind: "checkpoint-failed"; readonly failure: CommandFailure };

/** One at a time. */
export type ToSearcher = { readonly kind: "search"; readonly question: SearchQuestion } | { readonly kind: "close" };
export type FromSearcher =
  | { readonly kind: "found"; readonly outcome: Outcome<Dated<SearchAnswer>> }
  | { readonly kind: "search-failed"; readonly failure: CommandFailure };
