/** The server process: a real engine on a file of its own, that stops, is killed, and comes back from a backup. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountId, microsFromMilliseconds } from "@instep/protocol";
import { createEngine, type Engine, type EngineEnvironment } from "@instep/sync-server";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import { checkEverything } from "../packages/sync-server/src/checker.ts";
import type { Storage } from "../packages/sync-server/src/storage/storage.ts";
import type { Apart } from "./apart.ts";
import { SimulatedApi, type ApiWitness, FIRST_MODEL, MAX_WAIT_S } from "./api.ts";
import type { Host } from "./exchange.ts";
import type { Random } from "./random.ts";
import { must } from "./violation.ts";
import type { VirtualTime } from "./virtual-time.ts";

const TRASH_DAYS = 30;
export const TOMBSTONE_DAYS = 90;

export interface ServerOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly pageLimit: number;
  /** The settings of the process that is started next. */
  readonly config: () => { readonly live: boolean; readonly models: readonly string[] };
  readonly witness: ApiWitness;
  readonly accountIds: readonly AccountId[];
  /** Looks at every call, where more than one account has devices; null elsewhere. */
  readonly apart: Apart | null;
  /** Called when a process has gone, however. */
  readonly onDeath: () => void;
}

interface Running {
  readonly engine: Engine;
  readonly storage: Storage;
  readonly api: SimulatedApi;
  /** False from the moment that the process was killed: its timers are gone. */
  isAlive: boolean;
}

const SUFFIXES = ["", "-wal"];

export class Server implements Host {
  /** How far the server's wall clock is from the true time, in milliseconds. */
  clockErrorMs = 0;
  readonly #options: ServerOptions;
  readonly #folder = mkdtempSync(join(fastFolder(), "instep-simulation-"));
  readonly #connections = new Set<() => void>();
  readonly #dead: Running[] = [];
  #running: Running | null = null;
  #files = 0;
  #path = "";
  #backup: string | null = null;
  #hasCommitted = false;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#running !== null;
  }

  get apart(): Apart | null {
    return this.#options.apart;
  }

  get hasBackup(): boolean {
    return this.#backup !== null;
  }

  /** The server's calls. Throws while it is down. */
  get api(): SimulatedApi {
    if (!this.#running) throw new Error("The server is down");
    return this.#running.api;
  }

  /** Whether anything was committed since the last call. */
  takeHasCommitted(): boolean {
    const had = this.#hasCommitted;
    this.#hasCommitted = false;
    return had;
  }

  connect(cut: () => void): () => void {
    this.#connections.add(cut);
    return () => void this.#connections.delete(cut);
  }

  /** Starts on the file that stands, or makes one. */
  async start(): Promise<void> {
    if (this.#path === "") {
      this.#path = this.#newPath();
      copyFileSync(await templateFile(), this.#path);
    }
    const running = this.#open(this.#path);
    this.#running = running;
    for (const id of this.#options.accountIds) {
      await running.engine.ensureAccount({ id, email: null, name: "", unreadScope: "device" });
    }
  }

  /** SIGTERM: held requests are answered, then it goes. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.engine.beginStop();
    await this.#options.time.settle();
    this.#running = null;
    this.#cutAll();
    // Replies in flight are not waited for by anything here but their own timers.
    void running.engine.close().catch(() => {});
    await this.#options.time.settle();
    this.#dead.push(running);
  }

  /** kill -9: the file is all that is left of it. */
  crash(): void {
    const running = this.#running;
    if (!running) return;
    running.isAlive = false;
    this.#running = null;
    this.#path = this.#copy(this.#path);
    this.#dead.push(running);
    this.#cutAll();
  }

  /** Keeps a copy of the database as it is now. */
  backup(): void {
    this.#backup = this.#copy(this.#path);
  }

  /** Goes on from the backup, as an operator restores it: with a new epoch [EPOCH-1]. */
  async restoreBackup(): Promise<void> {
    if (this.#backup === null) return;
    this.crash();
    this.#path = this.#copy(this.#backup);
    await this.start();
    await this.api.engine.renewEpoch();
  }

  /** Every fault that the engine's own checker finds. */
  async check(): Promise<void> {
    const faults = (await this.#running?.storage.read(checkEverything)) ?? [];
    must(faults.length === 0, "MSG-1", () => `the checker says: ${faults.join("; ")}`);
  }

  async close(): Promise<void> {
    const all = [...this.#dead, ...(this.#running ? [this.#running] : [])];
    this.#running = null;
    for (const running of all) {
      running.isAlive = false;
      await running.storage.close().catch(() => {});
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #open(path: string): Running {
    const { time, random, pageLimit, witness } = this.#options;
    const { live, models } = this.#options.config();
    const storage = openInlineSqliteStorage({ path, isDurable: false });
    const state = { isAlive: true };
    this.#hasCommitted = true;
    storage.onCommit(() => void (this.#hasCommitted = true));
    const environment: EngineEnvironment = {
      now: () => microsFromMilliseconds(time.now() + this.clockErrorMs),
      uuid: () => random.uuid(),
      random: () => random.next(),
      after: (delayMs, run) => time.after(delayMs, () => state.isAlive && run()),
    };
    const bare = createEngine({
      storage,
      environment,
      options: {
        defaultModel: FIRST_MODEL,
        offeredModels: models,
        trashDays: TRASH_DAYS,
        tombstoneDays: TOMBSTONE_DAYS,
        maxWaitS: MAX_WAIT_S,
      },
    });
    const engine = this.apart?.watch(bare) ?? bare;
    const api = new SimulatedApi({ engine, time, pageLimit, witness, maxWaitS: live ? MAX_WAIT_S : 0 });
    return Object.assign(state, { engine, storage, api });
  }

  #cutAll(): void {
    for (const cut of this.#connections) cut();
    this.#connections.clear();
    this.#options.onDeath();
  }

  #newPath(): string {
    this.#files += 1;
    return join(this.#folder, `${this.#files}.db`);
  }

  #copy(from: string): string {
    const to = this.#newPath();
    for (const suffix of SUFFIXES) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
    return to;
  }
}

let template: Promise<string> | null = null;

/** An empty database with its schema, made once a process: copying it is much quicker than making another. */
function templateFile(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(fastFolder(), "instep-template-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "empty.db");
  await openInlineSqliteStorage({ path, isDurable: false }).close();
  return path;
}

/** Memory, where the system offers it: nothing here has to survive the machine. */
function fastFolder(): string {
  const memory = "/dev/shm";
  return existsSync(memory) ? memory : tmpdir();
}
