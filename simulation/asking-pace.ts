/** How often a tab asks: whatever fails, never in a loop, since stale caches and hot retries are how others fell over [DEV-2]. */
import { must } from "./violation.ts";

const MAX_ASKS = 100;

export class AskingPace {
  readonly #askedAt: number[] = [];

  /** The tab of that name asks now, in true milliseconds. */
  asks(name: string, now: number): void {
    this.#askedAt.push(now);
    if (this.#askedAt.length <= MAX_ASKS) return;
    const first = this.#askedAt.shift() ?? 0;
    must(now - first > 1000, "DEV-2", () => `${name} asked ${MAX_ASKS} times within a second`);
  }
}
