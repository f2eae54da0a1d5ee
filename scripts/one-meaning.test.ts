/** One word, one meaning: what a file gives to others under a name, no other file gives to others under the same. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|class|function\*?|const) ([A-Za-z_$][\w$]*)/gm;
/** A component is named after what it shows, which may be a thing of the wire or of the engine. */
const COMPONENT = /\.tsx$/;

test("no two files export different things under one name", () => {
  const filesByName = new Map<string, Set<string>>();
  for (const file of sourceFiles()) {
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(EXPORTED)) {
      filesByName.set(name, (filesByName.get(name) ?? new Set()).add(file));
    }
  }
  const doubled = [...filesByName].filter(([, files]) => files.size > 1);
  expect(doubled.map(([name, files]) => `${name}: ${[...files].join(", ")}`)).toEqual([]);
});

test("the names are found that are exported", () => {
  const source =
    "export interface A {}\nexport async function b() {}\nexport const c = 1;\nconst d = 1;\nexport type E = 1;\n";
  expect([...source.matchAll(EXPORTED)].map(([, name]) => name)).toEqual(["A", "b", "c", "E"]);
});

function sourceFiles(): readonly string[] {
  const tracked = execFileSync("git", ["ls-files", "*.ts", "*.tsx"], { encoding: "utf8" }).trim().split("\n");
  return tracked.filter((file) => !/\.(test|spec)\.tsx?$|\/test\/|\.d\.ts$/.test(file) && !COMPONENT.test(file));
}
