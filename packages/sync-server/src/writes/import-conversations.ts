/** Brings in whole conversations, already read: each once by its id, each of its messages once by theirs. */
import type { AccountId, ConversationId, MessageId, Micros } from "@instep/protocol";
import { withClock, type WriteMoment } from "../account-clock.ts";
import type { Imported, ImportedConversation, ImportedMessage } from "../engine.ts";
import type { ConversationKey } from "../storage/message-statements.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";

export interface ImportInput extends WriteMoment {
  readonly conversations: readonly ImportedConversation[];
}

/** More than a page of messages is read piece by piece. */
const PAGE_SIZE = 500;

/**
 * Adds those that are not there. One that is there, and has only what the import has too, gets the messages that are new; one that was
 * changed here since is left, and so is what is in the trash or was deleted.
 */
export async function importConversations(tx: WriteTransaction, input: ImportInput): Promise<Imported> {
  const { accountId } = input;
  return withClock(tx, input, async (tick) => {
    const done = { added: 0, grown: 0, messages: 0, kept: [] as ConversationId[] };
    for (const imported of input.conversations) {
      const standing = await tx.conversation(accountId, imported.id);
      const news = standing ? await newMessages(tx, standing, { accountId, imported }) : imported.messages;
      if (news === "changed") done.kept.push(imported.id);
      if (news === "changed" || (standing && news.length === 0)) continue;
      if (!standing && (await tx.tombstone(accountId, imported.id))) continue;
      if (standing) await tx.saveConversation(accountId, grownRow(standing, { imported, news, tick: tick() }));
      else await tx.insertConversation(accountId, importedRow(imported, tick()));
      await insertMessages(tx, { accountId, id: imported.id, messages: news, afterSeq: standing?.lastSeq ?? 0 });
      done[standing ? "grown" : "added"]++;
      done.messages += news.length;
    }
    return done;
  });
}

interface Growth {
  readonly accountId: AccountId;
  readonly imported: ImportedConversation;
}

/** What the import has after the messages that stand; "changed" where those are not its beginning. */
async function newMessages(
  tx: WriteTransaction,
  standing: ConversationRow,
  { accountId, imported }: Growth,
): Promise<readonly ImportedMessage[] | "changed"> {
  if (standing.trashedAt !== null) return [];
  const ids = await liveIds(tx, { accountId, conversationId: standing.id });
  const known = new Set(ids);
  if (imported.messages.every(({ id }) => known.has(id))) return [];
  const isBeginning = ids.every((id, index) => imported.messages[index]?.id === id);
  const isUntouched = standing.lastSeq === ids.length && standing.activeReplyId === null;
  return isBeginning && isUntouched ? imported.messages.slice(ids.length) : "changed";
}

async function liveIds(tx: WriteTransaction, key: ConversationKey): Promise<readonly string[]> {
  const ids: string[] = [];
  let after = 0;
  for (;;) {
    const page = await tx.messagesAfter(key, { after, limit: PAGE_SIZE });
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (!last || page.length < PAGE_SIZE) return ids;
    after = last.seq;
  }
}

interface GrownBy {
  readonly imported: ImportedConversation;
  readonly news: readonly ImportedMessage[];
  readonly tick: Micros;
}

/** A conversation that was read to its end stays read; its title and whatever else a person chose here stay. */
function grownRow(standing: ConversationRow, { imported, news, tick }: GrownBy): ConversationRow {
  const lastSeq = standing.lastSeq + news.length;
  const isRead = standing.unreadCount === 0;
  return {
    ...standing,
    updatedAt: Math.max(standing.updatedAt, imported.updatedAt) as Micros,
    changedAt: tick,
    lastSeq,
    messageCount: standing.messageCount + news.length,
    readSeq: isRead ? lastSeq : standing.readSeq,
    unreadCount: isRead ? 0 : standing.unreadCount + news.length,
  };
}

interface Insertion {
  readonly accountId: AccountId;
  readonly id: ConversationId;
  readonly messages: readonly ImportedMessage[];
  readonly afterSeq: number;
}

async function insertMessages(tx: WriteTransaction, insertion: Insertion): Promise<void> {
  for (const [index, message] of insertion.messages.entries()) {
    await tx.insertMessage(insertion.accountId, {
      conversationId: insertion.id,
      seq: insertion.afterSeq + index + 1,
      id: message.id as MessageId,
      role: message.role,
      content: message.content,
      thoughts: message.thoughts ?? null,
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
