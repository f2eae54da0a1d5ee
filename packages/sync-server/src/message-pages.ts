/** A conversation's messages, a page at a time; a cursor is a message's seq, written as text. */
import { MAX_UNREAD_COUNT, type AccountId, type MessagePage } from "@instep/protocol";
import type { ConversationKey } from "./storage/message-statements.ts";
import type { ConversationRow, MessageRow } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";
import { seqBefore, wireMessages } from "./versions.ts";

/** A page ends before it has more text than this, in UTF-16 code units, whatever its limit; its first message always fits [SAFE-2]. */
export const MAX_PAGE_LENGTH = 1_000_000;

export interface MessagePageQuestion {
  readonly accountId: AccountId;
  readonly conversation: ConversationRow;
  /** Only messages with a lower seq. */
  readonly before: number | null;
  /** Only messages with a higher seq, the oldest of them first. */
  readonly after: number | null;
  /** The message of this seq in the middle, or the place where it stood; the other two are null then. */
  readonly around?: number | null;
  readonly limit: number;
}

/** The newest messages, those before one, those after one, or those around one; always oldest first. */
export async function messagePage(snapshot: Snapshot, question: MessagePageQuestion): Promise<MessagePage> {
  const { accountId, conversation } = question;
  const key = { accountId, conversationId: conversation.id };
  const rows = await messageRows(snapshot, question);
  const [first, last] = edges(rows, question);
  const before = await seqBefore(snapshot, key, first);
  const hasOlder = before > 0;
  const hasNewer = (await snapshot.countMessagesAfter(key, { after: last, limit: 1 })) > 0;
  return {
    messages: await wireMessages(snapshot, key, { rows, before }),
    message_pagination: {
      total_count: conversation.messageCount,
      last_seq: conversation.lastSeq,
      has_older: hasOlder,
      older_cursor: hasOlder ? String(first) : null,
      has_newer: hasNewer,
      newer_cursor: hasNewer ? String(last) : null,
    },
  };
}

/** How many live messages stand after a seq, counted at most to 1000 [DEV-3]. */
export async function unreadAfter(
  snapshot: Snapshot,
  question: { readonly accountId: AccountId; readonly conversation: ConversationRow; readonly afterSeq: number },
): Promise<number> {
  const key = { accountId: question.accountId, conversationId: question.conversation.id };
  return snapshot.countMessagesAfter(key, { after: question.afterSeq, limit: MAX_UNREAD_COUNT });
}

async function messageRows(snapshot: Snapshot, question: MessagePageQuestion): Promise<readonly MessageRow[]> {
  const { accountId, conversation, before, after, around = null, limit } = question;
  const key = { accountId, conversationId: conversation.id };
  const maxLength = MAX_PAGE_LENGTH;
  if (around !== null) return rowsAround(snapshot, key, { around, limit });
  if (after === null) return (await snapshot.messagesBefore(key, { before, limit, maxLength })).toReversed();
  const rows = await snapshot.messagesAfter(key, { after, limit, maxLength });
  return before === null ? rows : rows.filter((row) => row.seq < before);
}

/** As many on either side; where one side has fewer, the other has more, so that the page is full where there is enough. */
async function rowsAround(
  snapshot: Snapshot,
  key: ConversationKey,
  { around, limit }: { readonly around: number; readonly limit: number },
): Promise<readonly MessageRow[]> {
  const maxLength = MAX_PAGE_LENGTH / 2;
  const older = await snapshot.messagesBefore(key, { before: around, limit: Math.floor(limit / 2), maxLength });
  const newer = await snapshot.messagesAfter(key, { after: around - 1, limit: limit - older.length, maxLength });
  const missing = limit - older.length - newer.length;
  const before = older.at(-1)?.seq ?? around;
  const left = maxLength - lengthOf(older);
  const oldest =
    missing > 0 && left > 0 ? await snapshot.messagesBefore(key, { before, limit: missing, maxLength: left }) : [];
  return withoutOldest([...[...older, ...oldest].toReversed(), ...newer]);
}

/** Leaves out the oldest where one that always fits was too long for what comes behind it: that is a page further. */
function withoutOldest(rows: readonly MessageRow[]): readonly MessageRow[] {
  let [length, first] = [lengthOf(rows), 0];
  for (const row of rows.slice(0, -1)) {
    if (length <= MAX_PAGE_LENGTH) break;
    length -= lengthOf([row]);
    first += 1;
  }
  return rows.slice(first);
}

/** How long what is said and thought in them is, in UTF-16 code units. */
export function lengthOf(rows: readonly MessageRow[]): number {
  return rows.reduce((sum, { content, thoughts }) => sum + content.length + (thoughts?.length ?? 0), 0);
}

/** The seqs around which older and newer is: the page's own, or where it would have stood. */
function edges(rows: readonly MessageRow[], { before, after, conversation }: MessagePageQuestion): [number, number] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && last) return [first.seq, last.seq];
  if (after !== null) return [after + 1, after];
  const end = Math.max(1, before ?? conversation.lastSeq + 1);
  return [end, end - 1];
}
