/** Ends a reply: message, seq, counts and the journal's stop point in one transaction [TURN-2, TURN-5, TURN-6]. */
import {
  NOTHING_SAID,
  type AccountId,
  type ConversationId,
  type Message,
  type MessageId,
  type Micros,
  type Said,
} from "@instep/protocol";
import { withClock, type Tick, type WriteMoment } from "../account-clock.ts";
import { appendMessage } from "../append-message.ts";
import { asOfClock } from "../as-of.ts";
import type { ReplyEnding } from "../turns.ts";
import { bringsBack, deletedEvent, endedAs, endEvent, leavesMessage, packEnd } from "../replies/reply-end.ts";
import { readJournalled } from "../replies/journal-reading.ts";
import { START_ID, type JournalChunk } from "../replies/reply-events.ts";
import type { EndEvent } from "../replies/reply-feed.ts";
import { LEASE_BELIEVED_MS, microsAfter } from "../replies/reply-times.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import type { NodeId, TurnKey, TurnRow } from "../storage/turn-statements.ts";
import { bringBack, wireMessageAt } from "../versions.ts";
import { wireMessage } from "../wire-message.ts";

export interface FinishReplyInput extends WriteMoment, TurnKey {
  readonly ownerId: NodeId;
  /** What the journal hasn't acknowledged. */
  readonly chunk: JournalChunk | null;
  readonly ending: ReplyEnding;
}

/** The owner ends its reply. Null where it is not its owner's to end any more: reaped, stopped elsewhere or deleted, or its account erased [TURN-6]. */
export async function finishReply(tx: WriteTransaction, input: FinishReplyInput): Promise<EndEvent | null> {
  if ((await tx.account(input.accountId)) === null) return null;
  return withClock(tx, input, async (tick) => {
    const turn = await tx.turn(input);
    if (turn?.state !== "running" || turn.ownerId !== input.ownerId) return null;
    if (input.chunk) await tx.saveChunk(input, input.chunk);
    return endFromJournal(tx, { accountId: input.accountId, turn, ending: input.ending, tick });
  });
}

export interface StopTurnInput extends WriteMoment, TurnKey {
  readonly conversationId: ConversationId;
  /** Ends it from the journal even though its owner seems alive: it had its time to do so itself. */
  readonly isForced: boolean;
}

export type StopTurnResult = "unknown" | "ended" | "requested" | "stopped";

/** Stops a reply that another process generates: asks its owner, or ends it here where the owner is dead or doesn't answer [TURN-5]. */
export async function stopTurn(tx: WriteTransaction, input: StopTurnInput): Promise<StopTurnResult> {
  return withClock(tx, input, async (tick) => {
    const turn = await tx.turn(input);
    if (turn?.conversationId !== input.conversationId) return "unknown";
    if (turn.state !== "running") return "ended";
    if (input.isForced || (await isOrphaned(tx, turn, input.now))) {
      await endFromJournal(tx, { accountId: input.accountId, turn, ending: { kind: "stopped" }, tick });
      return "stopped";
    }
    await tx.requestStop(input);
    return "requested";
  });
}

/** Closes the reply of a node whose lease has ended, with the text that the journal has [TURN-6]. False where there was nothing to close. */
export async function reapReply(tx: WriteTransaction, input: WriteMoment & TurnKey): Promise<boolean> {
  return withClock(tx, input, async (tick) => {
    const turn = await tx.turn(input);
    if (turn?.state !== "running" || !(await isOrphaned(tx, turn, input.now))) return false;
    const ending: ReplyEnding = turn.isStopRequested ? { kind: "stopped" } : { kind: "interrupted" };
    await endFromJournal(tx, { accountId: input.accountId, turn, ending, tick });
    return true;
  });
}

interface DeletedReply {
  readonly accountId: AccountId;
  /** The conversation that is being deleted. */
  readonly conversation: ConversationRow;
  /** The deletion's tick. */
  readonly at: Micros;
}

/** Ends the running reply of a conversation that is erased: nothing of it is left [TURN-8]. */
export async function endErasedReply(tx: WriteTransaction, deleted: DeletedReply): Promise<void> {
  const { conversation, at } = deleted;
  await endAsDeleted(tx, deleted, { conversation, message: null, at });
}

/**
 * Ends the running reply of a conversation that goes to the trash [TURN-8]. What was said or thought of it stays, as where it is stopped,
 * and what it had replaced comes back where nothing was said: both for whoever restores the conversation [MSG-5]. Returns that without its
 * being stored.
 */
export async function endTrashedReply(
  tx: WriteTransaction,
  deleted: DeletedReply & { readonly tick: Tick },
): Promise<ConversationRow> {
  const { accountId, conversation, at } = deleted;
  const idle = { ...conversation, activeReplyId: null };
  const replyId = conversation.activeReplyId;
  const turn = replyId === null ? null : await tx.turn({ accountId, replyId });
  if (!turn) return idle;
  const left = await leaveToTrash(tx, { ...deleted, conversation: idle, turn });
  const after = left?.conversation ?? idle;
  const message = left?.broughtBack === 0 ? left.message : null;
  await endAsDeleted(tx, deleted, { conversation: after, message, at: message ? after.changedAt : at });
  return after;
}

