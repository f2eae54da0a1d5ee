/** What a tab has had of a reply, in order and without a gap: what another tab may lack. */
import type { TurnEvent } from "@instep/protocol";

export class ReplyLog {
  readonly #from: number;
  readonly #events: TurnEvent[] = [];
  /** The number of the last event. */
  last: number;

  /** Begins after the event of that number. */
  constructor(after: number) {
    this.#from = after;
    this.last = after;
  }

  /** Whether what comes after that event leaves no gap. */
  joins(after: number): boolean {
    return after <= this.last;
  }

  /** Takes what is new of them, and returns it. An end is always new: it may stand for what comes again. */
  take(events: readonly TurnEvent[]): readonly TurnEvent[] {
    const news = events.filter(({ id, event }) => id > this.last || event === "done" || event === "error");
    for (const event of news) {
      this.last = Math.max(this.last, event.id);
      this.#events.push(event);
    }
    return news;
  }

  /** What came after an event; null where this began later than that. */
  since(id: number): readonly TurnEvent[] | null {
    return id < this.#from ? null : this.#events.filter((event) => event.id > id);
  }
}
