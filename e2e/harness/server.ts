/** The program itself, as `npm start` runs it: its own process, a free port, a data folder that goes away with the test. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Api } from "./api.ts";

const MAIN = resolve(import.meta.dirname, "../../apps/server/src/main.ts");
const CLI = resolve(import.meta.dirname, "../../apps/server/src/cli/cli.ts");
const START_TIMEOUT_MS = 60_000;
/** As with `npm start`: from the second start on nothing is compiled anew, which is half of a start's work. */
const COMPILED = resolve(import.meta.dirname, "../../node_modules/.cache/instep-e2e");

export type Variables = Readonly<Record<string, string>>;

/** Nothing else of this process's environment reaches the program. */
const THIS_MACHINES: Variables = { PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: COMPILED };

/** Settings that make minutes of waiting short; a test overrides what it is about. */
const QUICK: Readonly<Record<string, string>> = {
  HOST: "127.0.0.1",
  DEMO_TOKEN_DELAY_MS: "5",
  SYNC_POLL_INTERVAL_SECONDS: "1",
  LOG_LEVEL: "warn",
};

/** A server under test; `url` stays the same over restarts, and so does what it has stored. */
export class TestServer {
  readonly url: string;
  readonly api: Api;
  readonly #env: Variables;
  readonly #folder = mkdtempSync(join(tmpdir(), "instep-e2e-"));
  #process: ChildProcess | null = null;
  #output = "";

  constructor(port: number, env: Variables) {
    this.url = `http://127.0.0.1:${port}`;
    this.api = new Api(this.url);
    this.#env = { ...QUICK, PORT: String(port), DATA_DIR: this.#folder, ...env };
  }

  /** What the program has printed so far. */
  get output(): string {
    return this.#output;
  }

  async start(env: Variables = {}): Promise<void> {
    // No `.env` lies in the folder that it starts in.
    const child = spawn(process.execPath, ["--conditions=@instep/source", MAIN], {
      cwd: this.#folder,
      env: { ...THIS_MACHINES, ...this.#env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.stdout.on("data", (chunk) => (this.#output += String(chunk)));
    child.stderr.on("data", (chunk) => (this.#output += String(chunk)));
    await this.#untilReady(child);
  }

  /** Runs a command of the command line beside it, and tells what that printed. Throws where it failed. */
  async command(...words: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, ["--conditions=@instep/source", CLI, ...words], {
      cwd: this.#folder,
      env: { ...THIS_MACHINES, ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    const code = await new Promise<number | null>((done) => child.once("close", done));
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  /** Asks it to stop, as a service manager does; resolves with its exit code. */
  stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  /** Ends it at once, without a chance to say goodbye. */
  kill(): Promise<number | null> {
    return this.#end("SIGKILL");
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.#output}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.ok) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`the server did not get ready in ${START_TIMEOUT_MS} ms:\n${this.#output}`);
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((done) => child.once("exit", done));
    child.kill(signal);
    return ended;
  }
}

/** Starts the program with the settings given over quick ones. */
export async function startServer(env: Variables = {}): Promise<TestServer> {
  const server = new TestServer(await freePort(), env);
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
