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

/** What was thrown, made ready to cross to another thread. */
export function failureOf(error: unknown): CommandFailure {
  if (!(error instanceof Error)) return { error: new Error(String(error)), code: null };
  return { error, code: "code" in error ? String(error.code) : null };
}

/** The error with its code again, once it has crossed. */
export function errorOf({ error, code }: CommandFailure): Error {
  return code === null ? error : Object.assign(error, { code });
}

/** What one commit did. */
export interface BatchAnswer {
  readonly answers: readonly CommandAnswer[];
  /** The clocks that moved, by account. */
  readonly clocks: ReadonlyMap<AccountId, Micros>;
  readonly epoch: string;
}
