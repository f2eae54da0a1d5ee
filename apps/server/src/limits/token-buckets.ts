/** Buckets of tokens by key, refilled as time goes by: how often something may be done. Pure but for its memory, which is bounded. */

export interface BucketRule {
  /** How many may come at once. */
  readonly burst: number;
  /** How long one token takes to come back, in milliseconds. */
  readonly refillMs: number;
}

/** What is left, and as of when, in milliseconds. */
export interface Bucket {
  left: number;
  at: number;
}

/** One bucket that is asked, and by which rule. */
export interface AskedBucket {
  readonly key: string;
  readonly rule: BucketRule;
}

export interface TokenBuckets {
  /** Takes a token out of each, or none: 0, else the whole seconds after which each has one. */
  take(asked: readonly AskedBucket[]): number;
  /** Gives one back to each. */
  giveBack(asked: readonly AskedBucket[]): void;
}

const HALF = 15_000;

/** Makes the buckets; `now` is in milliseconds. */
export function createTokenBuckets(now: () => number, half = HALF): TokenBuckets {
  // Two halves, of which the older one is forgotten when the younger is full: those who come often stay.
  let young = new Map<string, Bucket>();
  let old = young;

  function bucketOf({ key, rule }: AskedBucket): Bucket {
    const at = now();
    const standing = refilled(young.get(key) ?? old.get(key), rule, at);
    if (young.size >= half) [old, young] = [young, new Map()];
    young.set(key, standing);
    return standing;
  }

  return {
    take(asked) {
      const buckets = asked.map((one) => ({ bucket: bucketOf(one), rule: one.rule }));
      const waitS = waitForAll(buckets);
      if (waitS === 0) for (const { bucket } of buckets) bucket.left -= 1;
      return waitS;
    },
    giveBack(asked) {
      for (const one of asked) {
        const bucket = bucketOf(one);
        bucket.left = Math.min(one.rule.burst, bucket.left + 1);
      }
    },
  };
}

/** The bucket as it is by then; a full one where there is none. A clock that steps back takes nothing away. */
export function refilled(standing: Bucket | undefined, { burst, refillMs }: BucketRule, at: number): Bucket {
  if (standing === undefined) return { left: burst, at };
  return { left: Math.min(burst, standing.left + Math.max(0, at - standing.at) / refillMs), at };
}

/** The whole seconds after which each of them has a token: 0 where each has one. */
export function waitForAll(buckets: readonly { readonly bucket: Bucket; readonly rule: BucketRule }[]): number {
  const waits = buckets.map(({ bucket, rule }) => Math.max(0, 1 - bucket.left) * rule.refillMs);
  return Math.ceil(Math.max(0, ...waits) / 1000);
}
