/** What must hold: at every instant for what a tab shows, and whenever everything has come to rest. */
import { type CompleteRow, type ConversationId, isTemporary } from "@instep/protocol";
import type { ConversationItem } from "@instep/sync-client";
import { FIRST_MODEL } from "./api.ts";
import type { Browser } from "./browser.ts";
import type { History, MessageFact } from "./history.ts";
import type { Sends } from "./sends.ts";
import type { Tab } from "./tab.ts";
import { must } from "./violation.ts";
import type { Words } from "./words.ts";

/** What the checks ask about. */
export interface Scene {
  readonly history: History;
  readonly browser: Browser;
  readonly tab: Tab;
  readonly unreadScope: "device" | "account";
  readonly words: Words;
  readonly sends: Sends;
  /** The send that a reply answers, by the reply's id. */
  readonly replyOwner: (replyId: string) => string | undefined;
}

/** What a tab may never show, whatever is under way [DEV-3, DEV-7, DEV-9]. */
export function checkInstant(scene: Scene): void {
  const { tab, history } = scene;
  // Until it is told otherwise, a tab shows the history that was rewound.
  if (history.era > 0 && tab.claim === null) {
    for (const { id } of itemsOf(tab)) noteBusy(scene, id);
    tab.banners = [];
    return;
  }
  tab.noteShown();
  for (const item of itemsOf(tab)) {
    checkNoFalseBadge(scene, item);
    checkItemIsOfItsTime(scene, item);
  }
  checkNothingMissing(scene);
  checkBannerCalls(scene);
  checkViews(scene);
  checkNotFalselyDeleted(scene);
  scene.words.checkInstant(tab);
  checkNoFalseBanner(scene);
  for (const [id, count] of tab.toasts) {
    must(count <= 1, "DEV-10", () => `${tab.name} showed ${count} toasts for the deletion of ${id}`);
    must(wasDeleted(scene, id), "DEV-10", () => `${tab.name} says that ${id} was deleted, and it never was`);
  }
}

/** However many tabs are shown, one asks for all, and one reads each reply [DEV-13]. */
export function checkConnections(browser: Browser): void {
  const kept = [...browser.link.kept].map(([topic, count]) => `${count} for ${topic}`).join();
  must(sharesConnections(browser), "DEV-13", () => `${browser.options.name} keeps connections open: ${kept}`);
}

export function sharesConnections({ link, options: { setting } }: Browser): boolean {
  return !setting.hasTabs || [...link.kept.values()].every((count) => count <= 1);
}

/** What a tab must show once everything has come to rest. */
export function checkQuiet(scene: Scene): void {
  const { history, tab } = scene;
  const live = [...history.live().values()];
  const shown = itemsOf(tab).filter(({ isLocal }) => !isLocal);
  const [want, have] = [live, shown].map((rows) => rows.map(describeRow).sort().join("\n"));
  must(want === have, "SYNC-3", () => `${tab.name} shows\n${have}\nbut the server has\n${want}`);
  for (const isArchived of [false, true]) {
    const order = live.filter(({ archived }) => archived === isArchived).sort(inListOrder);
    const list = (isArchived ? tab.device.conversations.archivedList() : tab.device.conversations.list()).filter(
      (id) => tab.device.conversations.get(id)?.isLocal === false,
    );
    const wanted = order.map(({ id }) => id).join();
    must(wanted === list.join(), "LIST-1", () => `${tab.name} lists ${list.join()} instead of ${wanted}`);
  }
  for (const item of shown) checkBadge(scene, item);
  checkBanner(scene);
  checkRead(scene);
  checkDeletionWasTold(scene);
  must(tab.fullSyncs === 0, "DEV-2", () => `${tab.name} waits for ${tab.fullSyncs} full syncs that never come`);
}

