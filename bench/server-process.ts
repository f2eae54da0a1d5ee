/** A server in a process of its own, as its parent sees it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { enableCompileCache } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Order, Report, Role, Usage } from "./servers/role.ts";

/** As `npm start` runs it: a young heap that is no larger keeps a tenth of the memory, and costs no throughput that could be measured. */
const FLAGS = ["--max-semi-space-size=8", "--conditions=@instep/source"];
const SERVE = fileURLToPath(new URL("servers/serve.ts", import.meta.url));

/** Compiled code is kept as `npm start` keeps it: types stripped anew would be in every server's memory. */
const { directory } = enableCompileCache();
const env = { ...process.env, ...(directory !== undefined && { NODE_COMPILE_CACHE: directory }) };

export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves when it listens; throws what kept it from that. */
  static async start(role: Role): Promise<ServerProcess> {
    const child = fork(SERVE, [JSON.stringify(role)], { execArgv: FLAGS, env });
    const report = await nextReport(child);
    if ("url" in report) return new ServerProcess(child, report.url);
    child.kill("SIGKILL");
    throw new Error(`the ${role.kind} server: ${"fault" in report ? report.fault : "spoke too early"}`);
  }

  /** How it is now. */
  usage(): Promise<Usage> {
    return this.#ask("usage");
  }

  /** Watches its event loop, anew from now on. */
  watch(): Promise<Usage> {
    return this.#ask("watch");
  }

  /** The CPU that it uses while something runs, in microseconds. */
  async cpuWhile(run: () => Promise<unknown>): Promise<number> {
    const { cpuMicros: before } = await this.usage();
    await run();
    const { cpuMicros: after } = await this.usage();
    return after - before;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  async #ask(order: Order): Promise<Usage> {
    this.#child.send(order);
    const report = await nextReport(this.#child);
    if ("cpuMicros" in report) return report;
    throw new Error("the server told something else than was asked");
  }
}

async function nextReport(child: ChildProcess): Promise<Report> {
  const ended = new AbortController();
  const report = once(child, "message", { signal: ended.signal }).then(([message]) => message as Report);
  const exit = once(child, "exit", { signal: ended.signal }).then(([code]): Report => ({
    fault: `it ended with ${code}`,
  }));
  try {
    return await Promise.race([report, exit]);
  } finally {
    ended.abort();
    // The one that lost is told so, and nobody waits for it.
    await Promise.allSettled([report, exit]);
  }
}
