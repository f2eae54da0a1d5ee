/** One word, one meaning: what a file gives to others under a name, no other file gives to others under the same. */
import { expect, test } from "vitest";
import { doubledNames, exportedNames } from "./one-meaning.ts";

test("no two files export different things under one name", () => {
  expect(doubledNames()).toEqual([]);
});

test("of a source, the names are found that it exports, and no others", () => {
  const source = [
    "export interface A {}",
    "export async function b() {}",
    "export const c = 1;",
    "const d = 1;",
    "export type E = 1;",
    "export abstract class F {}",
    "export function* g() {}",
    'export { h } from "./h.ts";',
  ];
  expect(exportedNames(source.join("\n"))).toEqual(["A", "b", "c", "E", "F", "g"]);
});
