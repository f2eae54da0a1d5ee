/** Statements about accounts, their clocks and the database's epoch. */
import type { AccountId, Micros } from "@instep/protocol";
import type { AccountRow, Awaitable } from "./rows.ts";

/** The ticks of one write: each from the first to the last. */
export interface Ticks {
  readonly first: Micros;
  readonly last: Micros;
}

export interface AccountReads {
  account(accountId: AccountId): Awaitable<AccountRow | null>;
  /** The database's epoch [EPOCH-1]. */
  epoch(): Awaitable<string>;
  /** Whether no clock of this history can have said that: between a tick and a start that found it to be the last one [EPOCH-1]. */
  isBeforeStart(accountId: AccountId, clock: Micros): Awaitable<boolean>;
  accountIds(): Awaitable<readonly AccountId[]>;
}

export interface AccountWrites {
  insertAccount(row: AccountRow): Awaitable<void>;
  saveProfile(row: Pick<AccountRow, "id" | "name" | "email" | "unreadScope">): Awaitable<void>;
  /** Reads the clock and holds the account's row until the commit [CLOCK-2]. Null where there is no such account. */
  lockClock(accountId: AccountId): Awaitable<Micros | null>;
  /**
   * Stores the clock; the commit tells the storage's listeners that it moved. What a start found to be said by no clock is said by these
   * ticks: their write was asked for before that start, or the wall clock has stepped back [EPOCH-1].
   */
  saveClock(accountId: AccountId, ticks: Ticks): Awaitable<void>;
  /** Stores a new epoch; what earlier starts found is of no more use. */
  saveEpoch(epoch: string): Awaitable<void>;
  /** Notes that a program starts now, where every account's clock stands; starts before the horizon are forgotten. */
  saveStart(now: Micros, horizon: Micros): Awaitable<void>;
  /** Removes the account's row and what is kept beside it; its conversations and tombstones are gone already. */
  deleteAccount(accountId: AccountId): Awaitable<void>;
}
