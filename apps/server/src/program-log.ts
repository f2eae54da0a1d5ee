/** The program's log: JSON lines on standard output, or lines to read where that is a terminal; never a message's text. */
import process from "node:process";
import pino, { type Logger } from "pino";
import { codeOf } from "./code-of.ts";
import type { Settings } from "./settings/config.ts";

export interface LogTarget {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What a log says of an error: enough to find the fault, nothing that a person or a model wrote. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
}

/** Messages that quote what could not be read, such as a model's answer with a prompt in it. */
const QUOTING: ReadonlySet<string> = new Set(["SyntaxError", "ModelError", "AggregateError", "DOMException"]);
const LONGEST_MESSAGE = 300;
/** What every line has, and the line to read says in its own way. */
const SHOWN_APART: ReadonlySet<string> = new Set(["level", "time", "msg", "err"]);

/** Makes the log; where it goes can be given for tests. */
export function createLog(settings: Pick<Settings, "logLevel">, target: LogTarget = process.stdout): Logger {
  const options = { level: settings.logLevel, base: null, serializers: { err: describeError } };
  if (target.isTTY !== true) return pino(options, { write: (line) => void target.write(line) });
  return pino(options, { write: (line) => void target.write(readable(line)) });
}

/** An error as it is logged: without its cause and its members, and without a message that may quote somebody. */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = codeOf(error);
  const isQuoting = QUOTING.has(error.name) || code?.startsWith("model_") === true;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(code !== null && { code }),
    ...(!isQuoting && { message: error.message.slice(0, LONGEST_MESSAGE) }),
    stack: frames.join("\n"),
  };
}

function readable(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown> & { readonly msg?: string };
  const time = new Date(Number(entry["time"])).toTimeString().slice(0, 8);
  const level = pino.levels.labels[Number(entry["level"])] ?? "";
  const fields = Object.entries(entry).filter(([name]) => !SHOWN_APART.has(name));
  const said = fields.map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${time} ${level.padEnd(5)} ${entry.msg ?? ""}${said.join("")}${readableError(entry["err"])}\n`;
}

function readableError(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { type, code, message } = error as LoggedError;
  return ` (${[code ?? type, message].filter((part) => part !== undefined).join(": ")})`;
}
