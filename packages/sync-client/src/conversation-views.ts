/** Messages of conversations, loaded and followed: the edge of `conversation-view.ts`. */
import type { ConversationDetail, ConversationId, Message, ReplyId } from "@instep/protocol";
import { isTemporary } from "@instep/protocol";
import { applyFound, applySeen } from "./apply-local.ts";
import { isKnownUpTo } from "./apply-sync.ts";
import { forgetArrived } from "./arrived-sends.ts";
import { BadgesToClear } from "./badges-to-clear.ts";
import {
  firstNewOf,
  isOutdated,
  isWhole,
  lastSeqOf,
  type LoadedConversation,
  NOTHING_LOADED,
  viewOf,
  withNewer,
  withNewest,
  withProblem,
  withSeen,
  withTail,
} from "./conversation-view.ts";
import type { ConversationViews } from "./device.ts";
import { type Failure, isFailure } from "./failure.ts";
import { withLatest } from "./found-window.ts";
import { type Moment, momentOf } from "./moment.ts";
import { PagedViews } from "./paged-views.ts";
import { rowOfSummary } from "./summary-row.ts";
import { allSeen, seenThrough } from "./unread.ts";
import type { ViewPorts } from "./view-ports.ts";

const PAGE_SIZE = 50;
/** So many pages of new messages are fetched one by one; with more, the newest page is shown instead. */
const MAX_NEW_PAGES = 5;

/** The open conversation and the ones opened before. */
export class LoadedViews extends PagedViews implements ConversationViews {
  readonly #ports: ViewPorts;
  readonly #badges = new BadgesToClear();
  /** What is to be put on screen once it is known what is stored. */
  #awaited: string | null = null;

  constructor(ports: ViewPorts) {
    super(ports, (id, loaded) =>
      viewOf(loaded, {
        id: id as ConversationId,
        pending: ports.pendingOf(id),
        reply: ports.replyOf(id),
        newMessages: ports.store.newOnScreen(id),
      }),
    );
    this.#ports = ports;
  }

