/** Starts the whole program in this process, on a free port with a database of its own: for tests, end-to-end tests and measurements. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram, type ProgramOptions } from "../src/compose.ts";
import { readSettings } from "../src/settings/config.ts";
import { openFilesUnder } from "./open-files.ts";

export interface StartAppOptions extends ProgramOptions {
  /** Settings that differ from the test's defaults: a free port, a quick demo model, a quiet log. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface StartedApp {
  readonly url: string;
  /**
   * Its data folder, removed where it was made here by the `stop` of the last program on it: one that a test has named is the
   * test's. That `stop` throws where a program has left a file of it open.
   */
  readonly dataDir: string;
  stop(): Promise<void>;
  /** Stops the program and leaves its data to the next one. */
  leave(): Promise<void>;
}

/** The data folders that were made here, and how many programs run on each. */
const made = new Map<string, number>();

/** Starts the program; throws the settings' fault where they are wrong. */
export async function startApp({ env = {}, ...options }: StartAppOptions = {}): Promise<StartedApp> {
  const dataDir = env["DATA_DIR"] ?? mkdtempSync(join(tmpdir(), "instep-app-"));
  if (env["DATA_DIR"] === undefined) made.set(dataDir, 0);
  const defaults = {
    PORT: "0",
    DATA_DIR: dataDir,
    DEMO_TOKEN_DELAY_MS: "0",
    LOG_LEVEL: "fatal",
    STOP_GRACE_SECONDS: "1",
  };
  const { settings, fault } = readSettings({ ...defaults, ...env });
  if (settings === null) throw new Error(fault);
  const program = await startProgram(settings, options);
  countOn(dataDir, 1);
  let isStopped = false;
  async function leave(): Promise<void> {
    await program.stop();
    if (!isStopped) countOn(dataDir, -1);
    isStopped = true;
  }
  return {
    url: program.url,
    dataDir,
    leave,
    async stop() {
      await leave();
      if (made.get(dataDir) !== 0) return;
      made.delete(dataDir);
      const left = await leftOpenUnder(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`The program has stopped and left open: ${left.join(", ")}`);
    },
  };
}

/** What is being closed is, within a moment. */
async function leftOpenUnder(dataDir: string): Promise<readonly string[]> {
  for (let looks = 0; looks < 100 && openFilesUnder(dataDir).length > 0; looks += 1) await sleep(20);
  return openFilesUnder(dataDir);
}

function countOn(dataDir: string, change: 1 | -1): void {
  const count = made.get(dataDir);
  if (count !== undefined) made.set(dataDir, count + change);
}