function checkNoFalseBadge(scene: Scene, item: ConversationItem): void {
  if (item.unread === 0) return;
  const { tab, history } = scene;
  const isLookedAt = tab.current === item.id && tab.page.isVisible;
  must(!isLookedAt || !tab.hasStarted, "DEV-3", () => `${tab.name} badges ${item.id}, which is on screen`);
  if (scene.unreadScope === "account") return;
  const seen = tab.knowledge.of(item.id);
  const surely = tab.isBusyWith(item.id) ? seen.surely : Math.max(seen.surely, seen.told);
  const isNews = (fact: MessageFact): boolean => tab.witness.isUnsure(item.id) || !isOwn(scene, fact);
  const possible = history.messages(item.id).filter((fact) => fact.seq > surely && isNews(fact)).length;
  const most = Math.max(possible, wasMarked(scene, item) ? 1 : 0);
  must(item.unread <= most, "DEV-3", () => {
    return `${tab.name} badges ${item.unread} of ${item.id}, of which it saw up to ${surely}; at most ${most} came from elsewhere`;
  });
}

/** What is shown was true at some time since the tab said that it knows everything [SYNC-3, DEV-8]. */
function checkItemIsOfItsTime(scene: Scene, item: ConversationItem): void {
  const { tab, history } = scene;
  const { claim } = tab;
  // What a person changed here may stand before the server has it; how many messages there are is never anybody's to change.
  const describe = isJudged(scene, item.id) ? describeShown : describeCounts;
  if (item.isLocal || tab.isBusyWith(item.id) || claim === null) return;
  const versions = history.versionsSince(item.id, claim.since);
  const isTrue = versions.some(({ row }) => row !== null && describe(row) === describe(item));
  must(isTrue, "SYNC-3", () => {
    const rows = versions.map(({ clock, row }) => `${clock} ${row ? describeShown(row) : "deleted"}`).join("\n");
    return `${tab.name} knows everything until ${claim.since} and shows\n${describeShown(item)}\nof ${item.id}, which was\n${rows}`;
  });
}

function checkNothingMissing(scene: Scene): void {
  const { tab, history } = scene;
  const { claim } = tab;
  if (claim === null) return;
  for (const [id] of history.live()) {
    if (tab.device.conversations.get(id) !== undefined || !isJudged(scene, id)) continue;
    const wasGone = history.versionsSince(id, claim.since).some(({ row }) => row === null);
    must(wasGone, "SYNC-2", () => `${tab.name} knows everything until ${claim.since}, and ${id} is not there`);
  }
}

function checkNoFalseBanner(scene: Scene): void {
  const { tab } = scene;
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  if (view === undefined || view.newMessages === 0) return;
  must(view.reply?.isOwn !== true, "DEV-4", () => `${tab.name} has a banner for ${view.id} during a turn of its own`);
  const newest = view.messages.at(-1)?.seq ?? 0;
  const notShown = scene.history.messages(view.id).filter(({ seq }) => seq > newest).length;
  const least = view.newMessages ?? 1;
  must(notShown >= least, "DEV-9", () => {
    return `${tab.name} has a banner of ${view.newMessages} for ${view.id}, shown up to ${newest}; ${notShown} came after that`;
  });
}

/** What the page was told of is not shown at the end of the same moment. */
function checkBannerCalls({ tab, history }: Scene): void {
  for (const { id, count } of tab.banners.splice(0)) {
    const newest = tab.device.views.get(id)?.messages.at(-1)?.seq ?? 0;
    const notShown = history.messages(id as ConversationId).filter(({ seq }) => seq > newest).length;
    must(
      notShown >= (count ?? 1),
      "DEV-9",
      () => `${tab.name} was told of ${count} new messages, and ${notShown} are not shown`,
    );
  }
}