  /** A draft has become a conversation. */
  adopt(draftId: string, id: ConversationId): void {
    this.put(id, this.loaded(draftId) ?? { ...NOTHING_LOADED, phase: "ready" });
    this.remove(draftId);
    if (this.#ports.store.state.current?.id === draftId) this.#ports.manager.setCurrentConversation(id);
    this.refresh(id);
  }

  async openConversation(id: string, foundSeq?: number): Promise<void> {
    const { store, manager, restoring } = this.#ports;
    this.#awaited = id;
    // A badge, and where the new begins, are judged by what this browser had seen; what was begun here is only here.
    if (!this.#isOnlyHere(id) && restoring()) await restoring();
    if (this.#awaited !== id) return;
    const previous = store.state.current?.id;
    if (foundSeq !== undefined && this.#isShown(id)) return this.find(id, foundSeq, true);
    if (previous && previous !== id) this.#leave(previous);
    const item = store.conversations.get(id);
    const isUnread = item !== undefined && item.unread > 0;
    const isBadged = isUnread || item?.marked_unread !== false;
    if (previous !== id && isBadged) this.#badges.open(id);
    const seen = store.state.entries.get(id)?.baseline.seq ?? 0;
    manager.setCurrentConversation(id);
    this.#putKnown(id, this.#isOnlyHere(id) ? { ...NOTHING_LOADED, phase: "ready" } : NOTHING_LOADED);
    this.keepNewest((other) => other === id || this.#isNeeded(other));
    if (this.#isOnlyHere(id)) return;
    const finding = foundSeq !== undefined && this.find(id, foundSeq, false);
    await Promise.all([this.#load(id, isBadged), this.#paintStored(id)]);
    if (isUnread) this.change(id, (now) => withSeen(now, seen));
    await finding;
  }

  closeConversation(): void {
    this.#awaited = null;
    const id = this.#ports.store.state.current?.id;
    if (id) this.#leave(id);
    this.#ports.manager.setCurrentConversation(null);
  }

  async loadNewer(id: string): Promise<number | null> {
    const { store } = this.#ports;
    if (this.#isOnlyHere(id)) return null;
    this.showLatest(id);
    const shown = store.state.current?.id === id ? store.state.current.shown : null;
    const before = lastSeqOf(this.loaded(id) ?? NOTHING_LOADED);
    const seen = Math.max(before, shown?.seq ?? 0);
    const isMerely = (this.loaded(id)?.totalCount ?? 0) > 0 && (await this.#appendNewer(id));
    if (!isMerely) await this.#load(id, true);
    this.change(id, (now) => withSeen(now, seen));
    const replyId = (store.conversations.get(id)?.active_reply_id ?? null) as ReplyId | null;
    const isUnfollowed = replyId !== null && isMerely && this.#isCurrent(id);
    if (isUnfollowed) this.#ports.follow(id as ConversationId, { replyId, after: 0, text: "" });
    return firstNewOf(this.loaded(id) ?? NOTHING_LOADED);
  }

  /** The page is shown again: what a turn left on it while nobody looked is read now [DEV-5]. */
  seeCurrent(): void {
    const { store, manager } = this.#ports;
    const { current, entries } = store.state;
    const seen = entries.get(current?.id ?? "")?.baseline;
    if (!current || !seen || seen.seq >= current.shown.seq) return;
    manager.commit(applySeen(store.state, current.id, current.shown));
    this.#markRead(current.id, current.shown.seq);
  }

  /** Something is known anew of a conversation; one on screen that was taken for deleted is there again. */
  renew(id: string): void {
    this.refresh(id);
    if (this.#isCurrent(id) && this.loaded(id)?.phase === "deleted") void this.#load(id, true);
  }

  /** Loads the newest page again: what is there can't be continued. */
  reload = (id: string): Promise<void> => this.#load(id, false);

  /** The server has answered: what could not be loaded is loaded now, and so is what it called deleted and still lists. */
  retryCurrent(): void {
    const { current, entries } = this.#ports.store.state;
    if (!current) return;
    const loaded = this.loaded(current.id);
    const isThere = loaded?.phase === "deleted" && entries.has(current.id);
    if (loaded?.phase === "failed" || isThere || this.#badges.retry(current.id)) void this.#load(current.id, true);
    else if (loaded?.newerProblem) void this.loadNewer(current.id);
  }

  /** History was rewound: nothing that is loaded can be trusted [EPOCH-1]. */
  forgetAll(): void {
    const { current: onScreen, entries } = this.#ports.store.state;
    const current = onScreen?.id;
    // What the new history lacks is deleted, whoever looks at it.
    const isGone = (id: string): boolean => this.loaded(id)?.phase === "deleted" && !entries.has(id);
    const ids = this.ids().filter((id) => !isTemporary(id) && !isGone(id));
    for (const id of ids) {
      if (id === current) this.change(id, () => NOTHING_LOADED);
      else this.remove(id);
    }
    void this.#ports.localStore.removeMessages(ids);
    if (current && !isTemporary(current)) void this.#load(current, false);
  }

  /** A conversation is no more. */
  drop(id: string): void {
    this.change(id, () => ({ ...NOTHING_LOADED, phase: "deleted" }));
    void this.#ports.localStore.removeMessages([id]);
  }

  #putKnown(id: string, otherwise: LoadedConversation): void {
    const known = this.loaded(id);
    const shown = known?.phase === "ready" ? known : otherwise;
    this.put(id, shown);
    this.#showStored(id, lastSeqOf(shown));
  }

  async #load(id: string, isRead: boolean, isRepeated = false): Promise<void> {
    const { store, transport } = this.#ports;
    if (this.#isOnlyHere(id)) return;
    const asked = store.state.watermark;
    const known = store.state.entries.get(id)?.asOf;
    const detail = await transport.open(id as ConversationId, PAGE_SIZE);
    const isTold = store.state.entries.get(id)?.asOf !== known;
    if (!isRepeated && isOutdated(this.loaded(id), detail, isTold)) return this.#load(id, isRead, true);
    if (isFailure(detail)) return this.#failed(id, detail);
    this.#badges.retry(id);
    const asOf = momentOf(detail, asked);
    // Deleted meanwhile: an answer of before brings nothing back [DEV-8].
    const isGone = detail.server_time !== undefined && !store.state.entries.has(id) && isKnownUpTo(store.state, asOf);
    if (isGone) return;
    this.change(id, (now) => withNewest(now, detail));
    this.#see(id, detail, asOf);
    const isUnreadInAccount = store.state.unreadScope === "account" && detail.unread_count > 0;
    if (!this.#isCurrent(id)) return;
    const isUnread = isRead || this.#badges.has(id) || detail.marked_unread || isUnreadInAccount;
    if (isUnread) this.#markRead(id, detail.last_seq);
    const reply = detail.active_reply;
    if (!reply || this.#ports.replyOf(id)) return;
    const replyId = reply.reply_id as ReplyId;
    const { text, thoughts = "", last_event_id: after } = reply;
    this.#ports.follow(id as ConversationId, { replyId, after, text, thoughts });
  }

  /** What is loaded is seen: exactly as many as the server says there are, loaded or not [DEV-6]. */
  #see(id: string, detail: ConversationDetail, asOf: Moment): void {
    const { store, manager } = this.#ports;
    const counts = { message_count: detail.message_pagination.total_count, last_seq: detail.last_seq };
    if (!store.state.entries.has(id)) {
      manager.commit(applyFound(store.state, [rowOfSummary(detail, store.state.defaultModel)], asOf));
    }
    forgetArrived(this.#ports.box, id, detail.messages);
    if (!this.#isCurrent(id)) return;
    store.screen.setShown(id, allSeen(counts));
    manager.commit(applySeen(store.state, id, allSeen(counts)));
    this.refresh(id);
  }

  /** Fetches what is newer, and only that. False where it does not join on, or some of what is shown was ended. */
  async #appendNewer(id: string): Promise<boolean> {
    const newer: Message[] = [];
    for (let page = 0; page < MAX_NEW_PAGES; page++) {
      const loaded = this.loaded(id) ?? NOTHING_LOADED;
      const after = newer.at(-1)?.seq ?? lastSeqOf(loaded);
      const answer = await this.#ports.transport.messages(id as ConversationId, { after, limit: 100 });
      if (isFailure(answer)) {
        this.change(id, (now) => ({ ...now, newerProblem: answer }));
        return true;
      }
      newer.push(...answer.messages);
      if (answer.message_pagination.has_newer) continue;
      const { total_count: total, last_seq: lastSeq } = answer.message_pagination;
      if (this.loaded(id)?.messages !== loaded.messages || !isWhole(loaded, newer.length, total)) return false;
      this.change(id, (now) => withNewer(now, newer, total));
      this.#seeUpTo(id, total, lastSeq);
      return true;
    }
    return false;
  }

  #seeUpTo(id: string, count: number, until = 0): void {
    const { store, manager } = this.#ports;
    // Numbers above the last message's belong to messages that were ended.
    const lastSeq = Math.max(until, lastSeqOf(this.loaded(id) ?? NOTHING_LOADED));
    const baseline = allSeen({ message_count: count, last_seq: lastSeq });
    forgetArrived(this.#ports.box, id, this.loaded(id)?.messages ?? []);
    if (!this.#isCurrent(id)) return;
    store.screen.setShown(id, baseline);
    manager.commit(applySeen(store.state, id, baseline));
    this.#markRead(id, lastSeq);
    this.refresh(id);
  }

  /** Read here and everywhere; nothing of its badge is left to be cleared by a later opening. */
  #markRead(id: string, seq: number): void {
    this.#badges.clear(id);
    this.#ports.markRead(id, seq);
  }

  async #paintStored(id: string): Promise<void> {
    if (this.loaded(id)?.phase !== "loading") return;
    const messages = await this.#ports.localStore.loadMessages(id);
    const phase = this.loaded(id)?.phase;
    // The network may have failed before the store was read.
    if (!messages || messages.length === 0 || (phase !== "loading" && phase !== "failed")) return;
    const lastSeq = messages.at(-1)?.seq ?? 0;
    this.#showStored(id, lastSeq);
    this.change(id, (now) => ({ ...now, phase: "ready", problem: null, newerProblem: now.problem, messages, lastSeq }));
  }

  /** What is painted is seen: it may not stand in the banner until the server has answered, nor in a badge if it never does. */
  #showStored(id: string, lastSeq: number): void {
    const { store, manager } = this.#ports;
    if (lastSeq === 0) return;
    const shown = seenThrough(lastSeq, store.state.entries.get(id)?.row);
    store.screen.setShown(id, shown);
    if (store.screen.has(id)) manager.commit(applySeen(store.state, id, shown));
  }

  #failed(id: string, problem: Failure): void {
    this.#badges.fail(id);
    this.change(id, (now) => withProblem(now, problem));
  }

  #leave(id: string): void {
    const { store, manager } = this.#ports;
    const { current } = store.state;
    // What was on screen was seen, whether or not the server could be asked how much there is.
    if (current?.id === id) manager.commit(applySeen(store.state, id, current.shown));
    this.#ports.unfollow(id);
    this.#ports.forgetEmpty(id);
    this.change(id, (now) => withTail(withLatest({ ...now, seenUpTo: null }), PAGE_SIZE));
  }

  /** The server has nothing of it, and would call it unknown. */
  #isOnlyHere(id: string): boolean {
    return isTemporary(id) || this.#ports.store.conversations.get(id)?.isLocal === true;
  }

  #isShown(id: string): boolean {
    return this.#isCurrent(id) && this.loaded(id)?.phase === "ready";
  }

  #isCurrent(id: string): boolean {
    return this.#ports.store.state.current?.id === id;
  }

  /** What waits or runs there would be lost with its view. */
  #isNeeded(id: string): boolean {
    return this.#ports.replyOf(id) !== null || this.#ports.pendingOf(id).length > 0;
  }
}
