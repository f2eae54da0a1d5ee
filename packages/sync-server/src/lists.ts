/** The lists that page: live or archived conversations, and the trash. */
import {
  type AccountId,
  type AsOf,
  type ConversationId,
  type ConversationList,
  type Micros,
  type TrashList,
} from "@instep/protocol";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { refuseParameter, type Outcome } from "./refusal.ts";
import type { ListPlace } from "./storage/conversation-statements.ts";
import type { ConversationRow } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";
import { summaryOf, trashedSummaryOf } from "./summary.ts";

export interface ListQuestion {
  readonly accountId: AccountId;
  readonly limit: number;
  readonly cursor: string | null;
  readonly defaultModel: string;
}

const BAD_CURSOR = refuseParameter("cursor", "is not a next_cursor of this list");

/** Live conversations, pinned first, then newest `updated_at`, then id; the cursor is the last row's place, so that nothing is skipped or doubled by what moves. */
export async function listConversations(
  snapshot: Snapshot,
  question: ListQuestion & { readonly archived: boolean },
): Promise<Outcome<Omit<ConversationList, keyof AsOf>>> {
  const { accountId, limit, cursor, archived, defaultModel } = question;
  const after = cursor === null ? null : listPosition(cursor);
  if (cursor !== null && !after) return BAD_CURSOR;
  const found = await snapshot.listPage(accountId, { archived, after, limit: limit + 1 });
  return {
    conversations: found.slice(0, limit).map((row) => summaryOf(row, defaultModel)),
    next_cursor: nextCursor(found, limit, (row) => [row.pinned, row.updatedAt, row.id]),
    total_count: await snapshot.countListed(accountId, archived),
  };
}

/** What is in the trash, the newest deletion first. */
export async function listTrash(snapshot: Snapshot, question: ListQuestion): Promise<Outcome<TrashList>> {
  const { accountId, limit, cursor, defaultModel } = question;
  const position = cursor === null ? null : decodeCursor(cursor, ["integer", "string"]);
  if (cursor !== null && !position) return BAD_CURSOR;
  const after = position && { trashedAt: position[0] as Micros, id: position[1] as ConversationId };
  const found = await snapshot.trashPage(accountId, { after, limit: limit + 1 });
  return {
    conversations: found.slice(0, limit).map((row) => trashedSummaryOf(row, defaultModel)),
    next_cursor: nextCursor(found, limit, (row) => [row.trashedAt ?? 0, row.id]),
  };
}

function listPosition(cursor: string): ListPlace | null {
  const position = decodeCursor(cursor, ["boolean", "integer", "string"]);
  if (!position) return null;
  const [pinned, updatedAt, id] = position;
  return { pinned, updatedAt: updatedAt as Micros, id: id as ConversationId };
}

function nextCursor(
  found: readonly ConversationRow[],
  limit: number,
  positionOf: (row: ConversationRow) => readonly (string | number | boolean)[],
): string | null {
  const last = found[limit - 1];
  return found.length > limit && last ? encodeCursor(positionOf(last)) : null;
}
