/** kill -9 of the real program at seeded random instants of turns under load, and then the judgement of what is left. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOpenAiFake, type OpenAiFake } from "../../apps/server/test/openai-fake.ts";
import { Random } from "../random.ts";
import { ChaosDevice } from "./device.ts";
import { collectEvidence } from "./evidence.ts";
import { faultUnless } from "./fault.ts";
import { Ledger, turnsOf } from "./ledger.ts";
import { chooseModel, judgeCalls } from "./models.ts";
import { KilledProgram, type ProgramVariables } from "./program.ts";
import { eachOf, settle } from "./settle.ts";
import { Talker } from "./talker.ts";
import { judge } from "./verdict.ts";
import { allRows, Watcher } from "./watcher.ts";

export interface ChaosPlan {
  readonly seed: number;
  readonly kills: number;
  readonly talkers: number;
  /** From the readiness of a process to its kill, at most. */
  readonly maxLifeMs: number;
  /** The chance that a process lives long enough to close what the ones before it left behind. */
  readonly longLives: number;
  /** Text that a viewer saw so long before a kill has to be there after it: a second, and more where the machine is busy [TURN-2]. */
  readonly durableAfterMs: number;
  readonly onProgress?: (line: string) => void;
}

export interface ChaosOutcome {
  readonly faults: readonly string[];
  readonly figures: readonly string[];
}

const MIN_LIFE_MS = 100;
const LONG_LIFE_MS = 24_000;
const KILLED_IN_START = 0.06;
const START_MS = 1000;
const TELL_EVERY = 10;
const WATCHERS = 3;
/** Orphans of many lives may wait at once for a process that lives long enough. */
const LIMITS: ProgramVariables = { MAX_REPLIES_PER_ACCOUNT: "10000" };

