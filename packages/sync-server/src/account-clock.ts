/** The tick: every visible change of an account is stamped with a point in time that never repeats or goes back. */
import type { AccountId, AsOf, Micros } from "@instep/protocol";
import { asOfClock, datedRefusal } from "./as-of.ts";
import { isRefusal, type Outcome } from "./refusal.ts";
import type { WriteTransaction } from "./storage/transaction.ts";

/** A write for an account that is not there: erased since its request was let in. It crosses threads by its code. */
export class NoAccountError extends Error {
  override readonly name = "NoAccountError";
  readonly code = "NO_ACCOUNT";

  constructor() {
    super("The account of this write doesn't exist");
  }
}

/** Gives the next tick; each call gives a later one, so that every changed row has its own [CLOCK-1]. */
export type Tick = () => Micros;

/** Who writes, and when: what every write of an account carries. */
export interface WriteMoment {
  readonly accountId: AccountId;
  /** The wall clock where the write was asked for; it may be behind the account's clock [CLOCK-3]. */
  readonly now: Micros;
}

/** The tick that follows `clock` [CLOCK-1, CLOCK-3]. */
export function nextTick(clock: Micros, now: Micros): Micros {
  return Math.max(now, clock + 1) as Micros;
}

/**
 * Runs a write while holding the account's clock, and stores the clock where the write ticked it [CLOCK-2].
 * A write that takes no tick leaves the clock alone [TICK-1]. Throws `NoAccountError` where there is no such account.
 */
export async function withClock<T>(
  tx: WriteTransaction,
  moment: WriteMoment,
  write: (tick: Tick) => Promise<T>,
): Promise<T> {
  return (await runWithClock(tx, moment, write)).result;
}

/** What a write that is answered gives: its result, and as of when it is true. */
export type WithAsOf<T> = T & { readonly asOf: AsOf };

/** The same for a write that a device waits for: its outcome says the last tick that it took, or where it took none the clock as it stands [SYNC-11, TICK-1]. */
export async function answerWithClock<T extends object>(
  tx: WriteTransaction,
  moment: WriteMoment,
  write: (tick: Tick) => Promise<Outcome<T>>,
): Promise<Outcome<WithAsOf<T>>> {
  const { result, clock } = await runWithClock(tx, moment, write);
  const asOf = asOfClock(clock, await tx.epoch());
  return isRefusal(result) ? datedRefusal(result, asOf) : { ...result, asOf };
}

async function runWithClock<T>(
  tx: WriteTransaction,
  moment: WriteMoment,
  write: (tick: Tick) => Promise<T>,
): Promise<{ readonly result: T; readonly clock: Micros }> {
  const before = await tx.lockClock(moment.accountId);
  if (before === null) throw new NoAccountError();
  let clock = before;
  let first: Micros | null = null;
  const result = await write(() => {
    clock = nextTick(clock, moment.now);
    first ??= clock;
    return clock;
  });
  if (first !== null) await tx.saveClock(moment.accountId, { first, last: clock });
  return { result, clock };
}
