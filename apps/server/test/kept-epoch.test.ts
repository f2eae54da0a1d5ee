/** What no command may do to a history that it leaves as it was: begin a new one, for which every device would ask for everything anew. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "./client.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const SOURCES = resolve(import.meta.dirname, "../src");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-epoch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function begin(file: string, ...args: readonly string[]) {
  const command = ["--conditions=@instep/source", join(SOURCES, file), ...args];
  const env = { ...THIS_MACHINES, INIT_CWD: folder, DATA_DIR: join(folder, "data"), PORT: "0", LOG_LEVEL: "fatal" };
  return spawn(process.execPath, command, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
}

/** Starts the program, has it do that, and ends it; answers the epoch of its history. */
async function whileRunning(
  signal: NodeJS.Signals,
  act: (client: ReturnType<typeof createClient>) => Promise<unknown>,
) {
  const program = begin("main.ts");
  const ended = once(program, "close");
  const [greeting] = (await once(program.stdout, "data")) as [Buffer];
  const client = createClient(/http:\S+/.exec(greeting.toString())?.[0] ?? "");
  await act(client);
  const { epoch } = await client.sync();
  program.kill(signal);
  await ended;
  return epoch;
}

const BESIDE = [["backup", "copy.sqlite"], ["check"], ["export", "copy.json"], ["users", "list"]];
const GROUPS = [BESIDE, [["reindex"]], [["users", "adopt", "ann@example.com"]]];

test.each(["SIGTERM", "SIGKILL"] as const)(
  "[EPOCH-1] after a stop by %s no command begins a new history",
  async (signal) => {
    const epoch = await whileRunning(signal, (client) => client.create("Quince"));
    for (const commands of GROUPS) {
      for (const words of commands) expect(await once(begin("cli/cli.ts", ...words), "close")).toEqual([0, null]);
      expect(await whileRunning(signal, (client) => client.create("Medlar")), String(commands)).toBe(epoch);
    }
  },
  120_000,
);
