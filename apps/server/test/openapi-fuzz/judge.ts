/** What is wrong with an answer, whatever the request was. */
import { PROBLEMS } from "@instep/protocol/schemas";
import { createParser } from "eventsource-parser";
import type { Operation } from "./operations.ts";

export interface JudgedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whether it answers a HEAD, and so has no body. */
  readonly isHead: boolean;
}

/** What a person has no use for, and somebody else may. */
const INSIDES = /\n|\bat .*\.ts:|node_modules|SQLITE|undefined|\[object/;
/** Where no one parameter or member is at fault. */
const OF_ALL = /^(?:The (?:request|body|file)|One of) /;
/** One code that has two statuses: gone, where a turn was cut short [TURN-8]. */
const GONE = 410;

/** Null where all is well; `operation` is null for a method that the address doesn't have. */
export function faultOf(answer: JudgedAnswer, operation: Operation | null): string | null {
  const { status, headers } = answer;
  if (headers.get("x-content-type-options") !== "nosniff") return "nosniff is missing";
  if (!headers.get("cache-control")) return "cache-control is missing";
  if (status >= 500) return "an error of the server";
  if (status === 304 || answer.isHead) return answer.text === "" ? null : "a body where none may be";
  if (status >= 400) return faultOfProblem(answer);
  if (operation === null) return null;
  const check = operation.faultOf.get(status);
  if (check === undefined) return "an undocumented status";
  if (operation.isStream) return faultOfEvents(answer);
  if (!(headers.get("content-type") ?? "").startsWith("application/json")) return "no JSON";
  return check(parsed(answer.text));
}

function faultOfProblem({ status, headers, text }: JudgedAnswer): string | null {
  if (!(headers.get("content-type") ?? "").startsWith("application/problem+json")) return "no problem+json";
  const problem = parsed(text);
  if (typeof problem !== "object" || problem === null) return "no object";
  const { code, status: told, title, detail, type, ...members } = problem as Readonly<Record<string, unknown>>;
  if (typeof code !== "string" || !Object.hasOwn(PROBLEMS, code)) return `an unknown code ${String(code)}`;
  const known = PROBLEMS[code as keyof typeof PROBLEMS];
  if (told !== status || title !== known.title) return "a problem that says another thing than its status";
  if (status !== known.status && status !== GONE) return `${code} with ${status}`;
  if (typeof detail !== "string" || detail === "" || type !== `urn:instep:problem:${code}`) return "no detail or type";
  if (!isNamed(code, detail, members)) return "nothing that is named as invalid";
  if (INSIDES.test(detail)) return `a detail of our insides: ${detail}`;
  return status === 429 && headers.get("retry-after") === null ? "429 without Retry-After" : null;
}

function isNamed(code: string, detail: string, { parameter, field }: Readonly<Record<string, unknown>>): boolean {
  if (!code.startsWith("invalid_") || OF_ALL.test(detail)) return true;
  return typeof (code === "invalid_body" ? field : parameter) === "string";
}

/** Numbered from the first on by one, JSON in each, and one that ends it. */
function faultOfEvents({ headers, text }: JudgedAnswer): string | null {
  if (!(headers.get("content-type") ?? "").startsWith("text/event-stream")) return "no event stream";
  const events: { readonly id: number; readonly name: string | undefined }[] = [];
  const parser = createParser({
    onEvent({ id, event, data }) {
      JSON.parse(data);
      events.push({ id: Number(id), name: event });
    },
  });
  parser.feed(text);
  if (events.some(({ id }, at) => at > 0 && id !== (events[at - 1]?.id ?? 0) + 1)) return "numbers that skip";
  const ends = events.filter(({ name }) => name === "done" || name === "error");
  if (ends.length !== 1 || ends[0] !== events.at(-1)) return "no one event that ends it";
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
