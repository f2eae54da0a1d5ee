/** A day in small: the real program at half load for as long as is asked, its memory sampled, every conversation judged as it ends. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../random.ts";
import type { ChaosOutcome } from "./chaos.ts";
import { ChaosDevice } from "./device.ts";
import { collectEvidence } from "./evidence.ts";
import { faultUnless } from "./fault.ts";
import { Ledger, turnsOf } from "./ledger.ts";
import type { Conversation } from "./deeds.ts";
import { flatnessOf, readSample, type Sample } from "./memory.ts";
import { KilledProgram } from "./program.ts";
import { Talker } from "./talker.ts";
import { judge } from "./verdict.ts";
import { allRows, Watcher } from "./watcher.ts";

export interface SoakPlan {
  readonly seed: number;
  readonly minutes: number;
  readonly talkers: number;
  readonly onProgress?: (line: string) => void;
}

const MINUTE_MS = 60_000;
/** About 90 samples, whatever the length. */
const SAMPLES = 90;
const WATCHERS = 4;
/** Of the one core that the event loop has. */
const LOAD = 0.5;
const MAX_THINK_MS = 10_000;
const FIRST_THINK_MS = 400;
/** Below this, warming up is most of the time, and nothing can be said. */
const MIN_JUDGED_MINUTES = 10;
const MEGABYTE = 2 ** 20;

/** Runs the soak on a folder of its own. */
export async function runSoak(plan: SoakPlan): Promise<ChaosOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "instep-soak-"));
  const program = new KilledProgram(folder);
  const soak = new Soak(plan, program);
  try {
    return await soak.run();
  } finally {
    await program.end();
    await rm(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly #plan: SoakPlan;
  readonly #program: KilledProgram;
  readonly #ledger = new Ledger();
  readonly #samples: Sample[] = [];
  #thinkMs = FIRST_THINK_MS;

  constructor(plan: SoakPlan, program: KilledProgram) {
    this.#plan = plan;
    this.#program = program;
  }

  async run(): Promise<ChaosOutcome> {
    const life = await this.#program.start({ DEMO_TOKEN_DELAY_MS: "5", MAX_REPLIES_PER_ACCOUNT: "10000" });
    faultUnless(life !== null, "START", () => "the program did not start");
    const parts = { program: this.#program, ledger: this.#ledger };
    const randomOf = (index: number) => new Random(this.#plan.seed * 1000 + index + 1);
    const think = () => pause(this.#thinkMs);
    const talkers = Array.from({ length: this.#plan.talkers }, (_, index) => {
      return new Talker({ ...parts, random: randomOf(index), think });
    });
    const watchers = Array.from({ length: WATCHERS }, (_, index) => {
      return new Watcher({ ...parts, random: randomOf(this.#plan.talkers + index), isLive: index > 0 });
    });
    const talking = talkers.map((talker) => talker.run((conversation) => this.#judge(conversation)));
    const watching = watchers.map((watcher) => watcher.run());
    await this.#sample(life.url);
    for (const person of [...talkers, ...watchers]) person.stop();
    await Promise.all([...talking, ...watching]);
    await this.#judgeAll(watchers).catch((error: unknown) => this.#ledger.fail(error));
    for (const complaint of this.#program.complaints) this.#ledger.fail(`[LOG] ${complaint}`);
    return { faults: this.#ledger.faults, figures: [...this.#ledger.figures.lines(), ...this.#describeMemory()] };
  }

  /** Judged and forgotten, so that this process stays small too. */
  async #judge(conversation: Conversation): Promise<void> {
    const { url } = await this.#program.current();
    const figures = this.#ledger.figures;
    figures.count("turns", turnsOf(conversation).length);
    this.#ledger.conversations.delete(conversation.id);
    const evidence = await collectEvidence(url, conversation);
    if (evidence) judge({ program: this.#program, figures, durableAfterMs: 0 }, conversation, evidence);
  }

  async #judgeAll(watchers: readonly Watcher[]): Promise<void> {
    const fresh = await allRows(new ChaosDevice(this.#program, this.#ledger));
    for (const watcher of watchers) await watcher.expectRows(fresh);
    faultUnless((await this.#program.stop()) === 0, "STOP", () => "the program did not stop in order");
    const found = await this.#program.check({});
    faultUnless(found === null, "CHECK", () => `the checker found: ${found}`);
    if (this.#plan.minutes < MIN_JUDGED_MINUTES) return;
    faultUnless(flatnessOf(this.#samples).isFlat, "MEMORY", () => this.#describeMemory().join("; "));
  }

  async #sample(url: string): Promise<void> {
    const everyMs = (this.#plan.minutes * MINUTE_MS) / SAMPLES;
    const startedAt = performance.now();
    while (this.#samples.length < SAMPLES && this.#ledger.faults.length === 0) {
      await pause(everyMs);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const sample = readSample(metrics, performance.now() - startedAt);
      const before = this.#samples.at(-1);
      this.#samples.push(sample);
      const load = before ? ((sample.cpuSeconds - before.cpuSeconds) * 1000) / (sample.atMs - before.atMs) : LOAD;
      this.#regulate(load);
      this.#plan.onProgress?.(
        `${Math.round(sample.atMs / 1000)} s: ${megabytes(sample.residentBytes)} resident, ${megabytes(sample.heapBytes)} heap, ` +
          `load ${load.toFixed(2)}, ${this.#ledger.figures.of("turns")} turns`,
      );
    }
  }

  /** Longer thinking where there is too much to do, shorter where there is too little. */
  #regulate(load: number): void {
    const factor = Math.min(1.5, Math.max(0.67, load / LOAD));
    this.#thinkMs = Math.min(MAX_THINK_MS, Math.max(1, this.#thinkMs * factor));
  }

  #describeMemory(): string[] {
    const { middleBytes, lastBytes, isFlat } = flatnessOf(this.#samples);
    const growth = ((lastBytes / middleBytes - 1) * 100).toFixed(1);
    const means = `${megabytes(middleBytes)} in the second third of the time, ${megabytes(lastBytes)} in the last`;
    return [`memory: ${means} (${growth} %), ${isFlat ? "flat" : "growing"}`];
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

function pause(delayMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, delayMs));
}
