import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as limits from "../src/limits.ts";
import { PROBLEMS } from "../src/problem.ts";
import { WIRE_VERSION } from "../src/version.ts";
import { wireSchemas } from "./fixtures.ts";

const decision = `
The wire has changed. Decide what that means, then write the decision down:
  this version is not released yet           go on with it (CHANGELOG.md says which are released)
  a field, a code or a call was added        raise the minor number of WIRE_VERSION (src/version.ts)
  anything else                              raise the major number: devices of the old version can't follow
Where the number rose, copy the folder fixtures/<old> to fixtures/<new>; a released version's files are never edited.
Bring its requests and answers up to date, put the fingerprint below into its fingerprint.json, and say it in SPEC.md
and CHANGELOG.md.`;

test("the wire does not change without a version decision", () => {
  const path = new URL(`../fixtures/${WIRE_VERSION}/fingerprint.json`, import.meta.url);
  const decided: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
  const actual = { wire_version: WIRE_VERSION, ...fingerprint() };
  expect(actual, `${decision}\n${JSON.stringify(actual, null, 2)}`).toEqual(decided);
});

test("a fingerprint tells a wording from a change of the wire", () => {
  const schema = { type: "object", required: ["a"], description: "one", properties: { a: { type: "string" } } };
  expect(hash({ ...schema, description: "two" })).toBe(hash(schema));
  expect(hash({ properties: schema.properties, required: ["a"], type: "object" })).toBe(hash(schema));
  expect(hash({ ...schema, required: [] })).not.toBe(hash(schema));
  expect(hash({ ...schema, properties: { description: { type: "string" } } })).not.toBe(
    hash({ ...schema, properties: {} }),
  );
});

function fingerprint(): object {
  const schemas = [...wireSchemas()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [name, hash(schema)]);
  const statuses = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]);
  return {
    schemas: Object.fromEntries(schemas),
    problems: hash(Object.fromEntries(statuses)),
    limits: hash({ ...limits }),
  };
}

function hash(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, 16);
}

/** JSON with sorted keys and without descriptions (a description is text; a property of that name is a schema). */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) => {
    if (key === "description" && typeof member === "string") return undefined;
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
