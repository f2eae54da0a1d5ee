/** Brings in whole conversations, already read: each once by its id, each of its messages once by theirs. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { withClock, type Tick, type WriteMoment } from "../account-clock.ts";
import { arranged, type Arranged } from "../arranged.ts";
import type { Imported, ImportedConversation } from "../imported.ts";
import { unpackConversations, type PackedConversations } from "../packed-conversations.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { endedFrom } from "../versions.ts";
import { growthOf, type Growth } from "./import-growth.ts";
import { insertImported, type Inserted } from "./import-rows.ts";
import { newConversation } from "./new-conversation.ts";

export interface ImportInput extends WriteMoment {
  readonly conversations: readonly ImportedConversation[] | PackedConversations;
  /** How long a version is kept after it was replaced, in microseconds. */
  readonly keepFor: number;
}

/**
 * Adds those that are not there. One that is there, and has only what the import has too, gets what is new; one that was
 * changed here since is left, and so is what is in the trash or was deleted.
 */
export async function importConversations(tx: WriteTransaction, input: ImportInput): Promise<Imported> {
  const horizon = (input.now - input.keepFor) as Micros;
  return withClock(tx, input, async (tick) => {
    const done = { added: 0, grown: 0, messages: 0, versions: 0, versionsLeftOut: 0, kept: [] as ConversationId[] };
    for (const imported of unpackConversations(input.conversations)) {
      const whole = arranged(imported, horizon);
      done.versionsLeftOut += whole.leftOut;
      const row = await tx.conversation(input.accountId, imported.id);
      const growth = await growthBy(tx, { accountId: input.accountId, imported, whole, row });
      if (growth === "changed") done.kept.push(imported.id);
      if (growth === "changed" || growth === null) continue;
      const standing = row ?? newConversation(imported, tick());
      if (!row) {
        await tx.insertConversation(input.accountId, standing);
        await tx.saveInstructions(input.accountId, imported.id, imported.instructions ?? null);
      }
      const inserted = await takeIn(tx, { ...input, imported, standing, growth, tick });
      done[row ? "grown" : "added"]++;
      done.messages += growth.newCount;
      done.versions += inserted.versions;
      done.versionsLeftOut += growth.versions.length - inserted.versions;
    }
    return done;
  });
}

interface Comparison {
  readonly accountId: AccountId;
  readonly imported: ImportedConversation;
  readonly whole: Arranged;
  readonly row: ConversationRow | null;
}

async function growthBy(
  tx: WriteTransaction,
  { accountId, imported, whole, row }: Comparison,
): Promise<Growth | "changed" | null> {
  const key = { accountId, conversationId: imported.id };
  if (row) return growthOf(tx, row, { key, imported: whole, isNewer: imported.updatedAt > row.updatedAt });
  if (await tx.tombstone(accountId, imported.id)) return null;
  return { ...whole, newCount: whole.messages.length, staying: [], places: new Map([[0, 0]]), isSwap: false };
}

interface TakingIn {
  readonly accountId: AccountId;
  readonly keepFor: number;
  readonly imported: ImportedConversation;
  readonly standing: ConversationRow;
  readonly growth: Growth;
  readonly tick: Tick;
}

/** A conversation that was read to its end stays read; its title and whatever else a person chose here stay. */
async function takeIn(tx: WriteTransaction, taking: TakingIn): Promise<Inserted> {
  const { accountId, keepFor, imported, standing, growth, tick } = taking;
  const fromSeq = (growth.staying.at(-1) ?? 0) + 1;
  const { conversation } = await endedFrom(tx, { accountId, conversation: standing, fromSeq });
  const key = { accountId, conversationId: imported.id };
  const inserted = await insertImported(tx, { key, growth, lastSeq: standing.lastSeq, keepFor });
  const { lastSeq } = inserted;
  const isRead = standing.unreadCount === 0;
  await tx.saveConversation(accountId, {
    ...conversation,
    updatedAt: Math.max(standing.updatedAt, imported.updatedAt) as Micros,
    changedAt: tick(),
    lastSeq,
    messageCount: conversation.messageCount + growth.messages.length,
    readSeq: isRead ? lastSeq : standing.readSeq,
    unreadCount: isRead ? 0 : conversation.unreadCount + growth.messages.length,
  });
  return inserted;
}
