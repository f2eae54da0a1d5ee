/** One running reply in one tab: read over a connection of its own, fed by the tab that has one, or left alone while nobody sees the tab [DEV-13]. */
import type { ConversationId, ReplyId, TurnEvent } from "@instep/protocol";
import type { Environment, Timer } from "../environment.ts";
import { EventQueue } from "../event-queue.ts";
import { type Failure, isFailure, isPassing } from "../failure.ts";
import type { EventStream, Transport } from "../transport/transport.ts";
import { ReplyLog } from "./reply-log.ts";
import type { TabMessage, Tabs } from "./tabs.ts";

export interface SharedReplyPorts {
  readonly transport: Pick<Transport, "resumeStream" | "open">;
  readonly tabs: Pick<Tabs, "tell" | "hasOthers">;
  readonly environment: Environment;
  /** Of two tabs that read the same reply, the lower one goes on. */
  readonly tab: string;
  /** Whether somebody can see this tab. */
  readonly isShown: () => boolean;
}

export interface ReplyPlace {
  readonly conversationId: ConversationId;
  /** Null until a send's stream tells it. */
  readonly replyId: ReplyId | null;
  readonly after: number;
}

export type ReplyMessage = Extract<TabMessage, { readonly replyId: string }>;

type ToldEvents = Extract<ReplyMessage, { readonly kind: "reply-events" }>;

/** So long the other tabs have to say that one of them reads the reply; up to twice that, so that not all give up at once. */
const ANSWER_MS = 150;
/** A tab that feeds others and says nothing for so long is asked whether it is still there. */
const SILENCE_MS = 3000;
/** While nobody sees the tab, how often it is asked whether the reply has ended. */
const FIRST_CHECK_MS = 2000;
const MAX_CHECK_MS = 15_000;

/** `own`: over a connection of this tab's. `asking` who reads it; `fed` by that tab. `away`: nobody sees the tab, so there is none. */
type Mode = "own" | "asking" | "fed" | "away" | "over";

export class SharedReply implements EventStream {
  readonly #ports: SharedReplyPorts;
  readonly #place: ReplyPlace;
  readonly #log: ReplyLog;
  readonly #queue = new EventQueue<TurnEvent | "alive">();
  replyId: ReplyId | null;
  #mode: Mode = "own";
  #connection: EventStream | null = null;
  #opening = new AbortController();
  #timer: Timer = null;
  #checkMs = FIRST_CHECK_MS;
  /** Who waits for another tab's answer. */
  #asked: ((isSettled: boolean) => void) | null = null;

  constructor(ports: SharedReplyPorts, place: ReplyPlace) {
    this.#ports = ports;
    this.#place = place;
    this.#log = new ReplyLog(place.after);
    this.replyId = place.replyId;
  }

  /** Begins with a connection that there is. */
  read(connection: EventStream): void {
    this.#connection = connection;
    void this.#pump(connection);
  }

