/** Loads a conversation's messages, and puts them where its view is made: what is loaded on screen is seen. */
import {
  type ConversationDetail,
  type ConversationId,
  isTemporary,
  type Message,
  type ReplyId,
} from "@instep/protocol";
import { applyFound, applySeen, applyUnshown, applyWord } from "../apply-local.ts";
import { historiesOf, isKnownUpTo } from "../apply-sync.ts";
import { forgetArrived } from "../outbox/refused-sends.ts";
import { BadgesToClear } from "./badges-to-clear.ts";
import {
  isAnswerOutdated,
  isWhole,
  NOTHING_LOADED,
  withNewer,
  withNewest,
  withProblem,
  withStored,
} from "./conversation-view.ts";
import { type Failure, isFailure } from "../failure.ts";
import { lastSeqOf } from "./found-window.ts";
import { isLater, type Moment, momentOf } from "../moment.ts";
import { LARGEST_PAGE, PAGE_TO_READ } from "./page-sizes.ts";
import { rowOfSummary } from "../summary-row.ts";
import { allSeen, type Baseline, seenThrough } from "../unread.ts";
import type { ViewCache } from "./view-cache.ts";
import type { ViewPorts } from "./view-ports.ts";

/** So many pages of new messages are fetched one by one; with more, the newest page is shown instead. */
const MAX_NEW_PAGES = 5;
/** An answer that is late is asked for so often, before it is taken as it comes. */
const MAX_TRIES = 5;

interface Loaded {
  readonly detail: ConversationDetail;
  readonly asOf: Moment;
  readonly isOpened: boolean;
}

interface Loading {
  readonly isOpened: boolean;
  readonly isRead: boolean;
  readonly tries: number;
}

export class ViewLoader {
  readonly #ports: ViewPorts;
  readonly #cache: ViewCache;
  /** Whose badge an opening has yet to clear everywhere. */
  readonly badges = new BadgesToClear();

  constructor(ports: ViewPorts) {
    this.#ports = ports;
    this.#cache = ports.viewCache;
  }

  /** Loads its newest page anew, which is seen where somebody looks at it [DEV-5]. */
  load(id: string): Promise<void> {
    return this.#load(id, { isOpened: false, isRead: false, tries: 1 });
  }

  /** The same of what somebody opens, or wants to read: that is seen [DEV-6], and the account has read it then where that `isRead`. */
  open(id: string, isRead: boolean): Promise<void> {
    return this.#load(id, { isOpened: true, isRead, tries: 1 });
  }

  async #load(id: string, how: Loading): Promise<void> {
    const { store, transport } = this.#ports;
    if (this.isOnlyHere(id)) return;
    const asked = store.state.watermark;
    const known = store.state.entries.get(id)?.asOf;
    const detail = await transport.open(id as ConversationId, PAGE_TO_READ);
    const asOf = momentOf(isFailure(detail) ? {} : detail, asked);
    const told = { isToldSince: store.state.entries.get(id)?.asOf !== known, isLate: this.#isLate(id, asOf) };
    if (how.tries < MAX_TRIES && isAnswerOutdated(this.#cache.loaded(id), detail, told)) {
      return this.#load(id, { ...how, tries: how.tries + 1 });
    }
    if (isFailure(detail)) return this.#failed(id, detail);
    this.badges.takeFailed(id);
    // Deleted meanwhile: an answer of before brings nothing back [DEV-8].
    const isGone =
      detail.server_time !== undefined && !store.state.entries.has(id) && isKnownUpTo(store.state, asOf, id);
    if (isGone) return this.#cache.change(id, () => ({ ...NOTHING_LOADED, phase: "deleted" }));
    this.#cache.change(id, (now) => withNewest(now, detail));
    this.#see(id, { detail, asOf, isOpened: how.isOpened });
    const isUnreadInAccount = store.state.unreadScope === "account" && detail.unread_count > 0;
    if (!this.isCurrent(id)) return;
    // What was opened is read; what is loaded anew where nobody looks is not.
    const isUnread = store.screen.has(id) && (detail.marked_unread || isUnreadInAccount);
    if (how.isRead || this.badges.has(id) || isUnread) this.markRead(id, detail.last_seq);
    this.#followRunning(id, detail.active_reply);
  }

  #followRunning(id: string, reply: ConversationDetail["active_reply"]): void {
    if (!reply || this.#ports.replyOf(id)) return;
    const replyId = reply.reply_id as ReplyId;
    const { text, thoughts = "", last_event_id: after } = reply;
    this.#ports.follow(id as ConversationId, { replyId, after, text, thoughts });
  }

  /** Whether a later word about it is known. */
  #isLate(id: string, asOf: Moment): boolean {
    const { state } = this.#ports.store;
    const known = state.entries.get(id)?.asOf;
    return known !== undefined && isLater(known, asOf, historiesOf(state));
  }

