/** Reads checked values out of a query string; the first parameter that can't be used becomes the refusal. */
import { parseTimestamp, type Micros } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import type { FastifyRequest } from "fastify";

/** Bounds of an integer, both inclusive. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** Each method answers null where the parameter is absent, or after noting why it is refused. */
export class QueryReader {
  readonly #query: URLSearchParams;
  #refusal: Refusal | null = null;

  /** `search` is what stands behind the question mark. */
  constructor(search: string) {
    this.#query = new URLSearchParams(search);
  }

  /** Why the query can't be answered: 400 naming the parameter; null where all is well. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Notes that a parameter can't be used, and why; the first one is told. */
  refuse(name: string, why: string): null {
    this.#refusal ??= { refused: "invalid_parameter", detail: `${name} ${why}.`, members: { parameter: name } };
    return null;
  }

  /** A text that is given once and is not empty. */
  text(name: string): string | null {
    const values = this.#query.getAll(name);
    const [value] = values;
    if (value === undefined) return null;
    if (values.length > 1) return this.refuse(name, "is given more than once");
    return value === "" ? this.refuse(name, "is empty") : value;
  }

  /** A place in a list; written with nothing behind it, it means the beginning. */
  cursor(name: string): string | null {
    return this.#query.get(name) === "" && this.#query.getAll(name).length === 1 ? null : this.text(name);
  }

  integer(name: string, range: IntegerRange): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    return this.refuse(name, `is not a whole number from ${range.min} to ${range.max}`);
  }

  boolean(name: string): boolean | null {
    const text = this.text(name);
    if (text === null) return null;
    return FLAGS.get(text) ?? this.refuse(name, "is none of true, false, 1 and 0");
  }

  timestamp(name: string): Micros | null {
    const text = this.text(name);
    if (text === null) return null;
    // A `+` that was not escaped arrives as a space; before an offset it can mean nothing else.
    const micros = parseTimestamp(text) ?? parseTimestamp(text.replace(/ (?=\d{2}:?\d{2}$)/, "+"));
    return micros ?? this.refuse(name, "is not an ISO 8601 timestamp");
  }
}

/** The query of a request. */
export function queryOf({ raw }: Pick<FastifyRequest, "raw">): QueryReader {
  return new QueryReader(searchOf(raw.url));
}

/** What stands behind the question mark of an address. */
export function searchOf(url: string | undefined): string {
  const at = url?.indexOf("?") ?? -1;
  return at < 0 || url === undefined ? "" : url.slice(at + 1);
}
