/** One line on a terminal that is written over while something goes on; nothing at all where there is no terminal. */

/** The part of a stream that a terminal line needs; `process.stderr` is one. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** People read ten changes a second at most. */
const MIN_INTERVAL_MS = 100;

export class TerminalLine {
  readonly #stream: TerminalStream;
  readonly #now: () => number;
  #shownAt = -Infinity;
  #isShown = false;

  constructor(stream: TerminalStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  /** Shows a text in place of the former one, at most ten times a second. */
  show(text: string): void {
    const now = this.#now();
    if (!this.#stream.isTTY || now - this.#shownAt < MIN_INTERVAL_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#stream.write(`\r\u001b[K${text}`);
  }

  /** Takes the line away, so that what is printed next begins a line. */
  clear(): void {
    if (this.#isShown) this.#stream.write("\r\u001b[K");
    this.#isShown = false;
  }
}