  /** What is loaded is seen: exactly as many as the server says there are, loaded or not [DEV-6]. */
  #see(id: string, { detail, asOf, isOpened }: Loaded): void {
    const { store, manager } = this.#ports;
    const counts = { message_count: detail.message_pagination.total_count, last_seq: detail.last_seq };
    const row = rowOfSummary(detail, store.state.defaultModel);
    const isKnown = store.state.entries.has(id);
    const isShown = this.isCurrent(id);
    if (!isKnown) manager.commit(isShown ? applyFound(store.state, [row], asOf) : applyUnshown(store.state, row, asOf));
    this.#show(id, allSeen(counts), isOpened);
    if (isKnown) manager.commit(applyWord(store.state, row, asOf));
  }

  /** What was loaded is on screen first, and then what it answers is let go of: that is no news there [DEV-9]. */
  #show(id: string, seen: Baseline, isOpened: boolean): void {
    const { store, manager, box } = this.#ports;
    if (this.isCurrent(id)) {
      store.screen.setShown(id, seen);
      if (isOpened || store.screen.has(id)) manager.commit(applySeen(store.state, id, seen));
    }
    forgetArrived(box, id, this.#cache.loaded(id)?.messages ?? []);
    this.#cache.refresh(id);
  }

  /** Fetches what is newer, and only that. False where it does not join on, or some of what is shown was ended. */
  async appendNewer(id: string): Promise<boolean> {
    const newer: Message[] = [];
    for (let page = 0; page < MAX_NEW_PAGES; page++) {
      const loaded = this.#cache.loaded(id) ?? NOTHING_LOADED;
      const after = newer.at(-1)?.seq ?? lastSeqOf(loaded);
      const answer = await this.#ports.transport.messages(id as ConversationId, { after, limit: LARGEST_PAGE });
      if (isFailure(answer)) {
        this.#cache.change(id, (now) => ({ ...now, newerProblem: answer }));
        return true;
      }
      newer.push(...answer.messages);
      if (answer.message_pagination.has_newer) continue;
      const { total_count: total, last_seq: lastSeq } = answer.message_pagination;
      if (this.#cache.loaded(id)?.messages !== loaded.messages || !isWhole(loaded, newer.length, total)) return false;
      this.#cache.change(id, (now) => withNewer(now, newer, total));
      this.#seeUpTo(id, total, lastSeq);
      return true;
    }
    return false;
  }

  #seeUpTo(id: string, count: number, until = 0): void {
    // Numbers above the last message's belong to messages that were ended.
    const lastSeq = Math.max(until, lastSeqOf(this.#cache.loaded(id) ?? NOTHING_LOADED));
    this.#show(id, allSeen({ message_count: count, last_seq: lastSeq }), false);
    if (this.#ports.store.screen.has(id)) this.markRead(id, lastSeq);
  }

  /** Read here and everywhere; nothing of its badge is left to be cleared by a later opening. */
  markRead(id: string, seq: number): void {
    this.badges.clear(id);
    this.#ports.markRead(id, seq);
  }

  async paintStored(id: string): Promise<void> {
    if (this.#cache.loaded(id)?.phase !== "loading") return;
    const { epoch } = this.#ports.store.state.watermark;
    const messages = await this.#ports.localStore.loadMessages(id);
    // Of a history that was rewound meanwhile nothing is shown, nor counts as seen [EPOCH-1].
    if (epoch !== null && epoch !== this.#ports.store.state.watermark.epoch) return;
    const phase = this.#cache.loaded(id)?.phase;
    // The network may have failed before the store was read.
    if (!messages || messages.length === 0 || (phase !== "loading" && phase !== "failed")) return;
    const lastSeq = messages.at(-1)?.seq ?? 0;
    // Where a message is looked for, that is shown, or nothing yet.
    if (!this.#cache.loaded(id)?.around) this.showStored(id, lastSeq);
    this.#cache.change(id, (now) => withStored(now, messages, this.#ports.store.state.entries.get(id)?.row));
  }

  /** What is painted is seen: it may not stand in the banner until the server has answered, nor in a badge if it never does. */
  showStored(id: string, lastSeq: number): void {
    const { store, manager } = this.#ports;
    if (lastSeq === 0) return;
    const shown = seenThrough(lastSeq, store.state.entries.get(id)?.row);
    store.screen.setShown(id, shown);
    if (store.screen.has(id)) manager.commit(applySeen(store.state, id, shown));
  }

  #failed(id: string, problem: Failure): void {
    this.badges.fail(id);
    this.#cache.change(id, (now) => withProblem(now, problem));
  }

  /** The server has nothing of it, and would call it unknown. */
  isOnlyHere(id: string): boolean {
    return isTemporary(id) || this.#ports.store.conversations.get(id)?.isLocal === true;
  }

  isCurrent(id: string): boolean {
    return this.#ports.store.state.current?.id === id;
  }
}
