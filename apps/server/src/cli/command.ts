/** What a command of the command line is given and gives back. */
import type { Settings } from "../settings/config.ts";
import type { TerminalLine } from "./terminal-line.ts";

export interface CommandContext {
  readonly settings: Settings;
  /** The file that was named, as an absolute path; empty where the command takes none. */
  readonly file: string;
  /** What was written after the command, without the file. */
  readonly words: readonly string[];
  readonly line: TerminalLine;
  /** Prints a line of the result. */
  readonly print: (text: string) => void;
  /** Milliseconds of the wall clock. */
  readonly now: () => number;
}

/** A failure that a person can act on: printed as one line, without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export interface CliCommand {
  readonly name: string;
  readonly takesFile: boolean;
  /** What it takes besides, as its usage shows it; `accepts` says whether that was given. */
  readonly more?: { readonly usage: string; readonly accepts: (words: readonly string[]) => boolean };
  readonly summary: string;
  /** Runs it. Throws `CommandError` for what a person can act on. */
  run(context: CommandContext): Promise<void>;
}
