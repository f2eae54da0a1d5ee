/** Writes what an import brings to a conversation, with new seqs: its versions, then the messages that live, which are the newest. */
import type { MessageId, Micros } from "@instep/protocol";
import type { ImportedMessage } from "../imported.ts";
import type { ConversationKey } from "../storage/message-statements.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { keptMessage } from "../versions.ts";
import type { Growth } from "./import-growth.ts";

export interface Insertion {
  readonly key: ConversationKey;
  readonly growth: Growth;
  readonly lastSeq: number;
  /** How long a version is kept after it was replaced, in microseconds. */
  readonly keepFor: number;
}

export interface Inserted {
  readonly lastSeq: number;
  readonly versions: number;
}

/** Inserts it, after what gives way has gone. A version whose place isn't here, or that nothing would stand in the place of, is left out. */
export async function insertImported(tx: WriteTransaction, insertion: Insertion): Promise<Inserted> {
  const { key, growth, keepFor } = insertion;
  const { accountId, conversationId } = key;
  const { staying, messages, versions, isSwap } = growth;
  const known = isSwap ? await knownRows(tx, insertion) : new Map<string, MessageRow>();
  if (isSwap) await giveWay(tx, insertion);
  const places = new Map(growth.places);
  let lastSeq = insertion.lastSeq;
  const numbered = (message: ImportedMessage): MessageRow => {
    lastSeq += 1;
    if (message.seq !== undefined && !places.has(message.seq)) places.set(message.seq, lastSeq);
    return { ...(known.get(message.id) ?? rowOf(conversationId, message)), seq: lastSeq };
  };
  const replaced = versions.map((version) => ({ ...version, rows: version.messages.map(numbered) }));
  const living = messages.map(numbered);
  const end = living.at(-1)?.seq ?? staying.at(-1) ?? 0;
  const standing = new Set([...growth.places.values(), ...living.map(({ seq }) => seq)]);
  let inserted = 0;
  for (const { id, replacedAt, afterSeq: there, rows } of replaced) {
    const afterSeq = places.get(there) ?? end;
    if (afterSeq === end || !standing.has(afterSeq)) continue;
    const purgeAt = (replacedAt + keepFor) as Micros;
    await tx.insertVersion(accountId, { conversationId, id, afterSeq, replacedAt, purgeAt });
    for (const row of rows) {
      await tx.insertVersionMessage({ ...key, versionId: id }, row);
      standing.add(row.seq);
    }
    inserted += 1;
  }
  for (const row of living) await tx.insertMessage(accountId, row);
  return { lastSeq, versions: inserted };
}

/** A message that is here already keeps what an export doesn't carry. */
async function knownRows(tx: WriteTransaction, { growth, key }: Insertion): Promise<ReadonlyMap<string, MessageRow>> {
  const known = new Map<string, MessageRow>();
  for (const { id } of [...growth.messages, ...growth.versions.flatMap(({ messages }) => messages)]) {
    const row = await keptMessage(tx, key, id as MessageId);
    if (row) known.set(id, row);
  }
  return known;
}

async function giveWay(tx: WriteTransaction, { growth, key }: Insertion): Promise<void> {
  await tx.deleteMessagesFrom(key, (growth.staying.at(-1) ?? 0) + 1);
  for (const { id } of await tx.versions(key)) await tx.deleteVersion({ ...key, versionId: id });
}

function rowOf(conversationId: ConversationKey["conversationId"], message: ImportedMessage): Omit<MessageRow, "seq"> {
  const { id, role, content, thoughts = null, createdAt, status, model = null, usage = null } = message;
  const { stopReason = null, error = null } = message;
  return {
    conversationId,
    id: id as MessageId,
    role,
    content,
    thoughts,
    createdAt,
    status,
    stopReason,
    error,
    model,
    usage,
    clientMessageId: null,
  };
}