/** What is shown of a conversation is in order, nothing is there twice, and nothing that stands between is missing. */
function checkViews({ tab, history }: Scene): void {
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  const seqs = view?.messages.map(({ seq }) => seq) ?? [];
  const isOrdered = seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] ?? 0));
  must(isOrdered, "DEV-9", () => `${tab.name} shows the messages ${seqs.join()} of ${tab.current}`);
  const [first, last] = [seqs[0] ?? 0, seqs.at(-1) ?? 0];
  const between = history.messages(tab.current as ConversationId).filter(({ seq }) => seq > first && seq < last);
  const missing = between.filter(({ isLive, seq }) => isLive && !seqs.includes(seq));
  must(missing.length === 0, "DEV-9", () => {
    return `${tab.name} shows the messages ${seqs.join()} of ${tab.current}, without ${missing.map(({ seq }) => seq).join()}`;
  });
}

/** What was begun here and waits to be sent is not called deleted [ID-1, DEV-10]. */
function checkNotFalselyDeleted(scene: Scene): void {
  const { tab, browser, sends } = scene;
  // Who can't read the store knows of nothing that waits in it [DEV-14].
  if (tab.store.hasFailed) return;
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  if (view?.phase !== "deleted" || !browser.options.setting.hasStore) return;
  const isFalse = !wasDeleted(scene, view.id) && sends.isWanted(view.id);
  must(!isFalse, "DEV-10", () => `${tab.name} says that ${view.id} was deleted, and something for it waits here`);
}

/** What was opened with a badge is read, everywhere [DEV-3]. */
function checkRead({ tab, history }: Scene): void {
  for (const [id, seq] of tab.toBeRead) {
    const row = history.live().get(id as ConversationId);
    const isOpen = tab.current === id && tab.device.views.get(id)?.phase === "ready";
    const isRead = row === undefined || row.read_seq >= seq;
    must(
      isRead || !isOpen,
      "DEV-3",
      () => `${tab.name} shows ${id}, and the account has read only ${row?.read_seq} of ${seq}`,
    );
  }
  tab.toBeRead.clear();
}

function checkBadge(scene: Scene, item: ConversationItem): void {
  const { tab, history, browser } = scene;
  const row = history.live().get(item.id);
  if (row === undefined) return;
  const { least, most } = tab.current === item.id ? { least: 0, most: 0 } : badgeBounds(scene, row);
  must(item.unread >= least && item.unread <= most, "DEV-3", () => {
    const seen = `saw ${tab.knowledge.of(item.id).surely} to ${browser.mayHaveSeen(tab, item.id)}`;
    return `${tab.name} badges ${item.unread} of ${item.id} (${seen}), and not ${least} to ${most}: ${describeRow(row)}`;
  });
}

function badgeBounds(scene: Scene, row: CompleteRow): { readonly least: number; readonly most: number } {
  const { history, browser, tab, unreadScope } = scene;
  const id = row.id as ConversationId;
  const atLeast = row.marked_unread ? 1 : 0;
  if (unreadScope === "account") {
    const exact = Math.max(row.unread_count, atLeast);
    return { least: exact, most: exact };
  }
  const live = history.messages(id).filter(({ isLive }) => isLive);
  const after = (seq: number): readonly MessageFact[] => live.filter((fact) => fact.seq > Math.max(seq, row.read_seq));
  const least = after(browser.mayHaveSeen(tab, id)).filter((fact) => !isOwnOfBrowser(scene, fact)).length;
  const isNews = (fact: MessageFact): boolean => tab.witness.isUnsure(id) || !isOwn(scene, fact);
  const most = after(tab.knowledge.of(id).surely).filter(isNews).length;
  return { least: Math.max(least, atLeast), most: Math.max(most, atLeast) };
}

function checkBanner(scene: Scene): void {
  const { tab, history } = scene;
  if (tab.current === null) return;
  const view = tab.device.views.get(tab.current);
  const row = history.live().get(tab.current as ConversationId);
  if (row === undefined || view === undefined || view.phase !== "ready") return;
  const newest = view.messages.at(-1)?.seq ?? 0;
  const missing = history.messages(row.id as ConversationId).filter(({ isLive, seq }) => isLive && seq > newest).length;
  must(view.newMessages === missing, "DEV-9", () => {
    return `${tab.name} says that ${view.newMessages} messages of ${view.id} are new after ${newest}, and ${missing} are`;
  });
}

