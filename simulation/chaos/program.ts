/** The real program as a process: started on one data folder, killed without warning, and started again. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { faultUnless } from "./fault.ts";

/** One process from its start to its end; instants are of the monotonic clock, in milliseconds. */
export interface Life {
  /** 1, 2, 3… over all processes, also those that died before they were ready. */
  readonly number: number;
  readonly url: string;
  readonly readyAt: number;
}

export type ProgramVariables = Readonly<Record<string, string>>;

const MAIN = resolve(import.meta.dirname, "../../apps/server/src/main.ts");
const CLI = resolve(import.meta.dirname, "../../apps/server/src/cli/cli.ts");
/** How long a connection may have been broken before the kill that must have broken it is known here. */
const NOTICE_MS = 3000;
const MAX_LINES = 50;

export class KilledProgram {
  /** From each kill to the next process that is ready. */
  readonly restartsMs: number[] = [];
  /** What the processes printed besides their greeting: nothing, where all is well. */
  readonly complaints: string[] = [];
  readonly #folder: string;
  readonly #killedAt = new Map<number, number>();
  readonly #readyAt = new Map<number, number>();
  #child: ChildProcess | null = null;
  #life: Life | null = null;
  #number = 0;
  #lastKillAt: number | null = null;
  #waiting: (() => void)[] = [];
  /** A run that breaks off takes the program with it. */
  readonly #onExit = (): void => void this.#child?.kill("SIGKILL");

  constructor(folder: string) {
    this.#folder = folder;
    process.once("exit", this.#onExit);
  }

  /** When that life was killed; null where it wasn't. */
  killedAt(life: number): number | null {
    return this.#killedAt.get(life) ?? null;
  }

  /** When the newest life that was ready before an instant became so. */
  readyBefore(instant: number): number {
    return Math.max(...[...this.#readyAt.values()].filter((readyAt) => readyAt <= instant));
  }

  /** Starts a process; resolves when it is ready, or with null where it was killed before. Throws where it ended by itself. */
  async start(env: ProgramVariables): Promise<Life | null> {
    this.#number += 1;
    const number = this.#number;
    const child = this.#spawn(MAIN, env);
    this.#child = child;
    const url = await greeting(child);
    if (url === null) {
      faultUnless(
        this.#killedAt.has(number),
        "TURN-6",
        () => `the program ended by itself: ${this.complaints.join(" ")}`,
      );
      return null;
    }
    if (this.#killedAt.has(number)) return null;
    const life = { number, url, readyAt: performance.now() };
    if (this.#lastKillAt !== null) this.restartsMs.push(life.readyAt - this.#lastKillAt);
    this.#readyAt.set(number, life.readyAt);
    this.#life = life;
    for (const tell of this.#waiting.splice(0)) tell();
    return life;
  }

  /** kill -9; resolves when nothing of the process is left. */
  async kill(): Promise<void> {
    const child = this.#child;
    faultUnless(
      child?.exitCode === null,
      "TURN-6",
      () => `the program had ended by itself: ${this.complaints.join(" ")}`,
    );
    this.#lastKillAt = performance.now();
    this.#killedAt.set(this.#number, this.#lastKillAt);
    this.#life = null;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  }

  /** Asks the process to stop, and resolves with its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const closed = once(child, "close");
    child.kill("SIGTERM");
    await closed;
    return child.exitCode;
  }

  /** Leaves nothing running. */
  async end(): Promise<void> {
    process.off("exit", this.#onExit);
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  }

  /** The process that is ready, as soon as there is one. */
  async current(): Promise<Life> {
    while (this.#life === null) await new Promise<void>((done) => this.#waiting.push(done));
    return this.#life;
  }

  /** Resolves once that life was killed. Throws where it goes on living, although somebody's connection to it broke. */
  async hasDied(life: Life): Promise<void> {
    const deadline = performance.now() + NOTICE_MS;
    while (!this.#killedAt.has(life.number)) {
      faultUnless(
        performance.now() < deadline,
        "TURN-4",
        () => "a connection broke although the program was not killed",
      );
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Runs the engine's checker, as `npm run instep -- check` does; null where it finds all right, else what it says. */
  async check(env: ProgramVariables): Promise<string | null> {
    const child = this.#spawn(CLI, env, ["check"]);
    let said = "";
    child.stdout?.on("data", (chunk) => (said += String(chunk)));
    await once(child, "close");
    return child.exitCode === 0 ? null : `${said}${this.complaints.join("\n")}`;
  }

  #spawn(script: string, env: ProgramVariables, args: readonly string[] = []): ChildProcess {
    const child = spawn(process.execPath, ["--conditions=@instep/source", script, ...args], {
      cwd: this.#folder,
      env: { PATH: process.env["PATH"], DATA_DIR: this.#folder, PORT: "0", LOG_LEVEL: "error", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr.on("data", (chunk) => this.#complain(String(chunk)));
    if (script === MAIN) {
      child.stdout.on("data", (chunk) => {
        const text = String(chunk);
        if (!text.startsWith("Instep is ready")) this.#complain(text);
      });
    }
    return child;
  }

  #complain(text: string): void {
    if (this.complaints.length < MAX_LINES) this.complaints.push(text.trim());
  }
}

/** The address that the program says when it is ready; null where it ends before. */
async function greeting(child: ChildProcess): Promise<string | null> {
  let output = "";
  return new Promise((done) => {
    child.once("close", () => done(null));
    child.stdout?.on("data", (chunk) => {
      output += String(chunk);
      const url = /ready at (\S+)/.exec(output)?.[1];
      if (url !== undefined) done(url);
    });
  });
}
