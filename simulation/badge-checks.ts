/** Badges: none says more than came from elsewhere, and at rest each says exactly that [DEV-3]. */
import type { CompleteRow, ConversationId } from "@instep/protocol";
import type { ConversationItem } from "@instep/sync-client";
import type { MessageFact } from "./history.ts";
import { describeRow, type Scene } from "./scene.ts";
import { must } from "./violation.ts";

export function checkNoFalseBadge(scene: Scene, item: ConversationItem): void {
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

export function checkBadge(scene: Scene, item: ConversationItem): void {
  const { tab, history, browser } = scene;
  const row = history.live().get(item.id);
  if (row === undefined) return;
  const { least, most } = tab.current === item.id ? { least: 0, most: 0 } : badgeBounds(scene, row);
  must(item.unread >= least && item.unread <= most, "DEV-3", () => {
    const seen = `saw ${tab.knowledge.of(item.id).surely} to ${browser.mayHaveSeen(tab, item.id)}`;
    return `${tab.name} badges ${item.unread} of ${item.id} (${seen}), and not ${least} to ${most}: ${describeRow(row)}`;
  });
}

/** What was opened with a badge is read, everywhere [DEV-3]. */
export function checkRead({ tab, history }: Scene): void {
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

function wasMarked({ history, browser, tab }: Scene, item: ConversationItem): boolean {
  return browser.isTouched(item.id, tab, 0) || history.versions(item.id).some(({ row }) => row?.marked_unread === true);
}

/**
 * Whether a message is the tab's own, or the reply to one that ended on screen [lesson 3, DEV-5]. One that came back has a new number,
 * by which nobody but who brought it back can know it.
 */
function isOwn({ tab, replyOwner }: Scene, fact: MessageFact): boolean {
  const isSeen = fact.role === "user" || tab.witness.ownReplies.isSeen(fact.id);
  return !fact.isBack && isSeen && tab.isOwn(fact.clientMessageId ?? replyOwner(fact.id));
}

function isOwnOfBrowser({ tab, browser, replyOwner }: Scene, fact: MessageFact): boolean {
  const isOfBrowser = browser.sends.has(fact.clientMessageId ?? replyOwner(fact.id) ?? "");
  return isOfBrowser && !tab.witness.ownReplies.isUnseen(fact.id);
}
