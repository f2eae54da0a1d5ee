/** A running reply in the memory of the process that generates it: its numbered events, and who waits for the next one. */
import { NOTHING_SAID, type ReplyId, type Said, type StartEvent, type TurnEvent } from "@instep/protocol";
import { addToken, encodeTokens, START_ID, tokenOf, type JournalChunk, type JournalToken } from "./reply-events.ts";

/** The event that ends a reply; its number may be given anew by whoever shows it. */
export type EndEvent = Extract<TurnEvent, { event: "done" | "error" }>;

const FIRST_TOKEN_ID = START_ID + 1;

/**
 * The one copy of a running reply's events. A viewer holds its place in it and nothing else, so that a slow viewer costs no memory
 * and slows nobody, and a gap or a repeat can't arise [TURN-4].
 */
export class ReplyFeed {
  readonly replyId: ReplyId;
  readonly #start: StartEvent;
  readonly #tokens: JournalToken[] = [];
  #said = NOTHING_SAID;
  readonly #waiting = new Set<() => void>();
  #isClosed = false;
  #journalledTo = START_ID;
  #end: EndEvent | null = null;

  constructor(replyId: ReplyId, start: StartEvent) {
    this.replyId = replyId;
    this.#start = start;
  }

  /** The newest event's number. */
  get lastEventId(): number {
    return this.#end?.id ?? START_ID + this.#tokens.length;
  }

  get isEnded(): boolean {
    return this.#end !== null;
  }

  /** What was said so far. */
  get said(): Said {
    return this.#said;
  }

  /** Adds a token event and wakes the viewers; false where it came after the reply was closed, and so never appears [TURN-5]. */
  append(token: JournalToken): boolean {
    if (this.#isClosed) return false;
    this.#tokens.push(token);
    this.#said = addToken(this.#said, token);
    this.#wake();
    return true;
  }

  /** Takes no more text: from here on only the end may follow. */
  close(): void {
    this.#isClosed = true;
  }

  /** Adds the event that ends the reply, numbered next to what the viewers here have seen. Later calls do nothing. */
  end(event: EndEvent): void {
    if (this.#end !== null) return;
    const id = START_ID + this.#tokens.length + 1;
    this.close();
    this.#end = { ...event, id };
    this.#wake();
  }

  /** The event after number `id`, or null where it hasn't come yet. The ending one answers every number from its own on [TURN-4]. */
  eventAfter(id: number): TurnEvent | null {
    if (id < START_ID) return { id: START_ID, event: "start", data: this.#start };
    const token = this.#tokens[id + 1 - FIRST_TOKEN_ID];
    return token === undefined ? this.#end : { id: id + 1, event: "token", data: tokenOf(token) };
  }

  /** The tokens that the journal hasn't acknowledged, as one chunk; null where it has them all. */
  pendingChunk(): JournalChunk | null {
    const lastEventId = START_ID + this.#tokens.length;
    if (lastEventId <= this.#journalledTo) return null;
    const firstEventId = this.#journalledTo + 1;
    const events = encodeTokens(this.#tokens.slice(firstEventId - FIRST_TOKEN_ID));
    return { firstEventId, lastEventId, events };
  }

  /** The journal has everything up to that number, durably. */
  journalled(lastEventId: number): void {
    this.#journalledTo = Math.max(this.#journalledTo, lastEventId);
  }

  /** Calls back once, when anything is added. Returns what takes the call back. */
  whenChanged(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}
