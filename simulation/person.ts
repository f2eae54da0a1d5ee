/** What somebody does at a tab that is in front of them. */
import { type ConversationId, begunAs, isTemporary } from "@instep/protocol";
import { isFailure, type Result, type SendOptions } from "@instep/sync-client";
import type { AtTab } from "./at-tab.ts";
import { changeAllToRead, changeMany } from "./many-at-once.ts";
import { scriptedText } from "./reply-script.ts";
import type { ReplyScript, TabChange, TabStep } from "./step.ts";
import type { Tab } from "./tab.ts";
import type { Thing } from "./change-call.ts";

/** Performs a step in a tab that is visible and runs. */
export function performTabStep(at: AtTab, step: Exclude<TabStep, { do: "page" | "store" }>): void {
  const { tab } = at;
  if (step.do === "draft") return draft(at, step);
  // A new chat is opened, and nothing is written in it yet.
  if (step.do === "new-chat") return tab.open(tab.device.actions.createDraft());
  if (step.do === "change-many") return void changeMany(at, step);
  if (step.do === "send" || step.do === "open" || step.do === "find" || step.do === "change") return onListed(at, step);
  if (step.do === "close") return tab.close();
  if (step.do === "sync-now") return tab.device.syncNow();
  if (step.do === "load-more") return void tab.device.loadMoreConversations();
  if (step.do === "full-sync") return void tab.fullSync();
  if (step.do === "listeners-throw") return tab.throwFromListeners();
  if (step.do === "mark-all-read") return void changeAllToRead(at, step.undo);
  if (step.do === "undo") return void undo(at);
  if (tab.current !== null) onCurrent(at, tab.current, step);
}

function draft(
  at: AtTab,
  step: { readonly script: ReplyScript; readonly batch: boolean; readonly model?: string },
): void {
  // A person writes in the new chat that is open, and opens one where none is.
  const open = at.tab.current;
  const isNew = open !== null && isTemporary(open) && step.model === undefined;
  const id = isNew ? open : at.tab.device.actions.createDraft(step.model);
  at.tab.open(id);
  send(at, { id, script: step.script, options: { mode: step.batch ? "batch" : "stream" } });
}

function onListed(at: AtTab, step: TabStep & { readonly do: "send" | "open" | "find" | "change" }): void {
  const { tab, world } = at;
  const { conversations } = tab.device;
  const isReturn = step.do === "change" && step.change === "restore";
  const ids = isReturn ? world.history.deletedIds() : [...conversations.list(), ...conversations.archivedList()];
  const id = ids[step.conversation % Math.max(1, ids.length)];
  if (id === undefined) return step.do === "send" ? draft(at, step) : undefined;
  if (step.do === "change") {
    void change(at, { id, what: step.change, title: `Named in step ${at.index}` });
    // Before the first one can have had its answer.
    if (step.soon) void change(at, { id, what: step.soon, title: `Named again in step ${at.index}` });
    return;
  }
  if (step.do === "find") return find(at, id, step.back);
  if (tab.current !== id) tab.open(id);
  if (step.do === "send") send(at, { id, script: step.script, options: { mode: step.batch ? "batch" : "stream" } });
}

/** The server's search has found a message there, which need not be loaded here. */
function find({ world, tab }: AtTab, id: ConversationId, back: number): void {
  const live = world.history.messages(id).filter(({ isLive }) => isLive);
  tab.open(id, live.toReversed()[back % Math.max(1, live.length)]?.seq);
}

