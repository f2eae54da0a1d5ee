/** The walk through five files in ARCHITECTURE.md leads where it says: each file stands, and what it names there is in it. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";

const architecture = readFileSync("ARCHITECTURE.md", "utf8");
const WALK = "Why does this row show 3?";

interface Stop {
  readonly label: string;
  readonly path: string;
  readonly names: readonly string[];
}

test("a reader comes from the README to why a row shows 3 in five files", () => {
  const anchor = WALK.toLowerCase()
    .replaceAll(" ", "-")
    .replaceAll(/[^\w-]/g, "");
  expect(readFileSync("README.md", "utf8")).toContain(`(ARCHITECTURE.md#${anchor})`);
  expect(stopsOf(architecture)).toHaveLength(5);
});

test.each(stopsOf(architecture))("in $label stands what the walk names there", ({ label, path, names }) => {
  const source = readFileSync(path, "utf8");
  expect(label).toBe(basename(path));
  expect(names.length).toBeGreaterThanOrEqual(2);
  expect(names.filter((name) => !new RegExp(`(?<![\\w#])${name}\\(`).test(source))).toEqual([]);
});

test("what the walk hands on is declared where it goes next", () => {
  const [, merge, store, count] = stopsOf(architecture);
  const isDeclared = (stop: Stop | undefined, name: string): boolean =>
    new RegExp(`export function ${name}\\(|^  ${name}\\(`, "m").test(readFileSync(stop?.path ?? "", "utf8"));
  expect([isDeclared(merge, "applySync"), isDeclared(store, "commit"), isDeclared(count, "unreadOf")]).not.toContain(
    false,
  );
});

/** The numbered list under the heading of the walk. */
function stopsOf(text: string): readonly Stop[] {
  const [, after = ""] = text.split(`### ${WALK}\n`);
  const [section = ""] = after.split("\n### ");
  return section
    .split(/\n(?=\d\. )/)
    .slice(1)
    .map((item) => {
      const [link = "", label = "", path = ""] = /\[`([^`]+)`\]\(([^)]+)\)/.exec(item) ?? [];
      const [own = ""] = item.split("\n\n");
      const names = [...own.replace(link, "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      return { label, path, names };
    });
}
