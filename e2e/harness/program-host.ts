/** One process in which a worker's tests start their programs, one after the other: what takes longest, loading the code, happens once. */
import { fork, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import process from "node:process";
import type { HostOrder, HostReport } from "./run-programs.ts";

const RUN_PROGRAMS = resolve(import.meta.dirname, "run-programs.ts");
const PATIENCE_MS = 60_000;
/** What was compiled once is kept for the next run, and for the threads of the next program. */
const COMPILED = resolve(import.meta.dirname, "../../node_modules/.cache/instep-e2e");

export class ProgramHost {
  #process: ChildProcess | null = null;
  #programs = 0;
  #output = "";

  /** What its programs have printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Starts a program with these settings and no others, and tells by which number it is stopped. Throws what the program says. */
  async start(env: Readonly<Record<string, string>>): Promise<number> {
    const program = (this.#programs += 1);
    this.#process ??= this.#open();
    await this.#order(this.#process, { program, env });
    return program;
  }

  /** Stops a program in order. */
  async stop(program: number): Promise<void> {
    if (this.#process !== null) await this.#order(this.#process, { program, env: null });
  }

  /** Ends the process at once, and with it every program, without a chance to say goodbye. The next start opens another. */
  kill(): Promise<void> {
    return this.#end((child) => child.kill("SIGKILL"));
  }

  /** Lets the process end by itself. */
  close(): Promise<void> {
    return this.#end((child) => child.disconnect());
  }

  async #end(by: (child: ChildProcess) => void): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    const ended = new Promise<unknown>((done) => child.once("exit", done));
    by(child);
    await ended;
  }

  #open(): ChildProcess {
    const child = fork(RUN_PROGRAMS, {
      execArgv: ["--conditions=@instep/source"],
      // Nothing else of this process's environment reaches a program.
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: COMPILED },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (this.#output += String(chunk)));
    // One that has ended by itself is asked for nothing more.
    child.once("exit", () => {
      if (this.#process === child) this.#process = null;
    });
    return child;
  }

  #order(child: ChildProcess, order: HostOrder): Promise<void> {
    return new Promise((done, fail) => {
      const settle = (error: string | null): void => {
        clearTimeout(timeout);
        child.off("message", onMessage).off("exit", onExit);
        if (error === null) done();
        else fail(new Error(`${error}\n${this.#output}`));
      };
      const onMessage = ({ program, error }: HostReport): void => {
        if (program === order.program) settle(error);
      };
      const onExit = (): void => settle("the process of the programs has ended");
      const timeout = setTimeout(() => settle(`no answer within ${PATIENCE_MS} ms`), PATIENCE_MS);
      child.on("message", onMessage).on("exit", onExit);
      child.send(order);
    });
  }
}
