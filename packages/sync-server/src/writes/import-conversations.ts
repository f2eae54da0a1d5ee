/** Brings in whole conversations, already read, each at most once by its id. */
import type { AccountId, MessageId, Micros } from "@instep/protocol";
import { withClock, type WriteMoment } from "../account-clock.ts";
import type { ImportedConversation } from "../engine.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";

export interface ImportInput extends WriteMoment {
  readonly conversations: readonly ImportedConversation[];
}

export interface ImportCount {
  readonly added: number;
  readonly messages: number;
}

/** Adds those that are not there; what stands, is in the trash or was deleted is left as it is. */
export async function importConversations(tx: WriteTransaction, input: ImportInput): Promise<ImportCount> {
  const { accountId } = input;
  return withClock(tx, input, async (tick) => {
    let added = 0;
    let messages = 0;
    for (const imported of input.conversations) {
      if (await isKnown(tx, accountId, imported)) continue;
      await tx.insertConversation(accountId, importedRow(imported, tick()));
      await insertMessages(tx, accountId, imported);
      added += 1;
      messages += imported.messages.length;
    }
    return { added, messages };
  });
}

async function isKnown(tx: WriteTransaction, accountId: AccountId, imported: ImportedConversation): Promise<boolean> {
  if (await tx.conversation(accountId, imported.id)) return true;
  return (await tx.tombstone(accountId, imported.id)) !== null;
}

async function insertMessages(
  tx: WriteTransaction,
  accountId: AccountId,
  imported: ImportedConversation,
): Promise<void> {
  for (const [index, message] of imported.messages.entries()) {
    await tx.insertMessage(accountId, {
      conversationId: imported.id,
      seq: index + 1,
      id: message.id as MessageId,
      role: message.role,
      content: message.content,
      createdAt: message.createdAt,
      status: message.status,
      stopReason: null,
      error: null,
      model: message.model ?? null,
      clientMessageId: null,
    });
  }
}

function importedRow(imported: ImportedConversation, tick: Micros): ConversationRow {
  const count = imported.messages.length;
  return {
    id: imported.id,
    title: imported.title,
    titleSource: imported.title ? "person" : "none",
    model: imported.model,
    createdAt: imported.createdAt,
    updatedAt: imported.updatedAt,
    changedAt: tick,
    messageCount: count,
    lastSeq: count,
    readSeq: count,
    unreadCount: 0,
    markedUnread: false,
    pinned: imported.pinned,
    archived: imported.archived,
    activeReplyId: null,
    trashedAt: null,
    purgeAt: null,
  };
}
