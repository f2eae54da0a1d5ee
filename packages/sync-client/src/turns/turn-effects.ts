/** What a turn's events do to counts and messages: count first, message next; the caller clears the flag last [DEV-5]. */
import {
  begunAs,
  type ConversationId,
  type ErrorEvent,
  type FailedBatch,
  type Message,
  type Replaced,
  type StartEvent,
  type TurnResult,
} from "@instep/protocol";
import { applyOwn, applySeen, type TurnCounts, type TurnWord } from "../apply-local.ts";
import { isOfPast } from "../apply-sync.ts";
import type { ConversationStore } from "../conversation-store.ts";
import { isWhole, joinsOn, type LoadedConversation, withNewer, withoutFrom } from "../views/conversation-view.ts";
import type { LoadedViews } from "../views/loaded-views.ts";
import type { TurnFailure } from "../device.ts";
import { type FirstSend, rowOfDraft } from "../draft.ts";
import { type Failure, isFailure } from "../failure.ts";
import { lastSeqOf } from "../views/found-window.ts";
import { momentOf } from "../moment.ts";
import type { OutgoingSend } from "../outbox/outgoing-send.ts";
import type { OwnReplacements } from "../views/own-replacements.ts";
import { rowOfSummary, rowOfSync } from "../summary-row.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { Transport } from "../transport/transport.ts";
import type { TurnEnding } from "./turn.ts";
import { allButNewest, allSeen } from "../unread.ts";
import type { ViewCache } from "../views/view-cache.ts";

/** What the end of a turn is told by. */
export interface TurnEffectEvents {
  /** A turn ended where its conversation is not on screen, with a message that nobody has seen [DEV-5]. */
  readonly onUnseenEnd: (id: ConversationId) => void;
  /** A turn has replaced messages, which are kept [MSG-5]. */
  readonly onReplaced: (id: ConversationId, replaced: Replaced) => void;
}

export interface TurnEffectPorts {
  readonly transport: Pick<Transport, "create">;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly viewCache: ViewCache;
  readonly views: Pick<LoadedViews, "adopt" | "reload" | "loadNewer">;
  readonly replacements: OwnReplacements;
  readonly events: TurnEffectEvents;
}

/** A draft becomes a conversation, here only until its first send has made it [ID-1]. */
export function adoptDraft(
  { store, manager, views }: TurnEffectPorts,
  { draftId, ...first }: FirstSend & { readonly draftId: string },
): ConversationId {
  const id = begunAs(draftId);
  manager.commit(applyOwn(store.state, rowOfDraft(store.state, id, first), null));
  views.adopt(draftId, id);
  return id;
}

/** Makes the conversation of a first send, under the id that it has here already [ID-1]. Resolves with why it can't, or null. */
export async function createFirst(
  { transport, store, manager }: TurnEffectPorts,
  { conversationId: id, model, instructions }: OutgoingSend,
): Promise<Failure | null> {
  const asked = store.state.watermark;
  const created = await transport.create({ id, ...(model && { model }), ...(instructions && { instructions }) });
  if (isFailure(created)) return created;
  const row = rowOfSummary(created, store.state.defaultModel);
  manager.commit(applyOwn(store.state, row, momentOf(created, asked)));
  return null;
}

/** The user message is committed: counted as seen, and shown [TURN-1]. */
export function showStart(ports: TurnEffectPorts, entry: OutgoingSend, start: StartEvent): void {
  const { manager, store, viewCache } = ports;
  const id = entry.conversationId;
  const message = start.user_message;
  if (isOfPast(store.state, start.epoch)) return;
  const known = store.state.entries.get(id)?.row.last_seq ?? 0;
  // Of a server that says no more, a turn that was joined late tells of its own time; what is known is newer.
  if (start.conversation || known <= seqBefore(entry, message)) {
    const { message_count, reply_id: active_reply_id } = start;
    const last_seq = Math.max(message.seq, known);
    const counts = { message_count, last_seq, updated_at: message.created_at, active_reply_id };
    manager.takeTurnWord(id, wordOf(ports, start, counts));
  }
  viewCache.change(id, (now) => withoutReplaced(now, entry, message));
  append(ports, id, { messages: [message], totalCount: start.message_count });
  if (start.replaced) showReplaced(ports, entry, { replaced: start.replaced, message, known });
}

type SaidOfTurn = Pick<StartEvent, "conversation" | "server_time" | "epoch">;