/** Runs the plan on a folder of its own, which goes with the run. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "instep-chaos-"));
  const fake = await startOpenAiFake();
  const program = new KilledProgram(folder);
  const ledger = new Ledger();
  const chaos = new Chaos({ plan, folder, fake, program, ledger });
  try {
    await chaos.run();
    return { faults: ledger.faults, figures: ledger.figures.lines() };
  } finally {
    chaos.stop();
    await program.end();
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface ChaosParts {
  readonly plan: ChaosPlan;
  readonly folder: string;
  readonly fake: OpenAiFake;
  readonly program: KilledProgram;
  readonly ledger: Ledger;
}

class Chaos {
  readonly #parts: ChaosParts;
  readonly #random: Random;
  readonly #talkers: readonly Talker[];
  readonly #watchers: readonly Watcher[];

  constructor(parts: ChaosParts) {
    const { plan, program, ledger } = parts;
    this.#parts = parts;
    this.#random = new Random(plan.seed);
    const randomOf = (index: number) => new Random(plan.seed * 1000 + index + 1);
    this.#talkers = Array.from({ length: plan.talkers }, (_, index) => {
      return new Talker({ program, ledger, random: randomOf(index), think: async () => {} });
    });
    this.#watchers = Array.from({ length: WATCHERS }, (_, index) => {
      return new Watcher({ program, ledger, random: randomOf(plan.talkers + index), isLive: index > 0 });
    });
  }

  async run(): Promise<void> {
    const talking = this.#talkers.map((talker) => talker.run());
    const watching = this.#watchers.map((watcher) => watcher.run());
    const { ledger, plan } = this.#parts;
    for (let kill = 1; kill <= plan.kills && ledger.faults.length === 0; kill += 1) {
      await this.#liveAndDie();
      ledger.figures.count("kills");
      if (kill % TELL_EVERY > 0) continue;
      plan.onProgress?.(`${kill} of ${plan.kills} kills, ${ledger.conversations.size} conversations`);
    }
    await this.#start();
    for (const talker of this.#talkers) talker.stop();
    await Promise.all(talking);
    await settle(this.#parts.program, ledger);
    for (const watcher of this.#watchers) watcher.stop();
    await Promise.all(watching);
    await this.#judge().catch((error: unknown) => ledger.fail(error));
    for (const complaint of this.#parts.program.complaints) ledger.fail(`[LOG] ${complaint}`);
    await this.#tell();
  }

  /** Nobody goes on after a run that was broken off. */
  stop(): void {
    for (const person of [...this.#talkers, ...this.#watchers]) person.stop();
  }

  async #start() {
    const { program, fake, folder } = this.#parts;
    const env = { ...LIMITS, ...chooseModel(this.#random, fake), NODE_COMPILE_CACHE: join(folder, "compiled") };
    return program.start(env);
  }

  async #liveAndDie(): Promise<void> {
    const { program, plan, ledger } = this.#parts;
    const starting = this.#start();
    if (this.#random.chance(KILLED_IN_START)) {
      ledger.figures.count("kills during the start");
      await pause(this.#random.below(START_MS));
    } else {
      await starting;
      const isLong = this.#random.chance(plan.longLives);
      await pause(isLong ? LONG_LIFE_MS : MIN_LIFE_MS + this.#random.below(plan.maxLifeMs - MIN_LIFE_MS));
    }
    await program.kill();
    await starting;
  }

  async #judge(): Promise<void> {
    const { program, plan, ledger, fake } = this.#parts;
    const { url } = await program.current();
    const court = { program, figures: ledger.figures, durableAfterMs: plan.durableAfterMs };
    await eachOf([...ledger.conversations.values()], async (conversation) => {
      try {
        const evidence = await collectEvidence(url, conversation);
        if (evidence) judge(court, conversation, evidence);
      } catch (error) {
        ledger.fail(error);
      }
    });
    await this.#judgeWatchers();
    judgeCalls(fake.requests, ledger);
    faultUnless((await program.stop()) === 0, "TURN-6", () => "the program did not stop in order");
    const found = await program.check(LIMITS);
    faultUnless(found === null, "CHECK", () => `the checker found: ${found}`);
  }

  /** What increments added up to is what a fresh snapshot says [SYNC-10]. */
  async #judgeWatchers(): Promise<void> {
    const { program, ledger } = this.#parts;
    const fresh = await allRows(new ChaosDevice(program, ledger));
    for (const watcher of this.#watchers) await watcher.expectRows(fresh);
    const live = [...ledger.conversations.values()].filter(({ state }) => state === "live").map(({ id }) => id);
    const listed = fresh.map(({ id }) => id);
    faultUnless(
      live.sort().join() === listed.join(),
      "SYNC-1",
      () => `${listed.length} conversations are listed, not ${live.length}`,
    );
  }

  async #tell(): Promise<void> {
    const { ledger, program, folder } = this.#parts;
    countTurns(ledger, program);
    for (const restartMs of program.restartsMs) ledger.figures.took("kill until the next process is ready", restartMs);
    ledger.figures.count("bytes of database", await bytesOf(folder));
  }
}

/** Counts by how turns came and went, and how long those took that a dead process left behind. */
function countTurns(ledger: Ledger, program: KilledProgram): void {
  const { figures } = ledger;
  for (const turn of [...ledger.conversations.values()].flatMap(turnsOf)) {
    if (turn.replyId === null) continue;
    figures.count("turns begun");
    const begunAt = Date.parse(turn.userMessage?.created_at ?? "") - performance.timeOrigin;
    const isJoined = begunAt < turn.triedAt;
    if (turn.attempts > 1) figures.count(isJoined ? "turns joined by a repeat" : "turns begun by a repeat");
    const { end } = turn;
    if (end === null) continue;
    if (end.brought_back !== undefined) {
      figures.count("turns ended without a word, what they had replaced came back");
      continue;
    }
    figures.count(`turns ended ${end.message?.status ?? "without a message"}`);
    if (end.message?.status !== "interrupted") continue;
    const endedAt = Date.parse(end.message.created_at) - performance.timeOrigin;
    figures.took("life of a process until it closed what others left", endedAt - program.readyBefore(endedAt));
  }
}

async function bytesOf(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.includes("sqlite"));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function pause(delayMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, delayMs));
}
