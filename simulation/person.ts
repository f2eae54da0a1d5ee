/** What somebody does at a tab that is in front of them. */
import type { ConversationId } from "@instep/protocol";
import type { SendOptions } from "@instep/sync-client";
import { scriptedText } from "./reply-script.ts";
import type { ReplyScript, TabChange, TabStep } from "./step.ts";
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";

export interface AtTab {
  readonly world: World;
  readonly tab: Tab;
  /** The step's number. */
  readonly index: number;
}

/** Performs a step in a tab that is visible and runs. */
export function performTabStep(at: AtTab, step: Exclude<TabStep, { do: "page" }>): void {
  const { tab } = at;
  if (step.do === "draft") return draft(at, step);
  if (step.do === "send" || step.do === "open" || step.do === "change") return onListed(at, step);
  if (step.do === "close") return tab.close();
  if (step.do === "sync-now") return tab.device.syncNow();
  if (step.do === "load-more") return void tab.device.loadMoreConversations();
  if (step.do === "full-sync") return void tab.fullSync();
  if (step.do === "mark-all-read") return void markAllRead(at, step.undo);
  if (tab.current !== null) onCurrent(at, tab.current, step);
}

function draft(at: AtTab, step: { readonly script: ReplyScript; readonly batch: boolean }): void {
  const id = at.tab.device.actions.createDraft();
  at.tab.open(id);
  send(at, { id, script: step.script, options: { mode: step.batch ? "batch" : "stream" } });
}

function onListed(at: AtTab, step: TabStep & { readonly do: "send" | "open" | "change" }): void {
  const { tab, world } = at;
  const { conversations } = tab.device;
  const isReturn = step.do === "change" && step.change === "restore";
  const ids = isReturn ? world.history.deletedIds() : [...conversations.list(), ...conversations.archivedList()];
  const id = ids[step.conversation % Math.max(1, ids.length)];
  if (id === undefined) return step.do === "send" ? draft(at, step) : undefined;
  if (step.do === "change") return void change(at, id, step.change);
  if (tab.current !== id) tab.open(id);
  if (step.do === "send") send(at, { id, script: step.script, options: { mode: step.batch ? "batch" : "stream" } });
}

function onCurrent(at: AtTab, id: string, step: Exclude<TabStep, { do: "page" }>): void {
  const { views, turns } = at.tab.device;
  const action: string = step.do;
  if (action === "load-older") return void views.loadOlder(id);
  if (action === "load-newer") return void views.loadNewer(id);
  if (action === "stop") return void turns.stop(id);
  if (step.do === "edit" || step.do === "ask-again") return anew(at, id, step);
  const pending = views.get(id)?.pending[0];
  if (!pending) return;
  if (action === "retry") turns.retry(pending.clientMessageId);
  else {
    at.world.sends.discarded(turns.discard(pending.clientMessageId));
    // It may have arrived, and then it is news to somebody who took it back.
    at.tab.witness.becomesUnsure(pending.conversationId);
  }
}

/** Edits a user message, or asks again for a reply [MSG-3]. */
function anew(at: AtTab, id: string, step: TabStep & { readonly do: "edit" | "ask-again" }): void {
  const { views, turns } = at.tab.device;
  const role = step.do === "edit" ? "user" : "assistant";
  const messages = (views.get(id)?.messages ?? []).filter((message) => message.role === role).toReversed();
  const message = messages[step.back % Math.max(1, messages.length)];
  if (!message) return;
  if (step.do === "edit") return send(at, { id, script: step.script, options: { replaceFromSeq: message.seq } });
  const settled = at.world.browserOf(at.tab).touch(id);
  void turns.askAgain(id, message.seq).finally(settled);
}

interface Sending {
  readonly id: string;
  readonly script: ReplyScript;
  readonly options: SendOptions;
}

function send({ world, tab, index }: AtTab, { id, script, options }: Sending): void {
  const text = scriptedText(`Message ${index}`, script);
  const record = { text, tab, conversationId: id, isWanted: true, isFormer: false };
  world.sends.add(record);
  const settled = world.browserOf(tab).touch(id);
  const go = async (): Promise<void> => {
    record.conversationId = await tab.device.turns.send(id, text, options);
    settled();
    // The page's address becomes the conversation's.
    if (tab.current === id && record.conversationId !== id) tab.open(record.conversationId);
  };
  void go();
}

async function markAllRead({ world, tab }: AtTab, hasUndo: boolean): Promise<void> {
  const { device, knowledge } = tab;
  const ids = [...device.conversations.list(), ...device.conversations.archivedList()];
  const browser = world.browserOf(tab);
  const settled = ids.map((id) => browser.touch(id));
  for (const id of ids) knowledge.mayHaveSeen(id, device.conversations.get(id)?.last_seq ?? 0);
  const undo = await device.actions.markAllRead();
  if (hasUndo) await undo();
  for (const settle of settled) settle();
}

async function change({ world, tab, index }: AtTab, id: ConversationId, what: TabChange): Promise<void> {
  const settled = world.browserOf(tab).touch(id);
  const { device, knowledge } = tab;
  if (what === "mark-read") knowledge.mayHaveSeen(id, device.conversations.get(id)?.last_seq ?? 0);
  if (what === "restore") world.history.allowReturn(id);
  if (what === "remove") {
    world.browserOf(tab).removals.add(id);
    if (tab.current === id) tab.close();
  }
  await act(tab, { id, what, title: `Named in step ${index}` });
  settled();
}

async function act(
  { device: { actions } }: Tab,
  { id, what, title }: { readonly id: ConversationId; readonly what: TabChange; readonly title: string },
): Promise<void> {
  if (what === "rename") await actions.rename(id, title);
  else if (what === "pin" || what === "unpin") await actions.setPinned(id, what === "pin");
  else if (what === "archive" || what === "unarchive") await actions.setArchived(id, what === "archive");
  else if (what === "model") await actions.setModel(id, title.length % 2 === 0 ? "model-a" : "model-b");
  else if (what === "remove") await actions.remove(id);
  else if (what === "restore") await actions.restore(id);
  else if (what === "mark-unread") await actions.markUnread(id);
  else await actions.markRead(id);
}
