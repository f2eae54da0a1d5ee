/**
 * P10: from `npm start` until the first answer, built before, with a new and with a large database; and the same without npm. The floor
 * is Node starting a bare server.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Row } from "../row.ts";
import { median, ms } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NPM_START = ["npm", "start", "--silent"];
const START = [process.execPath, "--conditions=@instep/source", "scripts/start.js"];
const BARE = `const server = require("node:http").createServer((_, response) => response.end("{}"));
server.listen(0, "127.0.0.1", () => console.log("ready at http://127.0.0.1:" + server.address().port));`;

export async function measureStart(bench: Workbench): Promise<readonly Row[]> {
  const rounds = bench.size(9, 3);
  const large = await bench.data(
    bench.size({ conversations: 100_000, messagesEach: 10 }, { conversations: 1000, messagesEach: 10 }),
  );
  bench.progress("P10: the first start builds what is missing and is not counted");
  await startOnce(START, bench.folder());
  const times = { npm: [] as number[], large: [] as number[], direct: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    bench.progress(`P10: start ${round + 1} of ${rounds}`);
    times.npm.push(await startOnce(NPM_START, bench.folder()));
    times.large.push(await startOnce(NPM_START, large.folder));
    times.direct.push(await startOnce(START, bench.folder()));
    times.bare.push(await startOnce([process.execPath, "-e", BARE], bench.folder()));
  }
  const beside = `bare node:http ${ms(median(times.bare))}`;
  const row = (what: string, values: readonly number[], goal: string): Row => {
    return { target: "P10", what, ours: ms(median(values)), beside, goal };
  };
  return [
    row("first answer after `npm start`, new database", times.npm, "≤ 1 s"),
    row("first answer after `npm start`, the large database", times.large, "≤ 1 s"),
    row("the same without npm, new database", times.direct, "—"),
  ];
}

/** Starts a server, waits for its first answer, and ends it with all that it started. */
async function startOnce([command = "", ...argv]: readonly string[], folder: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(command, argv, {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: folder, PORT: "0", LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    const response = await fetch(`${await addressOf(child)}/api/config`);
    await response.text();
    return performance.now() - startedAt;
  } finally {
    const exited = once(child, "exit");
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await exited;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    const url = /ready at (\S+)/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the program ended: ${output}`);
}
