/** Recomputes from scratch what the writes keep: counts, unread, ticks, tombstones and versions. Tests run it after every kind of write. */
import type { AccountId, Micros } from "@instep/protocol";
import type { AccountRow, ConversationRow, MessageRow, Tombstone } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";
import { versionFaults } from "./version-checker.ts";

const PAGE = 1000;

/** Every difference between what an account's rows say and what they add up to, one sentence each; empty where all is right. */
async function checkAccount(snapshot: Snapshot, accountId: AccountId): Promise<string[]> {
  const account = await snapshot.account(accountId);
  if (!account) return [`Account ${accountId} is not there`];
  const conversations = await allConversations(snapshot, accountId);
  const tombstones = await snapshot.tombstones(accountId);
  const strays = await snapshot.strayIds(accountId);
  const faults = [...tickFaults(account, conversations, tombstones), ...tombstoneFaults(conversations, tombstones)];
  faults.push(
    ...strays.map((id) => `${id}: messages, versions or turns stand without it, or it is being erased while it stands`),
  );
  for (const conversation of conversations) {
    const messages = await allMessages(snapshot, accountId, conversation);
    faults.push(...countFaults(conversation, messages), ...(await replyFaults(snapshot, accountId, conversation)));
    faults.push(...(await versionFaults(snapshot, { accountId, conversation, messages })));
  }
  return faults;
}

/** The same for every account of the database. */
export async function checkEverything(snapshot: Snapshot): Promise<string[]> {
  const faults: string[] = [];
  for (const accountId of await snapshot.accountIds()) faults.push(...(await checkAccount(snapshot, accountId)));
  return faults;
}

/** [CLOCK-1, CLOCK-3]: no tick is later than the clock, and none stands twice among what a device can see. */
function tickFaults(
  account: AccountRow,
  conversations: readonly ConversationRow[],
  tombstones: readonly Tombstone[],
): string[] {
  const live = conversations.filter((row) => row.trashedAt === null).map((row) => row.changedAt);
  const ticks = [...live, ...tombstones.map((tombstone) => tombstone.deletedAt)];
  const seen = new Set<Micros>();
  const faults: string[] = [];
  for (const tick of ticks) {
    if (seen.has(tick)) faults.push(`Tick ${tick} stands twice`);
    if (tick > account.clock) faults.push(`Tick ${tick} is later than the clock ${account.clock}`);
    seen.add(tick);
  }
  return faults;
}

/** [SYNC-2]: an id is live or deleted, never both; what is in the trash has its tombstone. */
function tombstoneFaults(conversations: readonly ConversationRow[], tombstones: readonly Tombstone[]): string[] {
  const deletedAt = new Map(tombstones.map((tombstone) => [tombstone.id, tombstone.deletedAt]));
  const faults: string[] = [];
  for (const { id, trashedAt } of conversations) {
    if (trashedAt !== (deletedAt.get(id) ?? null)) {
      faults.push(`${id}: in the trash since ${trashedAt}, its tombstone says ${deletedAt.get(id)}`);
    }
  }
  return faults;
}

/** [MSG-1] and the read position. */
function countFaults(row: ConversationRow, messages: readonly MessageRow[]): string[] {
  const unread = messages.filter((message) => message.seq > row.readSeq).length;
  const highest = messages.at(-1)?.seq ?? 0;
  const faults: string[] = [];
  if (row.messageCount !== messages.length) faults.push(`message_count is ${row.messageCount}, not ${messages.length}`);
  if (row.unreadCount !== unread) faults.push(`unread_count is ${row.unreadCount}, not ${unread}`);
  if (row.lastSeq < highest) faults.push(`last_seq ${row.lastSeq} is below seq ${highest}`);
  if (row.readSeq > row.lastSeq) faults.push(`read_seq ${row.readSeq} is beyond last_seq ${row.lastSeq}`);
  return faults.map((fault) => `${row.id}: ${fault}`);
}

/** [MSG-4]: a conversation names the reply that runs, and no other. */
async function replyFaults(snapshot: Snapshot, accountId: AccountId, row: ConversationRow): Promise<string[]> {
  if (row.activeReplyId === null) return [];
  const turn = await snapshot.turn({ accountId, replyId: row.activeReplyId });
  return turn?.state === "running" ? [] : [`${row.id}: reply ${row.activeReplyId} is ${turn?.state ?? "not there"}`];
}

async function allConversations(snapshot: Snapshot, accountId: AccountId): Promise<ConversationRow[]> {
  const all: ConversationRow[] = [];
  for (;;) {
    const page = await snapshot.conversationsAfter(accountId, { afterId: all.at(-1)?.id ?? "", limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

async function allMessages(
  snapshot: Snapshot,
  accountId: AccountId,
  conversation: ConversationRow,
): Promise<MessageRow[]> {
  const key = { accountId, conversationId: conversation.id };
  const all: MessageRow[] = [];
  for (;;) {
    const page = await snapshot.messagesAfter(key, { after: all.at(-1)?.seq ?? 0, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
