/** How often somebody may try to sign in: buckets of attempts by address and by source, refilled as time goes by. */
import type { Refusal } from "@instep/sync-server";
import { networkOf } from "../limits/network-of.ts";
import type { BucketRule, TokenBuckets } from "../limits/token-buckets.ts";

export interface Attempt {
  /** The normal address that is tried. */
  readonly address: string;
  /** Where the attempt comes from: an IP address. */
  readonly source: string;
}

export interface AttemptLimiter {
  /** Counts an attempt: 0 lets it pass, else the seconds after which the next one may. */
  take(attempt: Attempt): number;
  /** The attempt was good: it doesn't count. */
  forgive(attempt: Attempt): void;
}

/** An attempt that names no address: counted with its source's own, so that no other source can use up what it has. */
export function attemptOf(source: string): Attempt {
  return { address: networkOf(source), source };
}

/**
 * Does what an attempt is for, or refuses where there were too many [SIGN-4]. One that the server itself has no answer to, such as on a full
 * disk, doesn't count; one that is good is for `act` to forgive.
 */
export async function attempting<T>(
  limiter: AttemptLimiter,
  attempt: Attempt,
  act: () => Promise<T>,
): Promise<T | Refusal> {
  const waitS = limiter.take(attempt);
  if (waitS > 0) return tooManyAttempts(waitS);
  try {
    return await act();
  } catch (error) {
    limiter.forgive(attempt);
    throw error;
  }
}

function tooManyAttempts(waitS: number): Refusal {
  return { refused: "too_many_attempts", detail: `Try again in ${waitS} seconds.`, members: { retry_after_s: waitS } };
}

interface Rule extends BucketRule {
  readonly keyOf: (attempt: Attempt) => string;
}

/** One source can't keep an address's owner out: what it spoils is its own bucket for that address. */
const RULES: readonly Rule[] = [
  { keyOf: ({ address, source }) => `both ${networkOf(source)} ${address}`, burst: 10, refillMs: 30_000 },
  { keyOf: ({ source }) => `source ${networkOf(source)}`, burst: 60, refillMs: 5000 },
  { keyOf: ({ address }) => `address ${address}`, burst: 100, refillMs: 10_000 },
];

/** Makes the limiter over what keeps its buckets. */
export function createAttemptLimiter(buckets: TokenBuckets): AttemptLimiter {
  const bucketsOf = (attempt: Attempt) => RULES.map((rule) => ({ key: rule.keyOf(attempt), rule }));
  return {
    take: (attempt) => buckets.take(bucketsOf(attempt)),
    forgive: (attempt) => buckets.giveBack(bucketsOf(attempt)),
  };
}
