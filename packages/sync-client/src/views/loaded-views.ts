/** The open conversation and the ones opened before: what opening, leaving and looking again mean. */
import { type ConversationId, isTemporary, type ReplyId } from "@instep/protocol";
import { applySeen } from "../apply-local.ts";
import { firstNewOf, type LoadedConversation, NOTHING_LOADED, withSeen, withTail } from "./conversation-view.ts";
import type { ConversationViews } from "../device.ts";
import { lastSeqOf, withLatest } from "./found-window.ts";
import { KEPT_WHEN_LEFT } from "./page-sizes.ts";
import type { ViewCache } from "./view-cache.ts";
import { ViewLoader } from "./view-loader.ts";
import type { ViewPorts } from "./view-ports.ts";

export class LoadedViews implements Pick<ConversationViews, "openConversation" | "closeConversation" | "loadNewer"> {
  readonly #ports: ViewPorts;
  readonly #cache: ViewCache;
  readonly #loader: ViewLoader;
  /** What is to be put on screen once it is known what is stored. */
  #awaited: string | null = null;

  constructor(ports: ViewPorts) {
    this.#ports = ports;
    this.#cache = ports.viewCache;
    this.#loader = new ViewLoader(ports);
  }

  /** A draft has become a conversation. */
  adopt(draftId: string, id: ConversationId): void {
    this.#cache.put(id, this.#cache.loaded(draftId) ?? { ...NOTHING_LOADED, phase: "ready" });
    this.#cache.remove(draftId);
    if (this.#ports.store.state.current?.id === draftId) this.#ports.manager.setCurrentConversation(id);
    this.#cache.refresh(id);
  }

  async openConversation(id: string, foundSeq?: number): Promise<void> {
    const restoring = this.#loader.isOnlyHere(id) ? null : this.#ports.restoring();
    this.#awaited = id;
    // A badge, and where the new begins, are judged by what this browser had seen; what was begun here is only here.
    if (restoring && !(await restoring)) return;
    if (this.#awaited !== id) return;
    if (foundSeq !== undefined && this.#isShown(id)) return this.#ports.furtherPages.find(id, foundSeq, true);
    const isFinding = foundSeq !== undefined;
    const { isBadged, newAfter } = this.#putOnScreen(id, isFinding);
    if (this.#loader.isOnlyHere(id)) return;
    const finding = isFinding && this.#ports.furtherPages.find(id, foundSeq, false);
    const loading = this.#loader.open(id, isBadged);
    await Promise.all([loading, this.#loader.paintStored(id)]);
    if (newAfter !== null) this.#cache.change(id, (now) => withSeen(now, newAfter));
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
    // Once it is known what is stored, all of what waits for that is loaded.
    const isAwaited = this.#awaited === id && !this.#loader.isCurrent(id);
    if (isAwaited || this.#loader.isOnlyHere(id)) return null;
    this.#ports.furtherPages.showLatest(id);
    const shown = store.state.current?.id === id ? store.state.current.shown : null;
    const before = lastSeqOf(this.#cache.loaded(id) ?? NOTHING_LOADED);
    const seen = Math.max(before, shown?.seq ?? 0);
    const isAppended = (this.#cache.loaded(id)?.totalCount ?? 0) > 0 && (await this.#loader.appendNewer(id));
    if (!isAppended) await (store.screen.has(id) ? this.#loader.open(id, true) : this.#loader.load(id));
    this.#cache.change(id, (now) => withSeen(now, seen));
    const replyId = (store.conversations.get(id)?.active_reply_id ?? null) as ReplyId | null;
    const isUnfollowed = replyId !== null && isAppended && this.#loader.isCurrent(id);
    if (isUnfollowed) this.#ports.follow(id as ConversationId, { replyId, after: 0, text: "" });
    return firstNewOf(this.#cache.loaded(id) ?? NOTHING_LOADED);
  }

  /** The page is shown again: what a turn left on it while nobody looked is read now [DEV-5]. */
  seeCurrent(): void {
    const { store, manager } = this.#ports;
    const { current, entries } = store.state;
    const seen = entries.get(current?.id ?? "")?.baseline;
    if (!current || !seen || seen.seq >= current.shown.seq) return;
    manager.commit(applySeen(store.state, current.id, current.shown));
    this.#loader.markRead(current.id, current.shown.seq);
  }

  /** Something is known anew of a conversation; one on screen that was taken for deleted is there again. */
  renew(id: string): void {
    this.#cache.refresh(id);
    const isBack = this.#ports.store.screen.has(id) && this.#cache.loaded(id)?.phase === "deleted";
    if (isBack) void this.#loader.open(id, true);
  }

  /** Loads the newest page again: what is there can't be continued. */
  reload = (id: string): Promise<void> => this.#loader.load(id);

  /** The server has answered: what could not be loaded is loaded now, and so is what it called deleted and still lists. */
  retryCurrent(): void {
    const { screen } = this.#ports.store;
    const { current, entries } = this.#ports.store.state;
    // On a hidden page nobody would read it: once it is shown, the server answers again.
    if (!current || !screen.has(current.id)) return;
    const loaded = this.#cache.loaded(current.id);
    const isThere = loaded?.phase === "deleted" && entries.has(current.id);
    const isDue = loaded?.phase === "failed" || isThere || this.#loader.badges.takeFailed(current.id);
    if (isDue) void this.#loader.open(current.id, true);
    else if (loaded?.newerProblem) void this.loadNewer(current.id);
  }

  /** History was rewound: nothing that is loaded can be trusted [EPOCH-1]. */
  forgetAll(): void {
    const { current: onScreen, entries } = this.#ports.store.state;
    const current = onScreen?.id;
    // What the new history lacks is deleted, whoever looks at it.
    const isGone = (id: string): boolean => this.#cache.loaded(id)?.phase === "deleted" && !entries.has(id);
    const ids = this.#cache.ids().filter((id) => !isTemporary(id) && !isGone(id));
    for (const id of ids) {
      if (id === current) this.#cache.change(id, () => NOTHING_LOADED);
      else this.#cache.remove(id);
    }
    void this.#ports.localStore.removeMessages(ids);
    if (current && !isTemporary(current)) void this.#loader.load(current);
  }

  /** A conversation is no more. */
  drop(id: string): void {
    this.#cache.change(id, () => ({ ...NOTHING_LOADED, phase: "deleted" }));
    void this.#ports.localStore.removeMessages([id]);
  }

  /**
   * Puts it on screen as far as it is loaded, which shows unless a message is looked for. Returns whether it had a badge, and after which
   * message the new begins; null where nothing is.
   */
  #putOnScreen(id: string, isFinding: boolean): { readonly isBadged: boolean; readonly newAfter: number | null } {
    const { store, manager } = this.#ports;
    const previous = store.state.current?.id;
    if (previous && previous !== id) this.#leave(previous);
    const item = store.conversations.get(id);
    const isUnread = item !== undefined && item.unread > 0;
    const isBadged = isUnread || item?.marked_unread !== false;
    if (previous !== id && isBadged) this.#loader.badges.open(id);
    const seen = store.state.entries.get(id)?.baseline.seq ?? 0;
    manager.setCurrentConversation(id);
    const shown = this.#putKnown(id);
    if (!isFinding) this.#loader.showStored(id, lastSeqOf(shown));
    this.#cache.keepNewest((other) => other === id || this.#isNeeded(other));
    return { isBadged, newAfter: isUnread ? seen : null };
  }

  #putKnown(id: string): LoadedConversation {
    const known = this.#cache.loaded(id);
    const nothing: LoadedConversation = this.#loader.isOnlyHere(id)
      ? { ...NOTHING_LOADED, phase: "ready" }
      : NOTHING_LOADED;
    const loaded = known?.phase === "ready" ? known : nothing;
    this.#cache.put(id, loaded);
    return loaded;
  }

  #leave(id: string): void {
    const { store, manager } = this.#ports;
    const { current } = store.state;
    // What was on screen was seen, whether or not the server could be asked how much there is; on a hidden page nothing was.
    if (current?.id === id && store.screen.has(id)) manager.commit(applySeen(store.state, id, current.shown));
    this.#ports.unfollow(id);
    this.#ports.forgetEmpty(id);
    this.#cache.change(id, (now) => withTail(withLatest({ ...now, seenUpTo: null }), KEPT_WHEN_LEFT));
  }

  #isShown(id: string): boolean {
    return this.#loader.isCurrent(id) && this.#cache.loaded(id)?.phase === "ready";
  }

  /** What waits or runs there would be lost with its view. */
  #isNeeded(id: string): boolean {
    return this.#ports.replyOf(id) !== null || this.#ports.pendingOf(id).length > 0;
  }
}
