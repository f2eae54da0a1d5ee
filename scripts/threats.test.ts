/** What docs/threats.md says is shown: every test that it names is there, and says the rule that it is named for. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rows = readFileSync("docs/threats.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:threat|-+) +\|/.test(line))
  .map((line) => line.split(" | "));

test("each threat has something against it, and a test", () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const [threat, guard, shown] of rows) {
    expect(guard, threat).toMatch(/\w/);
    expect(filesOf(shown), threat).not.toEqual([]);
  }
});

test.each(rows)("what shows that nobody succeeds is there: %s", (_threat, guard = "", shown = "") => {
  const files = filesOf(shown);
  for (const file of files) expect(existsSync(file), file).toBe(true);
  const texts = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const rules = [...guard.matchAll(/\[([A-Z]+-\d+)\]/g)].map(([, rule = ""]) => rule);
  expect(rules.filter((rule) => !new RegExp(`\\b${rule}\\b`).test(texts))).toEqual([]);
});

function filesOf(cell = ""): readonly string[] {
  return [...cell.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, path = ""]) => path);
}
