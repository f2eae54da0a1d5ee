/** A write on its way to the writer, and what comes back; plain data that can cross to a thread. */
import type { AccountId, Micros } from "@instep/protocol";
import type { WriteInput, WriteName, WriteResult } from "../../writes.ts";

/** One write with the number that its answer will carry. */
export type Command = {
  [N in WriteName]: { readonly id: number; readonly name: N; readonly input: WriteInput<N> };
}[WriteName];

export type CommandAnswer =
  | { readonly id: number; readonly isDone: true; readonly result: WriteResult<WriteName> }
  | ({ readonly id: number; readonly isDone: false } & CommandFailure);

/** An error and its code, which it would lose on its way to another thread. */
export interface CommandFailure {
  readonly error: Error;
  readonly code: string | null;
}

/** What one commit did. */
export interface BatchAnswer {
  readonly answers: readonly CommandAnswer[];
  /** The clocks that moved, by account. */
  readonly clocks: ReadonlyMap<AccountId, Micros>;
  readonly epoch: string;
}
