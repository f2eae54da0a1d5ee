/** What the checks look at: one tab, what it should show by the history, and words for what it shows. */
import type { CompleteRow, ConversationId } from "@instep/protocol";
import type { ConversationItem } from "@instep/sync-client";
import { FIRST_MODEL } from "./api.ts";
import type { Browser } from "./browser.ts";
import type { History } from "./history.ts";
import type { Sends } from "./sends.ts";
import type { Tab } from "./tab.ts";
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

export function itemsOf({ device }: Tab): ConversationItem[] {
  const ids = [...device.conversations.list(), ...device.conversations.archivedList()];
  const items = ids.map((id) => device.conversations.get(id)).filter((item) => item !== undefined);
  // A device keeps no name for the default, which the server's history names.
  return items.map((item) => ({ ...item, model: item.model || FIRST_MODEL }));
}

/** Whether the checks can tell what the tab should show of it: nothing of its own is under way there. */
export function isJudged(scene: Scene, id: ConversationId): boolean {
  const { tab, browser } = scene;
  noteBusy(scene, id);
  return tab.claim !== null && !browser.isTouched(id, tab, tab.claim.leftAt);
}

/** What is under way may hide what the server says for a while after it has ended. */
export function noteBusy({ tab, browser }: Scene, id: ConversationId): void {
  if (tab.isBusyWith(id)) browser.touch(id)();
}

export function wasDeleted({ history, browser }: Scene, id: string): boolean {
  // What a restore has undone is gone as well.
  return history.era > 0 || browser.removals.has(id) || history.wasDeleted(id as ConversationId);
}

export function describeCounts(row: CompleteRow): string {
  return `${row.message_count} messages to ${row.last_seq}`;
}

export function describeShown(row: CompleteRow): string {
  const flags = `${row.pinned ? "pinned " : ""}${row.archived ? "archived " : ""}${row.model}`;
  return `"${row.title}" ${describeCounts(row)}, ${flags}`;
}

export function describeRow(row: CompleteRow): string {
  const read = `read to ${row.read_seq}, ${row.unread_count} unread${row.marked_unread ? ", marked" : ""}`;
  return `${row.id} ${describeShown(row)}, ${read}, ${row.updated_at}, reply ${row.active_reply_id}`;
}
