/** A start that fails leaves nothing behind: no file open, no thread, and the data folder free for the next one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimFolder } from "../src/data-folder/data-folder.ts";
import { openFilesUnder } from "./open-files.ts";
import { startApp, type StartedApp } from "./start-app.ts";

const SHARED = { ALLOWED_EMAILS: "*@example.com", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };

let taken: StartedApp;
beforeAll(async () => {
  taken = await startApp();
});
afterAll(() => taken.stop());

const FAULTS: Readonly<Record<string, (dataDir: string) => Readonly<Record<string, string>>>> = {
  "its port is taken": () => ({ ...SHARED, PORT: new URL(taken.url).port }),
  "its port is taken, with one account": () => ({ PORT: new URL(taken.url).port }),
  "its secret is damaged": (dataDir) => {
    writeFileSync(join(dataDir, "auth-secret"), "short\n");
    return SHARED;
  },
  "its accounts are damaged": (dataDir) => {
    writeFileSync(join(dataDir, "accounts.sqlite"), "no database".repeat(1000));
    return SHARED;
  },
  "its database is damaged": (dataDir) => {
    writeFileSync(join(dataDir, "instep.sqlite"), "no database".repeat(1000));
    return SHARED;
  },
};

test.each(Object.keys(FAULTS))("a start that fails because %s leaves nothing open and nothing running", async (why) => {
  const dataDir = mkdtempSync(join(tmpdir(), "instep-failed-"));
  const threads: Worker[] = [];
  const note = (thread: Worker) => threads.push(thread);
  process.on("worker", note);
  await expect(startApp({ env: { DATA_DIR: dataDir, ...FAULTS[why]?.(dataDir) } })).rejects.toThrow();
  process.off("worker", note);
  expect(openFilesUnder(dataDir)).toEqual([]);
  // A thread that has exited has no id any more.
  expect(threads.filter(({ threadId }) => threadId !== -1)).toEqual([]);
  const leave = claimFolder({ dataDir });
  expect(leave).not.toBeNull();
  leave?.();
  rmSync(dataDir, { recursive: true, force: true });
});
