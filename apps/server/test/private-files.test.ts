/** What the program stores is its owner's alone, in a process of its own with the loosest mask. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { THIS_MACHINES } from "./this-machines.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const START = join(ROOT, "scripts/start.js");
const COMMANDS = join(ROOT, "scripts/instep.js");
const DOOR = join(ROOT, "scripts/door.js");

let folder: string;
let child: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-private-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test("[SAFE-3] folders are 0700 and files 0600: database, secrets, log, export and backup, new ones and those that were loose", async () => {
  const data = join(folder, "deep", "data");
  await start(data);
  expect(modesOf(data)).toEqual({
    ".": "700",
    "instep.lock": "600",
    "instep.sqlite": "600",
    "instep.sqlite-shm": "600",
    "instep.sqlite-wal": "600",
  });
  expect(await run("export out.json", data)).toBe(0);
  expect(await run("backup saved", data)).toBe(0);
  await stop();
  for (const name of ["out.json", "saved", "deep"]) {
    expect(mode(join(folder, name))).toBe(name === "deep" ? "700" : "600");
  }
  for (const name of ["auth-secret", "push-key"]) writeFileSync(join(data, name), "put back from elsewhere\n");
  for (const name of readdirSync(data)) chmodSync(join(data, name), 0o666);
  chmodSync(data, 0o777);
  await start(data);
  for (const one of Object.entries(modesOf(data))) expect(one).toEqual([one[0], one[0] === "." ? "700" : "600"]);
  await stop();
  expect(await run("restore saved", data)).toBe(0);
  for (const one of Object.entries(modesOf(data))) expect(one).toEqual([one[0], one[0] === "." ? "700" : "600"]);
}, 120_000);

test("[SAFE-3] what is compiled ahead lies where only the program's owner writes, never in the common folder for temporary files", async () => {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
  await start(join(folder, "data"), { TMPDIR: temporary });
  await stop();
  expect(await run("check", join(folder, "data"), { TMPDIR: temporary })).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
  const cache = join(ROOT, "node_modules/.cache/instep");
  if (existsSync(cache)) expect(statSync(cache).mode & 0o022).toBe(0);
  expect(readFileSync(DOOR, "utf8")).not.toMatch(/enableCompileCache\(\)/);
}, 60_000);

function environment(data: string, more: Readonly<Record<string, string>> = {}) {
  return { ...THIS_MACHINES, INIT_CWD: folder, DATA_DIR: data, PORT: "0", LOG_LEVEL: "error", ...more };
}

async function start(data: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const command = `umask 0; exec "$0" --conditions=@instep/source "$1"`;
  child = spawn("sh", ["-c", command, process.execPath, START], { cwd: ROOT, env: environment(data, more) });
  let output = "";
  child.stdout?.on("data", (text) => (output += String(text)));
  while (!output.includes("ready at ")) {
    await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
    if (child.exitCode !== null) throw new Error(`the program ended: ${output}`);
  }
}

async function stop(): Promise<void> {
  const ended = child && once(child, "exit");
  child?.kill("SIGTERM");
  await ended;
  child = null;
}

async function run(words: string, data: string, more: Readonly<Record<string, string>> = {}): Promise<number | null> {
  const command = `umask 0; exec "$0" --conditions=@instep/source "$1" ${words}`;
  const ran = spawn("sh", ["-c", command, process.execPath, COMMANDS], { cwd: folder, env: environment(data, more) });
  const [code] = (await once(ran, "exit")) as [number | null];
  return code;
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function modesOf(path: string): Record<string, string> {
  const names = readdirSync(path).filter((name) => !name.endsWith("-seal"));
  return Object.fromEntries([".", ...names].map((name) => [name, mode(join(path, name))]));
}
