/** A server under test: the whole program on a free port, with a data folder that goes away with the test. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { Api } from "./api.ts";
import type { ProgramHost } from "./program-host.ts";

const CLI = resolve(import.meta.dirname, "../../apps/server/src/cli/cli.ts");

export type Variables = Readonly<Record<string, string>>;

/** Settings that make minutes of waiting short; a test overrides what it is about. */
const QUICK: Readonly<Record<string, string>> = {
  HOST: "127.0.0.1",
  DEMO_TOKEN_DELAY_MS: "1",
  SYNC_POLL_INTERVAL_SECONDS: "1",
  LOG_LEVEL: "warn",
};

/** Its `url` stays the same over restarts, and so does what it has stored. */
export class TestServer {
  readonly url: string;
  readonly api: Api;
  readonly #host: ProgramHost;
  readonly #env: Variables;
  readonly #folder = mkdtempSync(join(tmpdir(), "instep-e2e-"));
  /** By which the host knows it; null while it doesn't run. */
  #program: number | null = null;

  constructor(host: ProgramHost, port: number, env: Variables) {
    this.url = `http://127.0.0.1:${port}`;
    this.api = new Api(this.url);
    this.#host = host;
    this.#env = { ...QUICK, PORT: String(port), DATA_DIR: this.#folder, ...env };
  }

  async start(env: Variables = {}): Promise<void> {
    this.#program = await this.#host.start({ ...this.#env, ...env });
  }

  /** Runs a command of the command line beside it, and tells what that printed. Throws where it failed. */
  async command(...words: readonly string[]): Promise<string> {
    // No `.env` lies in the folder that it starts in.
    const child = spawn(process.execPath, ["--conditions=@instep/source", CLI, ...words], {
      cwd: this.#folder,
      env: { PATH: process.env["PATH"], ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    const code = await new Promise<number | null>((done) => child.once("close", done));
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  /** Stops it in order, as a service manager does. */
  async stop(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    if (program !== null) await this.#host.stop(program);
  }

  /** Ends it at once, without a chance to say goodbye, and with it whatever else runs in its process. */
  async kill(): Promise<void> {
    this.#program = null;
    await this.#host.kill();
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Starts the program with the settings given over quick ones. */
export async function startServer(host: ProgramHost, env: Variables = {}): Promise<TestServer> {
  const server = new TestServer(host, await freePort(), env);
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (typeof address !== "object" || address === null) throw new Error("no port was free");
  return address.port;
}
