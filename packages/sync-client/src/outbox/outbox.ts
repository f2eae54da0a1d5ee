/** What waits for the server: sends and changes, stored before the network is used [DEV-12]. Pure. */
import type { ConversationId, MarkRead, Message } from "@instep/protocol";
import type { PendingSend, StuckSend } from "../device.ts";
import { expectedAfterWait, type OutgoingSend, waitsForReply } from "./outgoing-send.ts";

/** What a change does; each key is a thing of which the last change wins. */
export type ConversationChange =
  | { readonly key: "title" | "model"; readonly value: string }
  | { readonly key: "pinned" | "archived" | "removed"; readonly value: boolean }
  | { readonly key: "read"; readonly value: MarkRead };

/** A change on its way. */
export interface OutgoingChange {
  readonly kind: "change";
  readonly order: number;
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly change: ConversationChange;
  readonly state: "waiting" | "sending";
  /** Made together with the others of this batch, and sent with them in one call. */
  readonly batch?: string;
}

export type Outgoing = OutgoingSend | OutgoingChange;
/** One that has not been given its place yet. */
export type NewOutgoing = Omit<OutgoingSend, "order"> | Omit<OutgoingChange, "order">;
export type Outbox = readonly Outgoing[];

/**
 * Adds an entry. A change replaces waiting ones of the same thing that it does the whole work of: the last one wins. One that another
 * tab is sending can't be had back: it goes after that.
 */
export function enqueue(outbox: Outbox, entry: Outgoing, isElsewhere: (id: string) => boolean = () => false): Outbox {
  return [...outbox.filter((other) => isElsewhere(other.id) || !isReplaced(other, entry)), entry];
}

/** The place of the next entry: after all there are, and, over restarts and tabs, by the clock. */
export function nextOrder(outbox: Outbox, now: number): number {
  return Math.max(now, ...outbox.map(({ order }) => order + 1));
}

/** An entry with what another tab has found out about it: some things, once true of a send, stay so. */
export function withFindings(entry: Outgoing, stored: Outgoing | undefined): Outgoing {
  if (entry.kind !== "send" || stored?.kind !== "send") return entry;
  const isAppended = entry.replaceFromSeq === null && stored.expectedLastSeq === null;
  return {
    ...entry,
    isFirst: entry.isFirst && stored.isFirst,
    isUnsure: entry.isUnsure === true || stored.isUnsure === true,
    expectedLastSeq: isAppended ? null : entry.expectedLastSeq,
  };
}

/** Changes of an entry as it goes: `null` takes it out. */
export function update(outbox: Outbox, id: string, change: Partial<OutgoingSend> | null): Outbox {
  if (change === null) return outbox.filter((entry) => entry.id !== id);
  return outbox.map((entry) => (entry.id === id ? ({ ...entry, ...change } as Outgoing) : entry));
}

/** What may go out now: within a conversation one after the other, a rejected send blocking nothing. */
export function nextToGo(outbox: Outbox): readonly Outgoing[] {
  const busy = new Set<string>();
  const unborn = new Set(outbox.filter((entry) => entry.kind === "send" && entry.isFirst).map(conversationOf));
  return outbox.filter((entry) => {
    if (entry.state === "rejected") return false;
    const lane = laneOf(entry, unborn);
    const isNext = !busy.has(lane) && entry.state === "waiting";
    busy.add(lane);
    return isNext;
  });
}

/** As it stands after a restart: what was under way may or may not have arrived, and goes again [TURN-3]. */
export function afterRestart(outbox: Outbox): Outbox {
  return outbox.map((entry): Outgoing => {
    if (entry.state !== "sending") return entry;
    return entry.kind === "send"
      ? { ...entry, state: "waiting", isUnsure: true, expectedLastSeq: expectedAfterWait(entry) }
      : { ...entry, state: "waiting" };
  });
}

/** The model that a person chose for a conversation, where the server does not know of it yet: a send says it too, since it may overtake the change. */
export function choiceOnItsWay(outbox: Outbox, conversationId: string): string | undefined {
  const change = outbox.findLast((entry) => entry.conversationId === conversationId && modelIn(entry) !== undefined);
  return change && modelIn(change);
}

function modelIn(entry: Outgoing): string | undefined {
  return entry.kind === "change" && entry.change.key === "model" ? entry.change.value : undefined;
}

