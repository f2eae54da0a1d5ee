/** The looks are decided in one file. */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const SOURCES = resolve(import.meta.dirname, "..");

test("no style sheet but the tokens' names a colour", () => {
  const sheets = globSync("**/*.css", { cwd: SOURCES }).filter((path) => !path.endsWith("tokens.css"));
  expect(sheets.length).toBeGreaterThan(10);
  for (const path of sheets) {
    const style = readFileSync(resolve(SOURCES, path), "utf8");
    expect(style, path).not.toMatch(/:[^;{]*(?:#[\da-f]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)a?\()/i);
  }
});