/** What a turn's event says of its conversation; `counts` are all that a server of before says. */
function wordOf({ store }: TurnEffectPorts, said: SaidOfTurn, counts: TurnCounts): TurnWord {
  const row = said.conversation ? rowOfSync(said.conversation) : null;
  return { counts: row ?? counts, row, asOf: momentOf(said, store.state.watermark) };
}

interface ReplacedShown {
  readonly replaced: Replaced;
  readonly message: Message;
  /** The conversation's `last_seq` as it was known when the turn began. */
  readonly known: number;
}

function showReplaced(
  { replacements, events }: TurnEffectPorts,
  { conversationId: id, text, expectedLastSeq }: OutgoingSend,
  { replaced, message, known }: ReplacedShown,
): void {
  const isEdit = text !== null;
  const beganAt = isEdit ? message.seq : Math.max(message.seq, expectedLastSeq ?? known);
  replacements.begin(id, { versionId: replaced.version_id, beganAt, placeSeq: isEdit ? message.seq : null });
  events.onReplaced(id, replaced);
}

/** The highest number that the conversation can have had when the turn began; more is from after it. */
function seqBefore({ replaceFromSeq, expectedLastSeq }: OutgoingSend, message: Message): number {
  return replaceFromSeq === null ? message.seq : Math.max(expectedLastSeq ?? 0, message.seq);
}

/** What was loaded after the turn began lacks what it replaced already, and has what came instead. */
function withoutReplaced(loaded: LoadedConversation, entry: OutgoingSend, message: Message): LoadedConversation {
  return lastSeqOf(loaded) > seqBefore(entry, message) ? loaded : withoutFrom(loaded, entry.replaceFromSeq);
}

/** The reply has ended. */
export function showEnd(
  ports: TurnEffectPorts,
  id: ConversationId,
  ending: TurnEnding & { kind: "done" | "error" },
): void {
  const error = ending.kind === "error" ? ending.error : null;
  if (error?.code === "conversation_deleted") return showDeleted(ports, id, error);
  const ended = ending.kind === "done" ? ending.done : ending.error;
  // What stands there now is another history's.
  if (isOfPast(ports.store.state, ended.epoch)) return void ports.views.reload(id);
  ports.replacements.end(id, ended);
  // All of one commit: counts beside another time's title would be a state that never was.
  const { title, updated_at, message, message_count, last_seq } = ended;
  const counts = {
    message_count,
    last_seq,
    active_reply_id: null,
    ...(title !== undefined && { title }),
    ...(updated_at !== undefined && { updated_at }),
  };
  // What came back was there before.
  const news = ended.brought_back === undefined ? message : null;
  countEnd(ports, id, { word: wordOf(ports, ended, counts), message: news });
  if (ended.brought_back === undefined) {
    append(ports, id, { messages: message ? [message] : [], totalCount: message_count });
  } else if (ports.viewCache.loaded(id)) {
    // Under numbers of their own: where they are as many as those that still stand here, counts don't tell them apart [MSG-5].
    void ports.views.reload(id);
  }
  if (error) showTurnFailure({ viewCache: ports.viewCache, id }, failureOf(error), error);
}

/** It ended with its conversation: what it came to is seen, for when that is restored, and no state of anything that is there [TURN-8]. */
function showDeleted({ manager, store, viewCache }: TurnEffectPorts, id: ConversationId, error: ErrorEvent): void {
  // Where it was erased there is nothing left to count: until a sync says so, no badge stands on what is no more.
  const row = error.last_seq > 0 ? error : (store.state.entries.get(id)?.row ?? error);
  manager.commit(applySeen(store.state, id, allSeen(row)));
  showTurnFailure({ viewCache, id }, failureOf(error));
  manager.hint();
}

/** What a turn left is seen, but for a reply that ended where nobody looked: that is unread until it is shown [DEV-5]. */
function countEnd(
  { manager, store, events }: TurnEffectPorts,
  id: ConversationId,
  { word, message }: { readonly word: TurnWord; readonly message: Message | null },
): void {
  const { counts } = word;
  const isUnseen = message !== null && message.seq === counts.last_seq && !store.screen.has(id);
  manager.takeTurnWord(id, word, isUnseen ? allButNewest(counts) : allSeen(counts));
  // Heard late, it may have been read elsewhere.
  const isRead = message !== null && (store.state.entries.get(id)?.row.read_seq ?? 0) >= message.seq;
  if (isUnseen && !isRead) events.onUnseenEnd(id);
}

