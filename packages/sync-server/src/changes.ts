/** What changed after a tick: the rows of a sync answer, from one snapshot, under one limit. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import type { ChangedRow } from "./storage/change-statements.ts";
import type { Tombstone } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";

/** The rows of an answer, not yet written as one. */
export interface Changes {
  /** Each a JSON object. */
  readonly rows: readonly string[];
  readonly deletedIds: readonly ConversationId[];
  /** Where to continue from: the clock, or the last tick of a page that is not the last [SYNC-3, SYNC-4]. */
  readonly serverTime: Micros;
  readonly hasMore: boolean;
}

export interface IncrementQuestion {
  readonly accountId: AccountId;
  readonly since: Micros;
  /** The account's clock in this snapshot. */
  readonly clock: Micros;
  readonly limit: number;
  readonly defaultModel: string;
}

/** Everything that changed after `since`, rows and deletions in the order of their ticks, at most `limit` together [SYNC-2, SYNC-4]. */
export async function incrementAfter(snapshot: Snapshot, question: IncrementQuestion): Promise<Changes> {
  const { accountId, since, clock, limit, defaultModel } = question;
  // One more than fits tells whether there is more.
  const changed = await snapshot.changedRows(accountId, { since, limit: limit + 1, defaultModel });
  const deleted = await snapshot.deletedSince(accountId, { since, limit: limit + 1 });
  if (changed.length + deleted.length <= limit) {
    return {
      rows: changed.map((row) => row.json),
      deletedIds: deleted.map((tombstone) => tombstone.id),
      serverTime: clock,
      hasMore: false,
    };
  }
  return firstOf(changed, deleted, limit);
}

export interface LivePageQuestion {
  readonly accountId: AccountId;
  /** The last id of the page before; empty for the first one. */
  readonly afterId: string;
  readonly limit: number;
  readonly defaultModel: string;
}

export interface LivePage {
  readonly rows: readonly string[];
  /** The id to continue after; null on the last page. */
  readonly nextAfterId: ConversationId | null;
}

/** One page of all live conversations, in id order: an order that no change disturbs [SYNC-1, SYNC-4]. */
export async function livePage(snapshot: Snapshot, question: LivePageQuestion): Promise<LivePage> {
  const { accountId, afterId, limit, defaultModel } = question;
  const found = await snapshot.liveRows(accountId, { afterId, limit: limit + 1, defaultModel });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { rows: page.map((row) => row.json), nextAfterId: found.length > limit && last ? last.id : null };
}

/** Merges both lists by tick and keeps the first `limit`; a tick belongs to one row, so none is ever split. */
function firstOf(changed: readonly ChangedRow[], deleted: readonly Tombstone[], limit: number): Changes {
  const rows: string[] = [];
  const deletedIds: ConversationId[] = [];
  let serverTime = 0 as Micros;
  while (rows.length + deletedIds.length < limit) {
    const row = changed[rows.length];
    const tombstone = deleted[deletedIds.length];
    if (row && (!tombstone || row.tick < tombstone.deletedAt)) {
      rows.push(row.json);
      serverTime = row.tick;
    } else if (tombstone) {
      deletedIds.push(tombstone.id);
      serverTime = tombstone.deletedAt;
    } else {
      break;
    }
  }
  return { rows, deletedIds, serverTime, hasMore: true };
}
