/** The tick: every visible change of an account is stamped with a point in time that never repeats or goes back. */
import type { AccountId, Micros } from "@instep/protocol";
import type { WriteTransaction } from "./storage/transaction.ts";

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
 * A write that takes no tick leaves the clock alone [TICK-1]. Throws where there is no such account.
 */
export async function withClock<T>(
  tx: WriteTransaction,
  moment: WriteMoment,
  write: (tick: Tick) => Promise<T>,
): Promise<T> {
  const before = await tx.lockClock(moment.accountId);
  if (before === null) throw new Error("The account of this write doesn't exist");
  let clock = before;
  const result = await write(() => {
    clock = nextTick(clock, moment.now);
    return clock;
  });
  if (clock !== before) await tx.saveClock(moment.accountId, clock);
  return result;
}
