/** What docs/compare.md says is shown: of this program by a test that exists, of the others by a public address. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const page = readFileSync("docs/compare.md", "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| **"))
  .map((line) => line.split("|").slice(1, -1));
const links = [...page.matchAll(/^\[([\w-]+)\]: (\S+)(?: "(.*)")?$/gm)].map(([, name = "", address = "", title]) => ({
  name,
  address,
  title,
}));

test("every test that the comparison names for this program exists, under that title", () => {
  const own = links.filter(({ address }) => !address.startsWith("https://"));
  expect(own.length).toBeGreaterThan(10);
  const missing = own.filter(({ address, title }) => {
    const path = join("docs", address);
    return title === undefined || !existsSync(path) || !readFileSync(path, "utf8").includes(`test("${title}"`);
  });
  expect(missing).toEqual([]);
});

test("every cell of the comparison has a source, or says that none was found", () => {
  expect(rows.map((cells) => cells.length)).toEqual(Array(8).fill(6));
  const unfounded = rows.flatMap(([, own = "", ...others]) => [
    ...[own].filter((cell) => !/\]\[i-/.test(cell)),
    ...others.filter((cell) => !/\]\[[olbh]-|not found|as above/.test(cell)),
  ]);
  expect(unfounded).toEqual([]);
});

test("every source of the comparison is used, and a file is named at a commit", () => {
  const names = links.map(({ name }) => name);
  const used = [...page.matchAll(/\]\[([\w-]+)\]/g)].map(([, name = ""]) => name);
  expect([...new Set(used)].sort()).toEqual([...names].sort());
  const loose = links.filter(({ address }) => address.includes("/blob/") && !/\/blob\/[0-9a-f]{40}\//.test(address));
  expect(loose).toEqual([]);
});
