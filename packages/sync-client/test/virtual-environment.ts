/** Time, chance and the page's life in a test's hands: nothing here waits. */
import type { Environment, PageEvent } from "../src/environment.ts";

interface VirtualTimer {
  readonly id: number;
  readonly at: number;
  readonly run: () => void;
}

/** Lets everything run that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
}

export class VirtualEnvironment implements Environment {
  #now = Date.UTC(2026, 0, 1, 12);
  /** What `now` is off by: a device's clock may step while its timers do not. */
  clockErrorMs = 0;
  randomValue = 0.5;
  #nextId = 1;
  #timers: VirtualTimer[] = [];
  readonly #listeners = new Set<(event: PageEvent) => void>();
  isVisible = true;
  isOnline = true;

  readonly page = {
    isVisible: () => this.isVisible,
    isOnline: () => this.isOnline,
    subscribe: (listener: (event: PageEvent) => void) => {
      this.#listeners.add(listener);
      return () => void this.#listeners.delete(listener);
    },
  };

  now = (): number => this.#now + this.clockErrorMs;
  random = (): number => this.randomValue;
  uuid = (): string => `00000000-0000-4000-8000-${String(this.#nextId++).padStart(12, "0")}`;

  setTimer = (run: () => void, delayMs: number): number => {
    const timer = { id: this.#nextId++, at: this.#now + Math.max(0, delayMs), run };
    this.#timers.push(timer);
    return timer.id;
  };

  clearTimer = (timer: unknown): void => {
    this.#timers = this.#timers.filter(({ id }) => id !== timer);
  };

  get timerCount(): number {
    return this.#timers.length;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Lets so many milliseconds go by, timer after timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Something happens to the page. */
  async emit(event: PageEvent): Promise<void> {
    if (event === "hide") this.isVisible = false;
    if (event === "show") this.isVisible = true;
    if (event === "online") this.isOnline = true;
    if (event === "offline") this.isOnline = false;
    for (const listener of this.#listeners) listener(event);
    await settle();
  }
}
