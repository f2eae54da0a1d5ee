/** P8: the JavaScript that a browser loads before the first conversation shows, as the built page names it; then the page in a browser. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Row } from "../row.ts";
import { kilobytes } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";
import { measurePageInBrowser } from "./page-in-browser.ts";

const WEB = fileURLToPath(new URL("../../apps/web", import.meta.url));
/** Static imports and re-exports of minified modules; dynamic ones come later by nature. */
const STATIC_IMPORT = /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}$,\s]+?\s*from\s*)?["'](\.{1,2}\/[^"']+)["']/g;
const SCRIPT = /<(?:script[^>]*\ssrc|link[^>]*rel="modulepreload"[^>]*\shref)="([^"]+\.js)"/g;

/** Builds the page where the program serves it, so that the figures are those of the sources as they stand. */
export async function measurePage(bench: Workbench): Promise<readonly Row[]> {
  bench.progress("P8: building the page");
  const folder = build();
  const html = await readFile(join(folder, "index.html"), "utf8");
  const first = [...html.matchAll(SCRIPT)].map(([, path = ""]) => path);
  const sizes = new Map<string, number>();
  for (const path of first) await load(folder, path, sizes);
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const ours = `${kilobytes(total)} in ${sizes.size} files`;
  const beside = "not measured here: React by itself 67.8 kB";
  return [
    { target: "P8", what: "first load, JS gzipped", ours, beside, goal: "≤ 100 kB" },
    ...(await measurePageInBrowser(bench)),
  ];
}

async function load(folder: string, path: string, sizes: Map<string, number>): Promise<void> {
  if (sizes.has(path)) return;
  const code = await readFile(join(folder, path));
  sizes.set(path, gzipSync(code, { level: 9 }).length);
  for (const [, imported = ""] of code.toString("utf8").matchAll(STATIC_IMPORT)) {
    await load(folder, posix.join(posix.dirname(path), imported), sizes);
  }
}

function build(): string {
  const vite = join(dirname(createRequire(join(WEB, "package.json")).resolve("vite/package.json")), "bin/vite.js");
  const built = spawnSync(process.execPath, [vite, "build"], { cwd: WEB, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the page could not be built: ${built.stderr}`);
  return join(WEB, "dist");
}