function checkDeletionWasTold(scene: Scene): void {
  const { tab, history } = scene;
  // A new chat in which nothing was written is nowhere but on screen.
  if (tab.current !== null && isTemporary(tab.current)) return;
  const isThere = tab.current === null || history.live().has(tab.current as ConversationId);
  // Opened at its address, and never known here.
  const isSaid = tab.current !== null && tab.device.views.get(tab.current)?.phase === "deleted";
  const isOurs = tab.current !== null && tab.device.conversations.get(tab.current)?.isLocal === true;
  must(
    isThere || isOurs || isSaid,
    "DEV-10",
    () => `${tab.name} still shows ${tab.current}, which is deleted, and said nothing`,
  );
  const isLive = tab.current !== null && history.live().has(tab.current as ConversationId);
  must(!isLive || !isSaid, "DEV-10", () => `${tab.name} says that ${tab.current} was deleted, and it is there`);
}

/** Whether the checks can tell what the tab should show of it: nothing of its own is under way there. */
function isJudged(scene: Scene, id: ConversationId): boolean {
  const { tab, browser } = scene;
  noteBusy(scene, id);
  return tab.claim !== null && !browser.isTouched(id, tab.claim.leftAt);
}

/** What is under way may hide what the server says for a while after it has ended. */
function noteBusy({ tab, browser }: Scene, id: ConversationId): void {
  if (tab.isBusyWith(id)) browser.touch(id)();
}

function wasDeleted({ history, browser }: Scene, id: string): boolean {
  // What a restore has undone is gone as well.
  return history.era > 0 || browser.removals.has(id) || history.wasDeleted(id as ConversationId);
}

function wasMarked({ history, browser }: Scene, item: ConversationItem): boolean {
  return browser.isTouched(item.id, 0) || history.versions(item.id).some(({ row }) => row?.marked_unread === true);
}

/**
 * Whether a message is the tab's own, or the reply to one that ended on screen [lesson 3, DEV-5]. One that came back has a new number,
 * by which nobody but who brought it back can know it.
 */
function isOwn({ tab, replyOwner }: Scene, fact: MessageFact): boolean {
  const isSeen = fact.role === "user" || tab.witness.isSeenReply(fact.id);
  return !fact.isBack && isSeen && tab.isOwn(fact.clientMessageId ?? replyOwner(fact.id));
}

function isOwnOfBrowser({ tab, browser, replyOwner }: Scene, fact: MessageFact): boolean {
  const isOfBrowser = browser.sends.has(fact.clientMessageId ?? replyOwner(fact.id) ?? "");
  return isOfBrowser && !tab.witness.isUnseenReply(fact.id);
}

function itemsOf({ device }: Tab): ConversationItem[] {
  const ids = [...device.conversations.list(), ...device.conversations.archivedList()];
  const items = ids.map((id) => device.conversations.get(id)).filter((item) => item !== undefined);
  // A device keeps no name for the default, which the server's history names.
  return items.map((item) => ({ ...item, model: item.model || FIRST_MODEL }));
}

function inListOrder(one: CompleteRow, other: CompleteRow): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  if (one.updated_at !== other.updated_at) return one.updated_at > other.updated_at ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

function describeCounts(row: CompleteRow): string {
  return `${row.message_count} messages to ${row.last_seq}`;
}

function describeShown(row: CompleteRow): string {
  const flags = `${row.pinned ? "pinned " : ""}${row.archived ? "archived " : ""}${row.model}`;
  return `"${row.title}" ${describeCounts(row)}, ${flags}`;
}

function describeRow(row: CompleteRow): string {
  const read = `read to ${row.read_seq}, ${row.unread_count} unread${row.marked_unread ? ", marked" : ""}`;
  return `${row.id} ${describeShown(row)}, ${read}, ${row.updated_at}, reply ${row.active_reply_id}`;
}
