/** `export FILE`: the file has its name once it is whole, and not before. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandContext } from "../src/cli/command.ts";
import { exportCommand } from "../src/cli/export-command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { readSettings } from "../src/settings/config.ts";
import { createClient } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-export-"));
  file = join(folder, "all.json");
  app = await startApp();
  const client = createClient(app.url);
  for (const title of ["Quince", "Medlar", "Rowan"]) await client.create(title);
});
afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command; `meanwhile` happens with each word of its progress. */
function run(meanwhile: () => void): Promise<void> {
  const { settings, fault } = readSettings({ DATA_DIR: app.dataDir });
  if (settings === null) throw new Error(fault);
  const line = new TerminalLine(process.stderr, () => 0);
  line.show = meanwhile;
  const context: CommandContext = { settings, file, words: [], line, print: () => undefined, now: () => 0 };
  return exportCommand.run(context);
}

test("an export is under another name until it is whole", async () => {
  const seen: boolean[] = [];
  await run(() => seen.push(existsSync(file)));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(true);
  expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("conversations.length", 3);
  expect(readdirSync(folder)).toEqual(["all.json"]);
});

test("an export that breaks off leaves nothing, neither under its name nor under another", async () => {
  const breakOff = () => {
    throw new Error("the disk is gone");
  };
  await expect(run(breakOff)).rejects.toThrow(`${file} could not be written: the disk is gone`);
  expect(readdirSync(folder)).toEqual([]);
});