/** The conversations of sends that may have arrived, though nobody knows: their echo may not count as news yet. */
export function unsureConversations(outbox: Outbox): ReadonlySet<string> {
  const isUnsure = (send: OutgoingSend): boolean => send.state === "waiting" && send.isUnsure === true;
  return new Set(
    outbox
      .filter(isSend)
      .filter(isUnsure)
      .map(({ conversationId }) => conversationId),
  );
}

/** The sends of a conversation, in their order. */
export function sendsOf(outbox: Outbox, conversationId: string): readonly OutgoingSend[] {
  return outbox.filter(isSend).filter((entry) => entry.conversationId === conversationId);
}

/** What keeps messages of the conversation from going out, the worst of it; null while all goes its way. */
export function stuckIn(outbox: Outbox, conversationId: string): StuckSend | null {
  const sends = sendsOf(outbox, conversationId);
  if (sends.some(({ state }) => state === "rejected")) return "rejected";
  const waiting = sends.filter(({ state, problem }) => state === "waiting" && problem !== null);
  if (waiting.length === 0) return null;
  return waiting.every(({ problem }) => waitsForReply(problem)) ? "queued" : "waiting";
}

/** Whether it takes no place among the requests: a turn waits for nobody, and a batch is one request. */
export function takesNoRequest(entry: Outgoing): boolean {
  return entry.kind === "send" || entry.batch !== undefined;
}

/** Whoever sends an entry, or takes it back, has this lock. */
export function lockOf(id: string): string {
  return `instep-send-${id}`;
}

export function isSend(entry: Outgoing): entry is OutgoingSend {
  return entry.kind === "send";
}

/**
 * What waits, for the page: what is among the messages already was sent, whichever tab did it. What only waits for a reply's end, that
 * of a message before it too, is queued, also while the server is asked whether it has ended.
 */
export function pendingSends(
  sends: readonly OutgoingSend[],
  shown: readonly Message[],
  isReplyRunning: boolean,
): readonly PendingSend[] {
  const sent = new Set(shown.map((message) => message.client_message_id));
  let isBusy = isReplyRunning;
  return sends
    .filter(({ id }) => !sent.has(id))
    .map((entry) => {
      const { id: clientMessageId, conversationId, text, problem, replaceFromSeq } = entry;
      const state = isQueued(entry, isBusy) ? "queued" : entry.state;
      isBusy ||= state === "queued" || state === "sending";
      const isReplacing = replaceFromSeq !== null;
      return { clientMessageId, conversationId, text: text ?? "", state, problem, isReplacing };
    });
}

function isQueued({ state, problem }: OutgoingSend, isBusy: boolean): boolean {
  if (state === "rejected") return false;
  return waitsForReply(problem) || (state === "waiting" && problem === null && isBusy);
}

/** How many entries wait, and for how many a person has to decide. */
export function waitingCount(outbox: Outbox): number {
  return outbox.filter(({ state }) => state !== "rejected").length;
}

function isReplaced(waiting: Outgoing, entry: Outgoing): boolean {
  return (
    waiting.kind === "change" &&
    entry.kind === "change" &&
    waiting.state === "waiting" &&
    waiting.conversationId === entry.conversationId &&
    covers(entry.change, waiting.change)
  );
}

/** Whether nothing of the earlier change is left to do once the later one is done. */
function covers(later: ConversationChange, earlier: ConversationChange): boolean {
  if (later.key !== "read" || earlier.key !== "read") return later.key === earlier.key;
  // A mark moves no position; a position takes the mark away, and covers only one that is not ahead of it.
  if (earlier.value.unread) return true;
  const isAtLeast = (one?: number, other?: number): boolean => one !== undefined && other !== undefined && one >= other;
  const [now, before] = [later.value, earlier.value];
  return isAtLeast(now.seq, before.seq) || isAtLeast(now.message_count, before.message_count);
}

/** Where entries go one after the other. A change passes a turn that runs, but not the making of its conversation. */
function laneOf(entry: Outgoing, unborn: ReadonlySet<string>): string {
  const isInTurn = entry.kind === "send" || unborn.has(entry.conversationId);
  return isInTurn ? entry.conversationId : `${entry.conversationId} ${entry.change.key}`;
}

function conversationOf({ conversationId }: Outgoing): string {
  return conversationId;
}
