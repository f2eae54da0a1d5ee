/** Accounts and the database's epoch. */
import type { AccountId, Micros, UnreadScope } from "@instep/protocol";
import { NoAccountError, type WriteMoment } from "../account-clock.ts";
import type { AccountRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { endErasedReply } from "./finish-reply.ts";

export interface EnsureAccount {
  readonly id: AccountId;
  readonly email: string | null;
  readonly name: string;
  readonly unreadScope: UnreadScope;
  readonly now: Micros;
}

/** The account as it stands, made first where it is not there yet. No device sees an account come to be: no tick. */
export async function ensureAccount(tx: WriteTransaction, input: EnsureAccount): Promise<AccountRow> {
  const standing = await tx.account(input.id);
  if (standing) return standing;
  const { now, ...profile } = input;
  const row: AccountRow = { ...profile, clock: now, prunedThrough: 0 as Micros, createdAt: now };
  await tx.insertAccount(row);
  return row;
}

export interface UpdateAccount extends WriteMoment {
  readonly name: string | null;
  readonly unreadScope: UnreadScope | null;
}

/** Changes name or preferences. No device sees that among its conversations: no tick. */
export async function updateAccount(tx: WriteTransaction, input: UpdateAccount): Promise<AccountRow> {
  const account = await tx.account(input.accountId);
  if (!account) throw new NoAccountError();
  const changed = {
    ...account,
    name: input.name ?? account.name,
    unreadScope: input.unreadScope ?? account.unreadScope,
  };
  await tx.saveProfile(changed);
  return changed;
}

export interface EraseAccount extends WriteMoment {
  /** At most this many conversations or tombstones go in one transaction, so that no other write waits long. */
  readonly limit: number;
}

/**
 * Erases an account with all that it has; `isDone` false: call again. No device is told, since none may ask any more: no tick.
 * What conversations leave behind goes by slices afterwards, as it always does.
 */
export async function eraseAccount(tx: WriteTransaction, input: EraseAccount): Promise<{ readonly isDone: boolean }> {
  const { accountId, now, limit } = input;
  const conversations = await tx.conversationsAfter(accountId, { afterId: "", limit });
  for (const conversation of conversations) {
    await endErasedReply(tx, { accountId, conversation, at: now });
    await tx.deleteConversation(accountId, conversation.id);
  }
  const isMore = conversations.length === limit || (await tx.deleteTombstones(accountId, limit)) === limit;
  if (isMore) return { isDone: false };
  await tx.deleteAccount(accountId);
  return { isDone: true };
}

/** Makes a new epoch: history may have been rewound, so every device asks for everything [EPOCH-1]. */
export async function renewEpoch(tx: WriteTransaction, input: RenewEpoch): Promise<string> {
  const standing = await tx.epoch();
  if (input.instead !== undefined && input.instead !== standing) return standing;
  await tx.saveEpoch(input.epoch);
  return input.epoch;
}

export interface RenewEpoch {
  readonly epoch: string;
  /** Only where this one stands; many may find out at once. */
  readonly instead?: string;
}

/** A program starts on this database: no clock that is given lies between the last tick and now, but for a write's that ticks there all the same [EPOCH-1]. */
export async function noteStart(
  tx: WriteTransaction,
  input: { readonly now: Micros; readonly horizon: Micros },
): Promise<void> {
  await tx.saveStart(input.now, input.horizon);
}
