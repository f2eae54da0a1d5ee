/** What earlier programs left of imports: gone with the next start, beside another server too, which keeps what it may still read. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startApp, type StartedApp } from "./start-app.ts";

const HOURS = 3600;
const AGES = [0, 1, 23, 25, 1000];

let dataDir: string;
let running: StartedApp[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "instep-left-"));
  running = [];
});
afterEach(async () => {
  for (const app of running) await app.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  running.push(await startApp({ env: { DATA_DIR: dataDir } }));
}

/** Files that were written to for the last time so many hours ago, which are their names. */
function leave(): void {
  mkdirSync(join(dataDir, "imports"), { recursive: true });
  for (const age of AGES) {
    const path = join(dataDir, "imports", String(age));
    writeFileSync(path, "half of a file");
    const then = Date.now() / 1000 - age * HOURS;
    utimesSync(path, then, then);
  }
}

const left = () => readdirSync(join(dataDir, "imports")).map(Number);

test("[IMPORT-3] whoever is alone takes all of it away", async () => {
  leave();
  await start();
  expect(left()).toEqual([]);
});

test("[IMPORT-3] beside another server only what is a day old goes", async () => {
  await start();
  leave();
  await start();
  expect(left().toSorted((a, b) => a - b)).toEqual([0, 1, 23]);
});
