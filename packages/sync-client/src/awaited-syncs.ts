/** Who waits for a sync: each for one that begins after it was asked for. */

interface Wanted {
  readonly isFull: boolean;
  readonly done: () => void;
}

export class AwaitedSyncs {
  /** For one that has not begun: a full one, or any. */
  #wanted: readonly Wanted[] = [];
  /** For the one in flight. */
  #running: readonly Wanted[] = [];

  /** Resolves when such a sync has ended, well or not, or none is to come. */
  wait(isFull: boolean): Promise<void> {
    return new Promise((done) => {
      this.#wanted = [...this.#wanted, { isFull, done }];
    });
  }

  /** One begins, which serves whom it can. Returns what to call when it has ended: another may have begun by then. */
  begin(isFull: boolean): () => void {
    const isServed = (wanted: Wanted): boolean => isFull || !wanted.isFull;
    const served = this.#wanted.filter(isServed);
    this.#running = served;
    this.#wanted = this.#wanted.filter((wanted) => !isServed(wanted));
    return () => {
      if (this.#running === served) this.#running = [];
      for (const { done } of served) done();
    };
  }

  /** None is to come: nobody waits any more. */
  endAll(): void {
    const waiting = [...this.#running, ...this.#wanted];
    this.#running = [];
    this.#wanted = [];
    for (const { done } of waiting) done();
  }
}
