/** One running reply in one tab: read over a connection of its own, fed by the tab that has one, or left alone while nobody sees the tab [DEV-13]. */
import type { ReplyId, TurnEvent } from "@instep/protocol";
import { EventQueue } from "../event-queue.ts";
import type { Failure } from "../failure.ts";
import type { EventStream, Transport } from "../transport/transport.ts";
import { HiddenWatch } from "./hidden-watch.ts";
import { OneWait } from "./one-wait.ts";
import { OwnConnection } from "./own-connection.ts";
import { ReplyAmongTabs, type ReplyAmongTabsPorts, type ReplyMessage, type ReplyEvents } from "./reply-among-tabs.ts";
import { ReplyLog, type ReplyPlace } from "./reply-log.ts";

export interface SharedReplyPorts extends ReplyAmongTabsPorts {
  readonly transport: Pick<Transport, "resumeStream" | "open">;
  /** Whether somebody can see this tab. */
  readonly isShown: () => boolean;
}

/** A tab that feeds others and says nothing for so long is asked whether it is still there. */
const SILENCE_MS = 3000;

/** `own`: over a connection of this tab's. `asking` who reads it; `fed` by that tab. `away`: nobody sees the tab, so there is none. */
type Mode = "own" | "asking" | "fed" | "away" | "over";

export class SharedReply implements EventStream {
  readonly #isShown: () => boolean;
  readonly #log: ReplyLog;
  readonly #queue = new EventQueue<TurnEvent | "alive">();
  readonly #wait: OneWait;
  readonly #own: OwnConnection;
  readonly #among: ReplyAmongTabs;
  readonly #watch: HiddenWatch;
  #mode: Mode = "own";

  constructor(ports: SharedReplyPorts, place: ReplyPlace) {
    const { transport, environment, isShown } = ports;
    const log = new ReplyLog(place);
    const wait = new OneWait(environment);
    this.#isShown = isShown;
    this.#log = log;
    this.#wait = wait;
    this.#among = new ReplyAmongTabs(ports, log, wait);
    this.#watch = new HiddenWatch({ transport, log, wait, onAnswer: (hasEnded) => void this.#onWatched(hasEnded) });
    this.#own = new OwnConnection({
      transport,
      log,
      onEvents: (events, after) => {
        this.#among.tellEvents(events, after);
        this.#queue.push(log.addNew(events));
      },
      onBegun: () => this.followPage(),
      onEnd: () => this.#queue.close(),
    });
  }

  get replyId(): ReplyId | null {
    return this.#log.replyId;
  }

  /** Begins with a connection that there is. */
  read(connection: EventStream): void {
    this.#own.read(connection);
  }

  /** Begins after the last event, from wherever the next can be had. Resolves with why the server refuses it, or null. */
  async resume(): Promise<Failure | null> {
    this.#mode = this.#isShown() ? "asking" : "away";
    if (this.#mode === "asking") return (await this.#among.isFedByOther()) ? null : this.#connect();
    const hasEnded = await this.#watch.hasEnded();
    // Shown or left meanwhile.
    if (this.#mode !== "away") return null;
    if (hasEnded) return this.#connect();
    this.#watch.checkLater();
    return null;
  }

  next = (): Promise<TurnEvent | "alive" | null> => this.#queue.next();

  close(): void {
    this.#leave("over");
    this.#queue.close();
  }

  /** The page may have been shown or hidden. */
  followPage(): void {
    if (!this.replyId) return;
    const isShown = this.#isShown();
    if (isShown && this.#mode === "away") void this.#findReader();
    if (isShown || this.#mode === "away") return;
    this.#leave("away");
    this.#watch.begin();
  }

  /** Another tab says something of this reply. */
  hear(message: ReplyMessage): void {
    if (message.kind === "reply-wanted") {
      if (this.#mode === "own") this.#among.tellEventsSince(message.after);
    } else if (message.kind === "reply-left") {
      if (this.#mode === "fed") void this.#findReader();
    } else if (this.#mode !== "own") this.#feed(message);
    else if (this.#among.isYielding(message)) {
      this.#leave("fed");
      this.#feed(message);
    }
  }

  #feed({ events, after }: ReplyEvents): void {
    if (!this.#log.joins(after)) {
      // What a hidden tab missed is fetched when it is shown, or with the end.
      if (this.#mode === "fed") void this.#findReader();
      return;
    }
    if (this.#mode !== "away") {
      this.#mode = "fed";
      this.#wait.arm(SILENCE_MS, () => void this.#findReader());
    }
    this.#queue.push(this.#log.addNew(events));
    this.#among.settle(true);
  }

  async #findReader(): Promise<void> {
    this.#mode = "asking";
    const isFed = await this.#among.isFedByOther();
    if (!isFed && (await this.#connect())) this.#queue.close();
  }

  #connect(): Promise<Failure | null> {
    if (!this.replyId) return Promise.resolve(null);
    this.#wait.clear();
    this.#mode = "own";
    this.#among.tellEvents([], this.#log.last);
    return this.#own.open();
  }

  /** Once the reply has ended, a hidden tab fetches its end. */
  async #onWatched(hasEnded: boolean): Promise<void> {
    if (this.#mode !== "away") return;
    if (!hasEnded) {
      this.#queue.push(["alive"]);
      this.#watch.checkLater();
    } else if (await this.#connect()) this.#queue.close();
  }

  /** Lets go of what it has, for another mode. */
  #leave(mode: Mode): void {
    const wasOwn = this.#mode === "own";
    this.#mode = mode;
    this.#wait.clear();
    this.#own.close();
    this.#among.settle(true);
    if (wasOwn && mode !== "fed") this.#among.tellLeft();
  }
}
