/** A browser's store as one of its pages has it: it may fail, take its time, hang, keep its answers to itself, or never answer again [DEV-14]. */
import type { LocalStore } from "@instep/sync-client";
import type { PageModel } from "./page-model.ts";
import type { StoreMood } from "./step.ts";

/** So long a slow store takes: less than a page waits for it. */
const SLOW_MS = 1200;
/** So often no page asks within one instant, but one that never comes to rest. */
const MAX_CALLS_AT_ONCE = 5000;
/** What a store gives that can do nothing, where that is not simply nothing. */
const NOTHING = new Map<PropertyKey, unknown>([
  ["loadList", null],
  ["saveChange", false],
  ["loadMessages", null],
  ["loadOutbox", null],
  ["loadOutgoing", null],
  ["saveOutgoing", false],
] satisfies [keyof LocalStore, unknown][]);

export class PageStore {
  readonly #page: PageModel;
  #mood: StoreMood;
  #waiting: (() => void)[] = [];
  /** How many calls are answered late: what comes after them waits for them. */
  #late = 0;
  #hasFailed: boolean;
  #isLost = false;
  #askedAt = 0;
  #callsAtOnce = 0;

  constructor(page: PageModel, mood: StoreMood) {
    this.#page = page;
    this.#mood = mood;
    this.#hasFailed = mood !== "answers";
  }

  /** Whether it ever was not there at once: then what the page holds may never have been stored. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Whether something that was asked of it is never answered: the page does without it for as long as it lives. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether its page asks it again and again, and time doesn't go on: a person's tab would be stuck. */
  get isAskedForever(): boolean {
    return this.#callsAtOnce > MAX_CALLS_AT_ONCE;
  }

  become(mood: StoreMood): void {
    this.#mood = mood;
    if (mood !== "answers") this.#hasFailed = true;
    else for (const goOn of this.#waiting.splice(0)) this.#page.deliver(goOn);
  }

  /** The disk, as long as the page lives: one that is gone writes and reads nothing any more. */
  asSeen(disk: LocalStore): LocalStore {
    return new Proxy(disk, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return (...inputs: unknown[]): unknown => {
          // What comes from a disk is a copy, and so is what goes there.
          const given = structuredClone(inputs);
          return this.#answer(() => copied(Reflect.apply(method, target, given)), NOTHING.get(name));
        };
      },
    });
  }

  #answer(call: () => Promise<unknown>, nothing: unknown): Promise<unknown> {
    if (this.#mood === "loses") this.#isLost = true;
    this.#countCall();
    if (this.#page.isGone || this.#mood === "loses" || this.isAskedForever) return new Promise(() => {});
    if (this.#mood === "fails" || this.#mood === "fails-once") {
      if (this.#mood === "fails-once") this.become("answers");
      return Promise.resolve(nothing);
    }
    if (this.#mood === "is-slow" || this.#late > 0) return this.#slowly(call);
    if (this.#mood === "answers") return call();
    const run = this.#mood === "hangs" ? call : always(call());
    return new Promise((resolve) => void this.#waiting.push(() => resolve(run())));
  }

  #countCall(): void {
    const now = this.#page.environment.now();
    if (now !== this.#askedAt) this.#callsAtOnce = 0;
    this.#askedAt = now;
    this.#callsAtOnce += 1;
  }

  async #slowly(call: () => Promise<unknown>): Promise<unknown> {
    this.#late += 1;
    await this.#passing();
    const result = await call();
    await this.#passing();
    this.#late -= 1;
    return result;
  }

  #passing(): Promise<void> {
    return new Promise((resolve) => void this.#page.environment.setTimer(resolve, SLOW_MS / 2));
  }
}

function always<T>(result: T): () => T {
  return () => result;
}

async function copied(result: unknown): Promise<unknown> {
  return structuredClone(await result);
}
