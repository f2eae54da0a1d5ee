/** What a tab has had of a reply, in order and without a gap: what another tab may lack. */
import type { ConversationId, ReplyId, TurnEvent } from "@instep/protocol";

export interface ReplyPlace {
  readonly conversationId: ConversationId;
  /** Null until a send's stream tells it. */
  readonly replyId: ReplyId | null;
  /** Begins after the event of that number. */
  readonly after: number;
}

export class ReplyLog {
  readonly conversationId: ConversationId;
  readonly #from: number;
  readonly #events: TurnEvent[] = [];
  replyId: ReplyId | null;
  /** The number of the last event. */
  last: number;

  constructor({ conversationId, replyId, after }: ReplyPlace) {
    this.conversationId = conversationId;
    this.replyId = replyId;
    this.#from = after;
    this.last = after;
  }

  /** A send's stream tells with its start which reply it is. True where it was not known. */
  begins(event: TurnEvent | "alive"): boolean {
    if (this.replyId || event === "alive" || event.event !== "start") return false;
    this.replyId = event.data.reply_id as ReplyId;
    return true;
  }

  /** Whether what comes after that event leaves no gap. */
  joins(after: number): boolean {
    return after <= this.last;
  }

  /** Takes what is new of them, and returns it; none at all are a sign of life. An end is always new: it may stand for what comes again. */
  addNew(events: readonly TurnEvent[]): readonly (TurnEvent | "alive")[] {
    if (events.length === 0) return ["alive"];
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
