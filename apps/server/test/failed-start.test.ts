/** A start that fails leaves nothing behind: no file open, no thread, and the data folder free for the next one. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimFolder } from "../src/data-folder/data-folder.ts";
import { openFilesUnder } from "./open-files.ts";
import { startApp, type StartAppOptions, type StartedApp } from "./start-app.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const SHARED = { ALLOWED_EMAILS: "*@example.com", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };

let taken: StartedApp;
beforeAll(async () => {
  taken = await startApp();
});
afterAll(() => taken.stop());

type Spoil = (dataDir: string) => StartAppOptions | Promise<StartAppOptions>;

const FAULTS: Readonly<Record<string, Spoil>> = {
  "its port is taken": () => ({ env: { ...SHARED, PORT: new URL(taken.url).port } }),
  "its port is taken, with one account": () => ({ env: { PORT: new URL(taken.url).port } }),
  "its secret is damaged": (dataDir) => {
    writeFileSync(join(dataDir, "auth-secret"), "short\n");
    return { env: SHARED };
  },
  "its accounts are damaged": (dataDir) => {
    writeFileSync(join(dataDir, "accounts.sqlite"), "no database".repeat(1000));
    return { env: SHARED };
  },
  "its database is damaged": (dataDir) => {
    writeFileSync(join(dataDir, "instep.sqlite"), "no database".repeat(1000));
    return { env: SHARED };
  },
  "it can't be noted": async (dataDir) => {
    await refuseStarts(dataDir);
    return {};
  },
  "its page is no folder": (dataDir) => {
    const pageDir = join(dataDir, "page");
    writeFileSync(pageDir, "a file");
    return { env: SHARED, pageDir };
  },
};

test.each(Object.entries(FAULTS))(
  "a start that fails because %s leaves nothing open and nothing running",
  async (_why, spoil) => {
    const dataDir = mkdtempSync(join(tmpdir(), "instep-failed-"));
    const { env, ...options } = await spoil(dataDir);
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on("worker", note);
    await expect(startApp({ ...options, env: { ...env, DATA_DIR: dataDir } })).rejects.toThrow();
    process.off("worker", note);
    expect(openFilesUnder(dataDir)).toEqual([]);
    // A thread that has exited has no id any more.
    expect(threads.filter(({ threadId }) => threadId !== -1)).toEqual([]);
    const leave = claimFolder({ dataDir });
    expect(leave).not.toBeNull();
    leave?.();
    rmSync(dataDir, { recursive: true, force: true });
  },
);

test("a start that fails leaves nothing that keeps its process alive, and asks the model's server no more", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "instep-failed-"));
  writeFileSync(join(dataDir, "instep.sqlite"), "no database".repeat(1000));
  const start = [
    `import { startProgram } from ${JSON.stringify(import.meta.resolve("../src/compose.ts"))};`,
    `import { readSettings } from ${JSON.stringify(import.meta.resolve("../src/settings/config.ts"))};`,
    "const { settings } = readSettings(process.env);",
    "await startProgram(settings).catch(({ code }) => process.stderr.write(code));",
  ].join("\n");
  const ended = await promisify(execFile)(
    process.execPath,
    ["--conditions=@instep/source", "--input-type=module", "--eval", start],
    { env: { ...THIS_MACHINES, ...SHARED, DATA_DIR: dataDir, PORT: "0" }, timeout: 30_000 },
  );
  expect(ended.stderr).toBe("SQLITE_NOTADB");
  rmSync(dataDir, { recursive: true, force: true });
});

/** Makes a database in which no start can be noted. */
async function refuseStarts(dataDir: string): Promise<void> {
  const before = await startApp({ env: { DATA_DIR: dataDir } });
  await before.stop();
  const db = new Database(join(dataDir, "instep.sqlite"));
  db.exec("CREATE TRIGGER no_start BEFORE INSERT ON start_gap BEGIN SELECT RAISE(ABORT, 'no start'); END");
  db.close();
}
