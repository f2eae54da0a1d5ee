/** The library as other programs have it: packed, without this repository's sources, its examples run and its types are whole. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp } from "../apps/server/test/start-app.ts";

const PACKAGES = ["protocol", "sync-client", "sync-server"];
const [engineExample = "", deviceExample = ""] = [
  ...readFileSync("README.md", "utf8").matchAll(/```ts\n(.*?)```/gs),
].map(([, example = ""]) => example);
/** All that a program finds at them: what the parts of a device do to each other by them is none of it. */
const FACES = `
import type { ConversationStore, SyncManager } from "@instep/sync-client";
export const store: Record<keyof ConversationStore, true> = { conversations: true, newOnScreen: true };
export const manager: Record<keyof SyncManager, true> = {
  store: true,
  start: true,
  stop: true,
  fullSync: true,
  incrementalSync: true,
  setCurrentConversation: true,
  markConversationRead: true,
  incrementLocalMessageCount: true,
  setLocalMessageCount: true,
  setConversationStreaming: true,
};
`;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-packed-"));
  mkdirSync(join(folder, "node_modules"));
  const workspaces = PACKAGES.flatMap((name) => ["--workspace", `packages/${name}`]);
  run("npm", ["pack", ...workspaces, "--pack-destination", folder]);
  for (const name of PACKAGES) {
    const place = join(folder, "node_modules/@instep", name);
    mkdirSync(place, { recursive: true });
    run("tar", ["-xzf", join(folder, `instep-${name}-0.1.0.tgz`), "--strip-components=1", "-C", place]);
  }
  for (const name of ["typebox", "better-sqlite3"]) {
    symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "engine.ts"), engineExample);
  writeFileSync(join(folder, "device.ts"), deviceExample);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every package comes with its licence", () => {
  const licence = readFileSync("LICENSE", "utf8");
  for (const name of PACKAGES) {
    expect(readFileSync(join(folder, "node_modules/@instep", name, "dist/LICENSE"), "utf8"), name).toBe(licence);
  }
});

test("the device comes with its example", () => {
  expect(readFileSync(join(folder, "node_modules/@instep/sync-client/README.md"), "utf8")).toContain(deviceExample);
});

test("the engine's example runs in another program, with its threads", () => {
  expect(run(process.execPath, ["engine.ts"], folder).trim()).toBe("[ 'Bread without kneading' ]");
});

test("the device's example says what changes on a running server", async () => {
  const app = await startApp();
  const { url } = app;
  writeFileSync(join(folder, "device.ts"), deviceExample.replace("http://127.0.0.1:3000", url));
  const device = spawn(process.execPath, ["device.ts"], { cwd: folder });
  try {
    await createConversation(url, "Before it looked");
    await said(device, "Before it looked");
    const told = said(device, "While it looks on");
    await createConversation(url, "While it looks on");
    await told;
  } finally {
    device.kill();
    await app.stop();
  }
}, 30_000);

test("the examples, and every type of the device, check strictly, with nothing installed for the sake of types", () => {
  const compilerOptions = { target: "es2024", lib: ["es2024", "dom"], module: "nodenext", types: [], strict: true };
  const include = ["*.ts", "node_modules/@instep/sync-client/dist/**/*.d.ts"];
  const config = { compilerOptions: { ...compilerOptions, noEmit: true }, include, exclude: [] };
  writeFileSync(join(folder, "faces.ts"), FACES);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  expect(run(resolve("node_modules/.bin/tsc"), ["-p", "."], folder)).toBe("");
}, 60_000);

function run(command: string, given: readonly string[], cwd = "."): string {
  const { stdout, stderr, status } = spawnSync(command, given, { cwd, encoding: "utf8", timeout: 110_000 });
  expect(status, `${command} ${given.join(" ")}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

async function createConversation(url: string, title: string): Promise<void> {
  const body = JSON.stringify({ title });
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(`${url}/api/conversations`, { method: "POST", headers, body });
  expect(status).toBe(201);
}

function said(program: ChildProcess, line: string): Promise<void> {
  return new Promise((done, reject) => {
    program.stdout?.on("data", (told) => String(told).includes(line) && done());
    program.stderr?.on("data", (error) => reject(new Error(String(error))));
  });
}
