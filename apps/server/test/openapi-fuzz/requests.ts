/** Arbitrary requests of any call: what it takes, nearly what it takes, and anything. */
import fc from "fast-check";
import type { Operation, Schema } from "./operations.ts";

/** A value of a parameter: one that an answer has told, by its place among them, or a text. */
export type Value = { readonly known: number } | { readonly text: string };

export interface FuzzRequest {
  readonly operation: Operation;
  /** Who asks: two people, and nobody. */
  readonly who: "ann" | "bea" | "nobody";
  readonly path: Readonly<Record<string, Value>>;
  readonly query: readonly (readonly [name: string, value: Value])[];
  /** As it is sent; null sends none. */
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Another method than the document's, mostly none. */
  readonly otherMethod: string | null;
}

/** Texts that parsers stumble over, and any text. */
const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", " ", "0", "-1", "1", "2", "3", "1e9", "0x10", "1.5", "NaN", "Infinity", "null", "true", "false"),
  fc.constantFrom("\0", "'; DROP TABLE message; --", '"', "%", "%25", "*", "NEAR(", "a AND OR NOT", "\u{D800}"),
  fc.constantFrom("eyJ9", "W10", "WzEsMl0", "W251bGwsbnVsbF0", "9".repeat(30), "\u{1F600}".repeat(9), "a".repeat(3000)),
  fc.constantFrom("2026-01-01T00:00:00Z", "0000-01-01", "9999-12-31T23:59:59.999999Z", "2026-02-30T25:00:00+99:00"),
  fc.constantFrom("__proto__", "constructor", "../../etc/passwd", "ＡＢＣ", "é", "日本", "#", "?", "&", "a=b"),
  fc.uuid(),
  fc.integer().map(String),
);

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
);

const value: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: fc.record({ known: fc.nat(50) }), weight: 5 },
  { arbitrary: fc.record({ text: oddText }), weight: 1 },
);

/** In a path mostly what is there, since all else is one and the same 404. */
const pathValue: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: fc.record({ known: fc.nat(50) }), weight: 12 },
  { arbitrary: fc.record({ text: oddText }), weight: 1 },
);

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  { "content-type": "text/plain" },
  { "content-type": "application/json; charset=utf-16" },
  { "content-type": "multipart/form-data; boundary=x" },
  { "if-none-match": "*" },
  { "if-none-match": '"x", W/"y"' },
  { "last-event-id": "-1" },
  { "last-event-id": "9".repeat(40) },
  { accept: "text/html" },
  { "accept-encoding": "gzip;q=0, br" },
  { authorization: "Bearer x" },
  { authorization: "Basic eDp5" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
  { "instep-account": "somebody" },
  { "x-forwarded-for": "1.2.3.4, unknown" },
  { range: "bytes=0-1" },
  { cookie: "instep_session=; instep_session=%" },
  { expect: "200-ok" },
];

/** Requests of all those calls. */
export function requestsOf(operations: readonly Operation[]): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      who: fc.constantFrom("ann", "ann", "ann", "bea", "nobody"),
      path: fc.record(Object.fromEntries(operation.pathNames.map((name) => [name, pathValue]))),
      query: fc.array(fc.tuple(fc.constantFrom(...operation.queryNames, "unknown"), value), { maxLength: 4 }),
      body: bodyOf(operation.body),
      headers: fc.oneof(
        { arbitrary: fc.constant({}), weight: 6 },
        { arbitrary: fc.constantFrom(...HEADERS), weight: 1 },
      ),
      otherMethod: fc.oneof(
        { arbitrary: fc.constant(null), weight: 20 },
        { arbitrary: fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), weight: 1 },
      ),
    }),
  );
}

function bodyOf(schema: Schema | null): fc.Arbitrary<string | null> {
  if (schema === null) return fc.oneof({ arbitrary: fc.constant(null), weight: 9 }, fc.constantFrom("{}", "null", "["));
  const fitting = fitOf(schema);
  return fc.oneof(
    { arbitrary: fitting.map((body) => JSON.stringify(body)), weight: 5 },
    { arbitrary: spoiled(schema, fitting), weight: 3 },
    { arbitrary: fc.jsonValue({ maxDepth: 4 }).map((body) => JSON.stringify(body)), weight: 1 },
    { arbitrary: fc.string({ unit: "binary" }), weight: 1 },
    { arbitrary: fc.constantFrom(null, "", "[".repeat(5000), `{"a":`.repeat(3000), '{"__proto__":{}}'), weight: 1 },
  );
}

/** What fits, with one member as it should not be. */
function spoiled(schema: Schema, fitting: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const names = Object.keys(schema.properties ?? { message: {} });
  return fc
    .tuple(fitting, fc.constantFrom(...names), oddValue)
    .map(([body, name, odd]) => JSON.stringify({ ...(typeof body === "object" ? body : {}), [name]: odd }));
}

/** Values that a schema takes. */
function fitOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fitOf));
  switch (schema.type) {
    case "object":
      return fc.record(mapped(schema.properties ?? {}), { requiredKeys: [...(schema.required ?? [])] });
    case "array":
      return fc.array(fitOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case "integer":
      return integerOf(schema);
    case "number":
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return stringOf(schema);
    case undefined:
    default:
      return oddValue;
  }
}

function mapped(properties: Readonly<Record<string, Schema>>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, MOSTLY[name] ?? fitOf(schema)]));
}

/** What is refused for one member most of the time gets a value that fits what is there. */
const MOSTLY: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  model: fc.oneof({ arbitrary: fc.constant("demo"), weight: 9 }, fc.string({ minLength: 1, maxLength: 200 })),
  expected_last_seq: fc.oneof({ arbitrary: fc.constantFrom(2, 4, 6), weight: 3 }, fc.nat(20)),
  replace_from_seq: fc.oneof({ arbitrary: fc.constantFrom(1, 3, 5), weight: 3 }, fc.nat(20)),
};

function integerOf({ minimum, exclusiveMinimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + 1);
  const max = maximum ?? Number.MAX_SAFE_INTEGER;
  return fc.oneof(fc.integer({ min, max: Math.min(max, min + 5) }), fc.constantFrom(min, max));
}

function stringOf({ pattern, minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.oneof(fc.constant(KNOWN), fc.uuid());
  const ends = fc.constantFrom("a".repeat(minLength), "a".repeat(Math.min(maxLength, 5000)));
  const usual = fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
  return fc.oneof(usual, ends, fc.constant(KNOWN), fc.constantFrom(...WORDS));
}

/** Stands in a body for an id that an answer has told. */
export const KNOWN = "\u{E000}known\u{E000}";

/** What lets in, and what addresses look like. */
const WORDS = ["correct horse", "battery staple", "ann@example.com", "bea@example.com", "new@example.com", "x@y"];
