/** The drawings of icons as the page is built with them, beside the whole ones. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { bareIcon } from "../bare-icons-plugin.ts";

const library = createRequire(import.meta.url).resolve("lucide-react");
const icons = join(dirname(library), "../esm/icons");

function drawing(source: string): unknown {
  const object = source.slice(source.indexOf("{", source.indexOf("__iconData =")), source.indexOf("};") + 1);
  return runInNewContext(`(${object})`);
}

test("every icon of the library keeps its name and its lines, and loses the rest", () => {
  const sources = readdirSync(icons)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => readFileSync(join(icons, name), "utf8"))
    .filter((source) => source.includes("__iconData"));
  expect(sources.length).toBeGreaterThan(1000);
  for (const source of sources) {
    const { size: _size, ...whole } = drawing(source) as { size: number; node: [string, { key?: string }][] };
    const node = whole.node.map(([element, { key: _key, ...attributes }]) => [element, attributes]);
    expect(drawing(bareIcon(source))).toEqual({ ...whole, node });
  }
});

test("an icon that is drawn otherwise is not cut, and says so; another name of one is left alone", () => {
  expect(() => bareIcon("export default createIcon({ lines: [] });")).toThrow("otherwise");
  const otherName = "export { default } from './trash.mjs';\n";
  expect(bareIcon(otherName)).toBe(otherName);
});
