/** Events on their way from whoever brings them to the one who reads them. */
export class EventQueue<T> {
  readonly #ready: T[] = [];
  #isClosed = false;
  #wake: (() => void) | null = null;

  push(events: readonly T[]): void {
    for (const event of events) this.#ready.push(event);
    this.#rouse();
  }

  /** After what is there, nothing more comes. */
  close(): void {
    this.#isClosed = true;
    this.#rouse();
  }

  /** The next one, as soon as there is one; null after the last. */
  async next(): Promise<T | null> {
    for (;;) {
      const event = this.#ready.shift();
      if (event !== undefined) return event;
      if (this.#isClosed) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #rouse(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
