/** Conversations that were opened with a badge, until the account's read position has been moved, by whichever request gets through. */

export class BadgesToClear {
  readonly #opened = new Set<string>();
  /** Those of them whose request failed. */
  readonly #failed = new Set<string>();

  open(id: string): void {
    this.#opened.add(id);
  }

  has(id: string): boolean {
    return this.#opened.has(id);
  }

  /** Its messages could not be loaded. */
  fail(id: string): void {
    if (this.#opened.has(id)) this.#failed.add(id);
  }

  /** Its messages were loaded, or are about to be. Returns whether that had failed. */
  takeFailed(id: string): boolean {
    return this.#failed.delete(id);
  }

  /** It is read: what comes from now on is no badge that was opened. */
  clear(id: string): void {
    this.#opened.delete(id);
    this.#failed.delete(id);
  }
}