  /** Begins after the last event, from wherever the next can be had. Resolves with why the server refuses it, or null. */
  async resume(): Promise<Failure | null> {
    if (this.#ports.isShown()) return (await this.#isFedByOther()) ? null : this.#connect();
    this.#mode = "away";
    const hasEnded = await this.#hasEnded();
    // Shown or left meanwhile.
    if (this.#mode !== "away") return null;
    if (hasEnded) return this.#connect();
    this.#checkLater();
    return null;
  }

  next = (): Promise<TurnEvent | "alive" | null> => this.#queue.next();

  close(): void {
    this.#leave("over");
    this.#queue.close();
  }

  /** The page may have been shown or hidden. */
  look(): void {
    if (!this.replyId) return;
    const isShown = this.#ports.isShown();
    if (isShown && this.#mode === "away") void this.#takeUp();
    if (!isShown && this.#mode !== "away") this.#goAway();
  }

  /** Another tab says something of this reply. */
  hear(message: ReplyMessage): void {
    if (message.kind === "reply-wanted") this.#answer(message.after);
    else if (message.kind === "reply-left") {
      if (this.#mode === "fed") void this.#takeUp();
    } else if (this.#mode === "own") this.#yieldTo(message);
    else this.#feed(message);
  }

  #answer(after: number): void {
    const events = this.#mode === "own" ? this.#log.since(after) : null;
    if (events) this.#tell(events, after);
  }

  /** Two read it: the higher one stops, as soon as it can go on with what the other tells. */
  #yieldTo(told: ToldEvents): void {
    if (told.tab > this.#ports.tab || !this.#log.joins(told.after)) return;
    this.#leave("fed");
    this.#feed(told);
  }

  #feed({ events, after }: ToldEvents): void {
    if (!this.#log.joins(after)) {
      // What a hidden tab missed is fetched when it is shown, or with the end.
      if (this.#mode === "fed") void this.#takeUp();
      return;
    }
    if (this.#mode !== "away") {
      this.#mode = "fed";
      this.#arm(SILENCE_MS, () => void this.#takeUp());
    }
    this.#pass(events);
    this.#settle(true);
  }

  #goAway(): void {
    this.#leave("away");
    this.#checkMs = FIRST_CHECK_MS;
    this.#checkLater();
  }

  async #takeUp(): Promise<void> {
    const isFed = await this.#isFedByOther();
    if (!isFed && (await this.#connect())) this.#queue.close();
  }

  /** Asks who reads it. True also where nobody waits for the answer any more. */
  #isFedByOther(): Promise<boolean> {
    const { tabs, environment } = this.#ports;
    this.#mode = "asking";
    if (!tabs.hasOthers || !this.replyId) return Promise.resolve(false);
    tabs.tell({ kind: "reply-wanted", replyId: this.replyId, after: this.#log.last });
    return new Promise((resolve) => {
      this.#asked = resolve;
      this.#arm(ANSWER_MS * (1 + environment.random()), () => this.#settle(false));
    });
  }

  #settle(isFed: boolean): void {
    const asked = this.#asked;
    this.#asked = null;
    asked?.(isFed);
  }

  async #connect(): Promise<Failure | null> {
    if (!this.replyId) return null;
    this.#clear();
    this.#mode = "own";
    const { signal } = (this.#opening = new AbortController());
    const from = { replyId: this.replyId, after: this.#log.last };
    this.#tell([], this.#log.last);
    const connection = await this.#ports.transport.resumeStream(this.#place.conversationId, from, signal);
    if (isFailure(connection)) return signal.aborted ? null : connection;
    if (signal.aborted) connection.close();
    else this.read(connection);
    return null;
  }

  async #pump(connection: EventStream): Promise<void> {
    for (;;) {
      const event = await connection.next();
      if (this.#connection !== connection) return;
      const events = event === null || event === "alive" ? [] : [event];
      const after = events[0] ? events[0].id - 1 : this.#log.last;
      if (event === null || !this.#log.joins(after)) return this.#queue.close();
      const isBegun = !this.replyId && event !== "alive" && event.event === "start";
      if (isBegun) this.replyId = event.data.reply_id as ReplyId;
      this.#tell(events, after);
      this.#pass(events);
      if (isBegun) this.look();
    }
  }

  #pass(events: readonly TurnEvent[]): void {
    if (events.length === 0) this.#queue.push("alive");
    for (const event of this.#log.take(events)) this.#queue.push(event);
  }

  #checkLater(): void {
    this.#arm(this.#checkMs, () => void this.#check());
    this.#checkMs = Math.min(MAX_CHECK_MS, this.#checkMs * 1.5);
  }

  /** Has it ended, so that a hidden tab fetches its end? */
  async #check(): Promise<void> {
    this.#clear();
    const hasEnded = await this.#hasEnded();
    if (this.#mode !== "away") return;
    if (!hasEnded) {
      this.#queue.push("alive");
      this.#checkLater();
    } else if (await this.#connect()) this.#queue.close();
  }

  async #hasEnded(): Promise<boolean> {
    const detail = await this.#ports.transport.open(this.#place.conversationId, 1);
    return isFailure(detail) ? !isPassing(detail) : detail.active_reply?.reply_id !== this.replyId;
  }

  /** Lets go of what it has, for another mode. */
  #leave(mode: Mode): void {
    const wasOwn = this.#mode === "own";
    this.#mode = mode;
    this.#clear();
    this.#opening.abort();
    this.#connection?.close();
    this.#connection = null;
    this.#settle(true);
    if (wasOwn && mode !== "fed" && this.replyId) this.#ports.tabs.tell({ kind: "reply-left", replyId: this.replyId });
  }

  #tell(events: readonly TurnEvent[], after: number): void {
    const { tabs, tab } = this.#ports;
    if (this.replyId) tabs.tell({ kind: "reply-events", replyId: this.replyId, tab, after, events });
  }

  #arm(delayMs: number, run: () => void): void {
    this.#clear();
    this.#timer = this.#ports.environment.setTimer(run, delayMs);
  }

  #clear(): void {
    this.#ports.environment.clearTimer(this.#timer);
    this.#timer = null;
  }
}
