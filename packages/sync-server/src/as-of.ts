/** As of when an answer is true: read with the rows that it tells, or made by the write that it answers [SYNC-11]. */
import {
  formatTimestamp,
  type AccountId,
  type AsOf,
  type Dated,
  type Micros,
  type ProblemCode,
} from "@instep/protocol";
import { isRefusal, type Outcome, type Refusal } from "./refusal.ts";
import type { AccountReads } from "./storage/account-statements.ts";
import type { Awaitable } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";

/**
 * Refusals that tell how it stands with a conversation: as good a word about it as a row. One that isn't found is none of the
 * account's, as far as anybody can tell: nothing may tell an unknown id, an impossible one and another account's apart [SYNC-9].
 */
const SAYS_WHAT_STANDS: ReadonlySet<ProblemCode> = new Set([
  "conversation_trashed",
  "conversation_deleted",
  "reply_running",
  "duplicate_message_id",
  "stale_conversation",
]);

/** A reading of the clock as it travels. */
export function asOfClock(clock: Micros, epoch: string): AsOf {
  return { server_time: formatTimestamp(clock), epoch };
}

/** As of when all is true that is read from this snapshot for the account. */
export async function asOfSnapshot(snapshot: AccountReads, accountId: AccountId): Promise<AsOf> {
  const account = await snapshot.account(accountId);
  return asOfClock(account?.clock ?? (0 as Micros), await snapshot.epoch());
}

/** The refusal with as of when it is true, where it speaks of what stands. */
export function datedRefusal(refusal: Refusal, asOf: AsOf): Refusal {
  if (!SAYS_WHAT_STANDS.has(refusal.refused)) return refusal;
  return { ...refusal, members: { ...refusal.members, ...asOf } };
}

/** The answer that is made of a write's result, with as of when it is true. */
export function answerOf<R extends { readonly asOf: AsOf }, T extends object>(
  outcome: Outcome<R>,
  make: (result: R) => T,
): Outcome<Dated<T>> {
  return isRefusal(outcome) ? outcome : { ...make(outcome), ...outcome.asOf };
}

/** What reads one snapshot at a time. */
interface Reading {
  read<T>(query: (snapshot: Snapshot) => Awaitable<T>): Promise<T>;
}

/** Reads an answer for the account and says as of when it is true, from the one snapshot. */
export function readDated<T extends object>(
  storage: Reading,
  accountId: AccountId,
  query: (snapshot: Snapshot) => Awaitable<Outcome<T>>,
): Promise<Outcome<Dated<T>>> {
  return storage.read(async (snapshot) => {
    const outcome = await query(snapshot);
    const asOf = await asOfSnapshot(snapshot, accountId);
    return isRefusal(outcome) ? datedRefusal(outcome, asOf) : { ...outcome, ...asOf };
  });
}
