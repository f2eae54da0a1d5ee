/** What a turn replaces is set aside as a version of its place, and can be brought back as new messages [MSG-3, MSG-5]. */
import { createHash } from "node:crypto";
import type { AccountId, Message, MessageId, Micros, VersionId } from "@instep/protocol";
import type { Tick } from "./account-clock.ts";
import type { ConversationKey } from "./storage/message-statements.ts";
import type { ConversationRow, MessageRow } from "./storage/rows.ts";
import type { Snapshot, WriteTransaction } from "./storage/transaction.ts";
import type { VersionRow } from "./storage/version-statements.ts";
import { wireMessage } from "./wire-message.ts";

/** So many messages of a version are in memory at once. */
const SLICE = 200;

/** The version that is made where something is replaced. */
export interface NewVersion {
  readonly versionId: VersionId;
  /** How long it is kept, in microseconds. */
  readonly keepFor: number;
}

export interface Replacing extends NewVersion {
  readonly accountId: AccountId;
  readonly conversation: ConversationRow;
  readonly fromSeq: number;
  readonly tick: Tick;
}

export interface SetAside {
  readonly conversation: ConversationRow;
  readonly messageCount: number;
}

/**
 * Ends the messages from `fromSeq` on and keeps them as a version of that place. Returns the conversation with the counts that are
 * left, without storing it: what follows in the same transaction does. `lastSeq` stands, so no seq is ever given twice.
 */
export async function setAside(tx: WriteTransaction, replacing: Replacing): Promise<SetAside> {
  const { accountId, conversation, fromSeq, versionId, keepFor } = replacing;
  const key = { accountId, conversationId: conversation.id };
  const ended = await endedFrom(tx, replacing);
  if (ended.messageCount === 0) return ended;
  const replacedAt = replacing.tick();
  await tx.insertVersion(accountId, {
    conversationId: conversation.id,
    id: versionId,
    afterSeq: await seqBefore(tx, key, fromSeq),
    replacedAt,
    purgeAt: (replacedAt + keepFor) as Micros,
  });
  await tx.moveToVersion({ ...key, versionId }, fromSeq);
  return ended;
}

/** The conversation without its messages from `fromSeq` on, and how many those are; stores nothing. */
export async function endedFrom(
  snapshot: Snapshot,
  cut: Pick<Replacing, "accountId" | "conversation" | "fromSeq">,
): Promise<SetAside> {
  const { accountId, conversation, fromSeq } = cut;
  const key = { accountId, conversationId: conversation.id };
  const countFrom = (seq: number) =>
    snapshot.countMessagesAfter(key, { after: seq - 1, limit: conversation.messageCount + 1 });
  const ended = await countFrom(fromSeq);
  const endedUnread = await countFrom(Math.max(fromSeq, conversation.readSeq + 1));
  return {
    messageCount: ended,
    conversation: {
      ...conversation,
      messageCount: conversation.messageCount - ended,
      unreadCount: conversation.unreadCount - endedUnread,
    },
  };
}

export interface BringingBack {
  readonly accountId: AccountId;
  readonly conversation: ConversationRow;
  readonly version: VersionRow;
  /** The tick of the change. */
  readonly at: Micros;
}

export interface BroughtBack {
  readonly conversation: ConversationRow;
  readonly messageCount: number;
}

/**
 * Adds a version's messages at the end, with new seqs, where nothing stands in their place any more; the version is none then. Returns
 * the conversation without storing it. What was kept of places inside the version stays with them.
 */
export async function bringBack(tx: WriteTransaction, bringing: BringingBack): Promise<BroughtBack> {
  const { accountId, conversation, version, at } = bringing;
  const key = { accountId, conversationId: conversation.id };
  const versionKey = { ...key, versionId: version.id };
  let [seq, after] = [conversation.lastSeq, 0];
  for (;;) {
    const slice = await tx.versionMessages(versionKey, { after, limit: SLICE });
    for (const message of slice) {
      const id = await freeId(tx, key, message.id);
      await tx.insertMessage(accountId, { ...message, id, seq: ++seq });
      await tx.moveVersions(key, { from: message.seq, to: seq });
      after = message.seq;
    }
    if (slice.length < SLICE) break;
  }
  await tx.deleteVersion(versionKey);
  const messageCount = seq - conversation.lastSeq;
  return { messageCount, conversation: withMessages(conversation, messageCount, at) };
}

function withMessages(conversation: ConversationRow, count: number, at: Micros): ConversationRow {
  return {
    ...conversation,
    updatedAt: at,
    changedAt: at,
    lastSeq: conversation.lastSeq + count,
    messageCount: conversation.messageCount + count,
    unreadCount: conversation.unreadCount + count,
  };
}

/** The message's own id, unless another message has been given it meanwhile; then one that follows from it. */
async function freeId(tx: WriteTransaction, key: ConversationKey, id: MessageId): Promise<MessageId> {
  if (!(await tx.messageById(key, id))) return id;
  const digest = createHash("sha256").update(id).digest("hex");
  const parts = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`];
  return freeId(tx, key, `${parts.join("-")}-${digest.slice(20, 32)}` as MessageId);
}

/** Live messages as they travel; `before` is the seq of the live one before the first of them, 0 where there is none. */
export async function wireMessages(
  snapshot: Snapshot,
  key: ConversationKey,
  { rows, before }: { readonly rows: readonly MessageRow[]; readonly before: number },
): Promise<Message[]> {
  const last = rows.at(-1);
  if (!last) return [];
  const kept = await snapshot.versionCounts(key, { from: before, to: last.seq - 1 });
  if (kept.length === 0) return rows.map((row) => wireMessage(row));
  const countBehind = new Map(kept.map(({ afterSeq, count }) => [afterSeq, count]));
  return rows.map((row, index) => wireMessage(row, countBehind.get(rows[index - 1]?.seq ?? before)));
}

/** One live message as it travels. */
export async function wireMessageAt(snapshot: Snapshot, key: ConversationKey, row: MessageRow): Promise<Message> {
  const before = await seqBefore(snapshot, key, row.seq);
  const [kept] = await snapshot.versionCounts(key, { from: before, to: before });
  return wireMessage(row, kept?.count);
}

/** A message that lives, or was replaced and is kept. */
export async function keptMessage(snapshot: Snapshot, key: ConversationKey, id: MessageId): Promise<MessageRow | null> {
  return (await snapshot.messageById(key, id)) ?? (await snapshot.replacedMessage(key, id));
}

/** The seq of the live message before a seq; 0 where there is none. */
export async function seqBefore(snapshot: Snapshot, key: ConversationKey, seq: number): Promise<number> {
  const [before] = await snapshot.messagesBefore(key, { before: seq, limit: 1 });
  return before?.seq ?? 0;
}