async function leaveToTrash(
  tx: WriteTransaction,
  trashed: DeletedReply & { readonly tick: Tick; readonly turn: TurnRow },
): Promise<Left | null> {
  const { accountId, turn } = trashed;
  const { said = NOTHING_SAID } = (await readJournalled(tx, { accountId, replyId: turn.replyId })) ?? {};
  if (said.text.trim() === "" && said.thoughts === "") return takeBack(tx, trashed);
  return leave(tx, { ...trashed, said, ending: { kind: "stopped" } });
}

/** The turn's record and its last event, where its conversation is no more. */
async function endAsDeleted(
  tx: WriteTransaction,
  { accountId, conversation: { activeReplyId: replyId } }: DeletedReply,
  left: Pick<Left, "conversation" | "message"> & { readonly at: Micros },
): Promise<void> {
  if (replyId === null) return;
  const key = { accountId, replyId };
  const { messageCount: message_count, lastSeq: last_seq } = left.conversation;
  const lastEventId = (await tx.journalEnd(key)) ?? 0;
  const asOf = asOfClock(left.at, await tx.epoch());
  const end = deletedEvent(lastEventId + 1, asOf, { message: left.message, message_count, last_seq });
  await tx.endTurn(key, { state: "deleted", endedAt: left.at, endEventId: end.id, endData: packEnd(end) });
}

interface Ending {
  readonly accountId: AccountId;
  readonly turn: TurnRow;
  readonly ending: ReplyEnding;
  readonly tick: Tick;
}

/** The one way in which a turn ends: its text is what the journal adds up to, whoever ends it. */
async function endFromJournal(tx: WriteTransaction, { accountId, turn, ending, tick }: Ending): Promise<EndEvent> {
  const key = { accountId, replyId: turn.replyId };
  const before = await tx.conversation(accountId, turn.conversationId);
  if (!before) throw new Error("A running reply has lost its conversation");
  const { said = NOTHING_SAID, lastEventId = START_ID } = (await readJournalled(tx, key)) ?? {};
  const left = await leave(tx, {
    accountId,
    turn,
    ending,
    tick,
    said,
    conversation: { ...before, activeReplyId: null },
  });
  const endedAt = left.conversation.changedAt;
  const asOf = asOfClock(endedAt, await tx.epoch());
  const end = endEvent({ id: lastEventId + 1, ending, ...left, asOf });
  await tx.endTurn(key, { state: endedAs(ending).status, endedAt, endEventId: end.id, endData: packEnd(end) });
  return end;
}

interface Leaving extends Ending {
  readonly said: Said;
  readonly conversation: ConversationRow;
}

/** What the turn leaves: its reply; without a word what it had replaced; or nothing. Stores the conversation. */
async function leave(tx: WriteTransaction, leaving: Leaving): Promise<Left> {
  const { accountId, turn, ending, tick, conversation } = leaving;
  const { text, thoughts } = leaving.said;
  if (bringsBack(ending, text)) {
    const back = await takeBack(tx, { accountId, turn, conversation, at: tick() });
    if (back) await tx.saveConversation(accountId, back.conversation);
    if (back) return back;
  }
  if (!leavesMessage(ending, text)) {
    const idle = { ...conversation, changedAt: tick() };
    await tx.saveConversation(accountId, idle);
    return { conversation: idle, message: null, broughtBack: 0 };
  }
  const draft = {
    id: turn.replyId as string as MessageId,
    role: "assistant",
    content: text,
    thoughts: thoughts === "" ? null : thoughts,
    ...endedAs(ending),
    model: turn.model,
    clientMessageId: null,
  } as const;
  const appended = await appendMessage(tx, { accountId, tick, conversation, draft });
  const isInPlace = turn.replacedVersionId !== null;
  const { message } = appended;
  const key = { accountId, conversationId: turn.conversationId };
  const wire = isInPlace ? await wireMessageAt(tx, key, message) : wireMessage(message);
  return { conversation: appended.conversation, message: wire, broughtBack: 0 };
}

interface Left {
  readonly conversation: ConversationRow;
  readonly message: Message | null;
  readonly broughtBack: number;
}

/** Brings back what the turn replaced, without storing the conversation; null where it replaced nothing that could come back. */
async function takeBack(
  tx: WriteTransaction,
  taking: Pick<Ending, "accountId" | "turn"> & { readonly conversation: ConversationRow; readonly at: Micros },
): Promise<Left | null> {
  const { accountId, turn, conversation, at } = taking;
  const key = { accountId, conversationId: turn.conversationId };
  const versionId = turn.replacedVersionId;
  const version = versionId === null ? null : await tx.version({ ...key, versionId });
  if (!version) return null;
  const back = await bringBack(tx, { accountId, conversation, version, at });
  const [first] = await tx.messagesAfter(key, { after: conversation.lastSeq, limit: 1 });
  const message = first ? await wireMessageAt(tx, key, first) : null;
  return { conversation: back.conversation, message, broughtBack: back.messageCount };
}

/** Whether nobody is left who could go on with the turn. */
async function isOrphaned(tx: WriteTransaction, turn: TurnRow, now: Micros): Promise<boolean> {
  const expiresAt = await tx.leaseExpiry(turn.ownerId);
  return expiresAt === null || expiresAt <= now || expiresAt > microsAfter(now, LEASE_BELIEVED_MS);
}
