/** Which words come along with the page: those that the browser wants most of what the page speaks. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { languagePreload } from "./language-preload.ts";

const GERMAN = "</assets/german-Ab_1-x.js>; rel=modulepreload; crossorigin";

let pageDir: string;
beforeEach(() => {
  pageDir = mkdtempSync(join(tmpdir(), "instep-page-"));
  mkdirSync(join(pageDir, "assets"));
  for (const name of ["index-C0ffee.js", "germany.js", "german-Ab_1-x.js", "german-Ab_1-x.js.br"]) {
    writeFileSync(join(pageDir, "assets", name), "");
  }
});
afterEach(() => rmSync(pageDir, { recursive: true, force: true }));

test.each([
  ["de", GERMAN],
  ["de-AT,de;q=0.9,en;q=0.8", GERMAN],
  [" DE", GERMAN],
  ["fr,de;q=0.5", GERMAN],
  ["en-GB,de;q=0.5", null],
  ["den", null],
  ["fr", null],
  ["*", null],
  [",;=,", null],
  ["", null],
  [undefined, null],
])("a browser that asks for %j is told of %j", async (accepted, told) => {
  expect(await languagePreload(pageDir, accepted)).toBe(told);
});

test("while the page is built anew there are no words to name", async () => {
  rmSync(join(pageDir, "assets"), { recursive: true });
  expect(await languagePreload(pageDir, "de")).toBeNull();
});
