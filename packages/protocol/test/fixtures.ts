/** The golden requests and answers of every released version, as the files under `fixtures/` hold them. */
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { TSchema } from "typebox";
import * as wire from "../src/schemas.ts";

export interface Fixture {
  readonly name: string;
  readonly version: string;
  readonly rules: readonly string[];
  readonly request: { readonly schema?: string; readonly body?: unknown };
  readonly answer: {
    readonly status: number;
    readonly schema?: string;
    /** The schema of the members that this problem has besides those of every problem. */
    readonly members?: string;
    readonly body?: unknown;
    /** The schemas of events that are none of a turn. */
    readonly event_schemas?: Readonly<Record<string, string>>;
    readonly events?: readonly { readonly id: number; readonly event: string; readonly data: unknown }[];
  };
}

const fixturesFolder = new URL("../fixtures/", import.meta.url).pathname;

export function readFixtures(): readonly Fixture[] {
  return globSync("*/*.json", { cwd: fixturesFolder })
    .filter((path) => basename(path) !== "fingerprint.json")
    .sort()
    .map((path) => {
      const content: unknown = JSON.parse(readFileSync(fixturesFolder + path, "utf8"));
      return { ...(content as Fixture), name: path, version: path.split("/")[0] ?? "" };
    });
}

/** Every schema of the wire by the name that it carries: `SyncResponse`, `Send`, … */
export function wireSchemas(): ReadonlyMap<string, TSchema> {
  const named = Object.entries(wire).filter(([name]) => name.endsWith("Schema"));
  return new Map(named.map(([name, schema]) => [name.slice(0, -"Schema".length), schema as TSchema]));
}
