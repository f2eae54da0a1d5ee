/** One clock for everything that is simulated: events run in the order of their time, then of their making, and nothing sleeps. */

export type CancelTimer = () => void;

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Where a simulation begins: Unix milliseconds. */
export const START_MS = Date.UTC(2026, 0, 1, 12);

const TURN_MS = 50;
const MAX_TURNS = 1200;

export class VirtualTime {
  #now = START_MS;
  #order = 0;
  #events: Event[] = [];
  readonly #cancelled = new Set<number>();
  /** Called after each event, once every promise that it touched has settled. */
  afterEvent: () => Promise<void> = async () => {};

  /** Unix milliseconds of the true time, which only moves forward. */
  now(): number {
    return this.#now;
  }

  /** Runs something once after `delayMs`. */
  after(delayMs: number, run: () => void): CancelTimer {
    const order = (this.#order += 1);
    this.#push({ at: this.#now + Math.max(0, delayMs), order, run });
    return () => this.#cancelled.add(order);
  }

  /** How many events wait, cancelled ones aside: zero means that nothing will ever happen again by itself. */
  waiting(): number {
    return this.#events.filter(({ order }) => !this.#cancelled.has(order)).length;
  }

  /** Runs every event of the next `durationMs`, each followed by its promises, and ends at that time. */
  async run(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    await this.settle();
    for (let event = this.#popUntil(end); event; event = this.#popUntil(end)) {
      this.#now = Math.max(this.#now, event.at);
      event.run();
      await this.settle();
    }
    this.#now = end;
  }

  /** Lets time go on until the promise has settled; throws what it throws, or where it takes for ever. */
  async until(promise: Promise<unknown>): Promise<void> {
    let isOver = false;
    let failure: unknown;
    promise.then(
      () => (isOver = true),
      (error: unknown) => {
        failure = error;
        isOver = true;
      },
    );
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      await this.run(turn === 0 ? 0 : TURN_MS);
      if (failure !== undefined) throw failure;
      if (isOver) return;
    }
    throw new Error(`Something takes longer than ${(MAX_TURNS * TURN_MS) / 1000} s`);
  }

  /** Lets time pass as on a machine that sleeps: what was due meanwhile runs at its end. */
  async jump(durationMs: number): Promise<void> {
    this.#now += durationMs;
    await this.run(0);
  }

  /** Waits until no promise has anything left to do. Everything simulated lives on microtasks, which are all done before an immediate. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    await this.afterEvent();
  }

  #push(event: Event): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(events[parent], event)) break;
      swap(events, index, parent);
      index = parent;
    }
  }

  #popUntil(end: number): Event | null {
    for (let first = this.#events[0]; first && first.at <= end; first = this.#events[0]) {
      this.#removeFirst();
      if (!this.#cancelled.delete(first.order)) return first;
    }
    return null;
  }

  #removeFirst(): void {
    const events = this.#events;
    const last = events.pop();
    if (last === undefined || events.length === 0) return;
    events[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = isBefore(events[left + 1], events[left]) ? left + 1 : left;
      if (!isBefore(events[child], events[index])) return;
      swap(events, index, child);
      index = child;
    }
  }
}

function isBefore(one: Event | undefined, other: Event | undefined): boolean {
  if (one === undefined) return false;
  return other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order);
}

function swap(events: Event[], one: number, other: number): void {
  const kept = events[one];
  const moved = events[other];
  if (kept === undefined || moved === undefined) throw new Error("No such event");
  events[one] = moved;
  events[other] = kept;
}
