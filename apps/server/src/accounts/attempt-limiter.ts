/** How often somebody may try to sign in: buckets of attempts by address and by source, refilled as time goes by. Pure but for its memory. */

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

interface Rule {
  readonly keyOf: (attempt: Attempt) => string;
  readonly burst: number;
  readonly refillMs: number;
}

/** One source can't keep an address's owner out: what it spoils is its own bucket for that address. */
const RULES: readonly Rule[] = [
  { keyOf: ({ address, source }) => `both ${networkOf(source)} ${address}`, burst: 10, refillMs: 30_000 },
  { keyOf: ({ source }) => `source ${networkOf(source)}`, burst: 60, refillMs: 5000 },
  { keyOf: ({ address }) => `address ${address}`, burst: 100, refillMs: 10_000 },
];
const HALF = 15_000;

interface Bucket {
  left: number;
  at: number;
}

/** Makes the limiter; `now` is in milliseconds. */
export function createAttemptLimiter(now: () => number): AttemptLimiter {
  // Two halves, of which the older one is forgotten when the younger is full: those who come often stay.
  let young = new Map<string, Bucket>();
  let old = young;

  function bucketOf({ keyOf, burst, refillMs }: Rule, attempt: Attempt): Bucket {
    const key = keyOf(attempt);
    const at = now();
    const standing = young.get(key) ?? old.get(key) ?? { left: burst, at };
    // A clock that steps back takes nothing away.
    const bucket = { left: Math.min(burst, standing.left + Math.max(0, at - standing.at) / refillMs), at };
    if (young.size >= HALF) [old, young] = [young, new Map()];
    young.set(key, bucket);
    return bucket;
  }

  return {
    take(attempt) {
      const asked = RULES.map((rule) => ({ rule, bucket: bucketOf(rule, attempt) }));
      const waits = asked.map(({ rule, bucket }) => Math.max(0, 1 - bucket.left) * rule.refillMs);
      const waitMs = Math.max(...waits);
      if (waitMs > 0) return Math.ceil(waitMs / 1000);
      for (const { bucket } of asked) bucket.left -= 1;
      return 0;
    },
    forgive(attempt) {
      for (const rule of RULES) {
        const bucket = bucketOf(rule, attempt);
        bucket.left = Math.min(rule.burst, bucket.left + 1);
      }
    },
  };
}

/** Whoever has one address of IPv6 has as many as he likes of the same /64. */
function networkOf(source: string): string {
  const plain = source.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  return groups.slice(0, 4).join(":");
}
