import { describe, expect, it } from "vitest";
import { hasTooManyParts } from "./body-parts.ts";

const MANY = 20_000;

describe("[SAFE-2] a JSON body", () => {
  it.each([
    ["elements", JSON.stringify(Array.from({ length: MANY }, () => 1))],
    ["members", JSON.stringify(Object.fromEntries(Array.from({ length: MANY }, (_, n) => [`"${n}\\`, n])))],
    ["arrays", JSON.stringify({ title: Array.from({ length: MANY }, () => []) })],
    ["depth", "[".repeat(MANY)],
  ])("of a great many %s is too much", (_, json) => expect(hasTooManyParts(json)).toBe(true));

  it.each([
    ["all ids that a call takes", JSON.stringify({ ids: Array.from({ length: 500 }, () => crypto.randomUUID()) })],
    ["a text of signs", JSON.stringify({ message: '[{,"\\'.repeat(MANY), client_message_id: "\\" })],
    ["nothing", ""],
  ])("with %s is not", (_, json) => expect(hasTooManyParts(json)).toBe(false));
});
