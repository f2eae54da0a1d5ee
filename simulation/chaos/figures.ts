/** What a run counts and measures, and how it is told. */

export class Figures {
  readonly #counts = new Map<string, number>();
  readonly #longestMs = new Map<string, number>();

  count(what: string, times = 1): void {
    this.#counts.set(what, this.of(what) + times);
  }

  /** Keeps the longest of each kind, in milliseconds. */
  took(what: string, durationMs: number): void {
    this.#longestMs.set(what, Math.max(this.longestMs(what), durationMs));
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  longestMs(what: string): number {
    return this.#longestMs.get(what) ?? 0;
  }

  /** One line for each figure, in the order in which they were first seen. */
  lines(): string[] {
    const counts = [...this.#counts].map(([what, count]) => `${count.toLocaleString("en")} ${what}`);
    const times = [...this.#longestMs].map(([what, ms]) => `longest ${what}: ${seconds(ms)}`);
    return [...counts, ...times];
  }
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
