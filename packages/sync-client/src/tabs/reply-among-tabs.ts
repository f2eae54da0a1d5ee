/** What the tabs of a browser say to each other of one reply: who reads it, and what came [DEV-13]. */
import type { TurnEvent } from "@instep/protocol";
import type { Environment } from "../environment.ts";
import type { OneWait } from "./one-wait.ts";
import type { ReplyLog } from "./reply-log.ts";
import type { TabMessage, Tabs } from "./tabs.ts";

export type ReplyMessage = Extract<TabMessage, { readonly replyId: string }>;

export type ReplyEvents = Extract<ReplyMessage, { readonly kind: "reply-events" }>;

export interface ReplyAmongTabsPorts {
  readonly tabs: Pick<Tabs, "tell" | "hasOthers">;
  readonly environment: Environment;
  /** Of two tabs that read the same reply, the lower one goes on. */
  readonly tab: string;
}

/** So long the other tabs have to say that one of them reads the reply; up to twice that, so that not all give up at once. */
const ANSWER_MS = 150;

export class ReplyAmongTabs {
  readonly #ports: ReplyAmongTabsPorts;
  readonly #log: ReplyLog;
  readonly #wait: OneWait;
  /** Who waits for another tab's answer. */
  #asked: ((isFed: boolean) => void) | null = null;

  constructor(ports: ReplyAmongTabsPorts, log: ReplyLog, wait: OneWait) {
    this.#ports = ports;
    this.#log = log;
    this.#wait = wait;
  }

  /** Whether another tab reads it. True also where nobody waits for the answer any more. */
  isFedByOther(): Promise<boolean> {
    const { tabs, environment } = this.#ports;
    const { replyId, last: after } = this.#log;
    if (!tabs.hasOthers || !replyId) return Promise.resolve(false);
    tabs.tell({ kind: "reply-wanted", replyId, after });
    return new Promise((resolve) => {
      this.#asked = resolve;
      this.#wait.arm(ANSWER_MS * (1 + environment.random()), () => this.settle(false));
    });
  }

  /** Whoever waits for an answer has it. */
  settle(isFed: boolean): void {
    const asked = this.#asked;
    this.#asked = null;
    asked?.(isFed);
  }

  /** This tab reads it, and this came; nothing where it merely goes on reading. */
  tellEvents(events: readonly TurnEvent[], after: number): void {
    const { tabs, tab } = this.#ports;
    const { replyId } = this.#log;
    if (replyId) tabs.tell({ kind: "reply-events", replyId, tab, after, events });
  }

  /** Another tab lacks what came after that event. */
  tellEventsSince(after: number): void {
    const events = this.#log.since(after);
    if (events) this.tellEvents(events, after);
  }

  /** This tab reads it no more, and no other does. */
  tellLeft(): void {
    const { replyId } = this.#log;
    if (replyId) this.#ports.tabs.tell({ kind: "reply-left", replyId });
  }

  /** Two read it: the higher one stops, as soon as it can go on with what the other tells. */
  isYielding(told: ReplyEvents): boolean {
    return told.tab <= this.#ports.tab && this.#log.joins(told.after);
  }
}