function onCurrent(at: AtTab, id: string, step: Exclude<TabStep, { do: "page" | "store" }>): void {
  const { views, turns } = at.tab.device;
  const action: string = step.do;
  if (action === "load-older") return void views.loadOlder(id);
  if (action === "load-newer") return void views.loadNewer(id);
  if (action === "load-later") return void views.loadLater(id);
  if (action === "show-latest") return views.showLatest(id);
  if (action === "stop") return void turns.stop(id);
  if (step.do === "edit" || step.do === "ask-again") return anew(at, id, step);
  if (step.do === "bring-back") return void bringBack(at, id, step);
  const pending = views.get(id)?.pending[0];
  if (!pending) return;
  if (action === "retry") turns.retry(pending.clientMessageId);
  else {
    void turns.discard(pending.clientMessageId).then((taken) => at.world.sends.discarded(taken?.text ?? null));
    at.tab.witness.givesBack(pending.conversationId);
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

/** Looks at what once stood in a place, and uses it [MSG-5]. */
async function bringBack(
  { world, tab }: AtTab,
  id: string,
  { back, version }: TabStep & { readonly do: "bring-back" },
): Promise<void> {
  const { views, versions } = tab.device;
  const places = (views.get(id)?.messages ?? []).filter(({ version_count: count = 0 }) => count > 0).toReversed();
  const place = places[back % Math.max(1, places.length)];
  if (!place) return;
  const settled = world.browserOf(tab).touch(id);
  const list = await versions.list(id, place.seq);
  const chosen = isFailure(list) ? undefined : list[version % Math.max(1, list.length)];
  if (chosen) await versions.bringBack(id, chosen.version_id);
  settled();
}

async function undo({ world, tab }: AtTab): Promise<void> {
  const { replaced } = tab;
  tab.replaced = null;
  if (!replaced) return;
  const settled = world.browserOf(tab).touch(replaced.id);
  await tab.device.versions.undo(replaced.id, replaced.versionId);
  settled();
}

interface Sending {
  readonly id: string;
  readonly script: ReplyScript;
  readonly options: SendOptions;
}

function send({ world, tab, index }: AtTab, { id, script, options }: Sending): void {
  const text = scriptedText(`Message ${index}`, script);
  const record = { text, tab, conversationId: permanent(id), isWanted: true, isFormer: false };
  world.sends.add(record);
  const settled = world.browserOf(tab).touch(id);
  const go = async (): Promise<void> => {
    const sentIn = await tab.device.turns.send(id, text, options);
    settled();
    // The page's address becomes the conversation's.
    if (tab.current === id && sentIn !== id) tab.open(sentIn);
  };
  void go();
}

/** What a draft is called once something was sent in it, though its page may not live to see that [ID-1]. */
function permanent(id: string): string {
  return isTemporary(id) ? begunAs(id) : id;
}

async function change(at: AtTab, doing: Act): Promise<void> {
  const { world, tab } = at;
  const { id, what } = doing;
  const settled = world.browserOf(tab).touch(id);
  const { device, knowledge } = tab;
  if (what === "mark-read") knowledge.mayHaveSeen(id, device.conversations.get(id)?.last_seq ?? 0);
  if (what === "restore") world.history.allowReturn(id);
  if (what === "remove") {
    world.browserOf(tab).removals.add(id);
    if (tab.current === id) tab.close();
  }
  await act(at, doing);
  settled();
}

/** What the person says by it of which thing; null where it is about reading. */
function wordOf({
  what,
  title,
}: Pick<Act, "what" | "title">): { readonly thing: Thing; readonly value: string | boolean } | null {
  if (what === "rename") return { thing: "title", value: title };
  if (what === "pin" || what === "unpin") return { thing: "pinned", value: what === "pin" };
  if (what === "archive" || what === "unarchive") return { thing: "archived", value: what === "archive" };
  if (what === "model") return { thing: "model", value: modelOf(title) };
  if (what === "remove" || what === "restore") return { thing: "removed", value: what === "remove" };
  return null;
}

function modelOf(title: string): string {
  return title.length % 2 === 0 ? "model-a" : "model-b";
}

interface Act {
  readonly id: ConversationId;
  readonly what: TabChange;
  readonly title: string;
}

async function act({ world, tab }: AtTab, doing: Act): Promise<void> {
  const word = wordOf(doing);
  const answered = word ? world.words.say({ tab, id: doing.id, ...word }) : () => {};
  answered(!isFailure(await perform(tab, doing)));
}

function perform({ device: { actions } }: Tab, { id, what, title }: Act): Promise<Result<void>> {
  if (what === "rename") return actions.rename(id, title);
  if (what === "pin" || what === "unpin") return actions.setPinned(id, what === "pin");
  if (what === "archive" || what === "unarchive") return actions.setArchived(id, what === "archive");
  if (what === "model") return actions.setModel(id, modelOf(title));
  if (what === "remove") return actions.remove(id);
  if (what === "restore") return actions.restore(id);
  return what === "mark-unread" ? actions.markUnread(id) : actions.markRead(id);
}