/** A batch's whole turn. */
export function showResult(ports: TurnEffectPorts, entry: OutgoingSend, result: TurnResult): void {
  const { viewCache, store } = ports;
  const id = entry.conversationId;
  const { user_message: userMessage, message, brought_back: back, replaced } = result;
  const { message_count, last_seq, title, updated_at } = result;
  if (isOfPast(store.state, result.epoch)) return void ports.views.reload(id);
  const known = store.state.entries.get(id)?.row.last_seq ?? 0;
  const counts = { message_count, last_seq, title, updated_at, active_reply_id: null };
  countEnd(ports, id, { word: wordOf(ports, result, counts), message: back === undefined ? message : null });
  viewCache.change(id, (now) => withoutReplaced(now, entry, userMessage));
  append(ports, id, { messages: [userMessage, message], totalCount: message_count });
  if (replaced && back === undefined) showReplaced(ports, entry, { replaced, message: userMessage, known });
  ports.replacements.end(id, result);
}

type NewMessages = Pick<LoadedConversation, "messages" | "totalCount">;

/** Shows messages where they join on to what is shown; else what is there now is loaded, so that no hole is ever shown. */
function append({ viewCache, views }: TurnEffectPorts, id: string, news: NewMessages): void {
  const loaded = viewCache.loaded(id);
  if (!loaded) return;
  const newer = news.messages.filter(({ seq }) => seq > lastSeqOf(loaded));
  const isNext = joinsOn(loaded, newer) && isWhole(loaded, newer.length, news.totalCount);
  if (isNext) viewCache.change(id, (now) => withNewer(now, newer, news.totalCount));
  else void views.reload(id);
}

/** A batch failed after its message was stored: shown as a stream's end is, by what the server says of it [TURN-9]. */
export async function showBatchFailure(ports: TurnEffectPorts, entry: OutgoingSend, problem: Failure): Promise<void> {
  const { viewCache, views, store } = ports;
  const id = entry.conversationId;
  const { failed: code, detail, problem: said } = problem;
  if (!isFailedBatch(said)) {
    await views.reload(id);
    return showTurnFailure({ viewCache, id }, { code, detail, isRetryable: true });
  }
  const { user_message: userMessage, replaced, ...end } = said;
  const known = store.state.entries.get(id)?.row.last_seq ?? 0;
  viewCache.change(id, (now) => withoutReplaced(now, entry, userMessage));
  append(ports, id, { messages: [userMessage], totalCount: end.message_count - (end.message ? 1 : 0) });
  if (replaced && !end.brought_back) showReplaced(ports, entry, { replaced, message: userMessage, known });
  showEnd(ports, id, { kind: "error", error: { ...end, code, detail } });
}

/** Whether the refusal tells how the turn ended; one of a server of before doesn't. */
export function isFailedBatch(said: Failure["problem"]): said is FailedBatch & Failure["problem"] {
  return [said["conversation"], said["user_message"]].every((part) => typeof part === "object" && part !== null);
}

/** Says under the last message why there is no more, and what can be asked again: the reply that came back, else what is last. */
function showTurnFailure(
  { viewCache, id }: Pick<TurnEffectPorts, "viewCache"> & { readonly id: string },
  failed: Omit<TurnFailure, "askAgainFromSeq">,
  end: Pick<ErrorEvent, "last_seq" | "brought_back"> | null = null,
): void {
  viewCache.change(id, (now) => {
    const askAgainFromSeq = (end && backFrom(end)) ?? now.messages.at(-1)?.seq ?? null;
    return { ...now, turnFailure: { ...failed, askAgainFromSeq }, failedAt: end?.last_seq ?? now.lastSeq };
  });
}

/** The seq of the first message that came back since the turn ended without a word; null where none did [MSG-5]. */
function backFrom({
  last_seq: lastSeq,
  brought_back: back,
}: Pick<ErrorEvent, "last_seq" | "brought_back">): number | null {
  return typeof lastSeq === "number" && typeof back === "number" ? lastSeq - back + 1 : null;
}

function failureOf(error: ErrorEvent): Omit<TurnFailure, "askAgainFromSeq"> {
  return { code: error.code, detail: error.detail, isRetryable: error.retryable };
}
