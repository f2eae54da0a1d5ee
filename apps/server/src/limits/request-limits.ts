/** How much one account, or one source that is signed out, may ask of the server: calls and sends in a minute, bytes of bodies at once. */
import type { AccountId } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import { networkOf } from "./network-of.ts";
import { once } from "../once.ts";
import { createTokenBuckets, type AskedBucket, type BucketRule } from "./token-buckets.ts";

export interface RequestLimitSettings {
  /** Null sets no limit. */
  readonly sendsPerMinute: number | null;
  readonly callsPerMinute: number | null;
  /** How many bytes of an account's bodies may be on their way in at once; answers on their way out may have as many again. */
  readonly bodyBytesPerAccount: number;
}

export interface RequestLimits {
  /** A call of an account; null lets it pass. An increment that finds nothing is not counted: it costs less than the counting. */
  refuseCall(accountId: AccountId, kind: "call" | "send"): Refusal | null;
  /** A call of somebody who is signed out. */
  refuseSource(source: string): Refusal | null;
  /** An answer of so many bytes that is on its way out: what ends its counting once it is sent or given up; null where too much is unread [LIMIT-1]. */
  holdAnswer(accountId: AccountId, bytes: number): (() => void) | null;
  /** A body of so many bytes: what ends its counting once it is read or given up, or a refusal. */
  takeBody(accountId: AccountId, bytes: number): (() => void) | Refusal;
}

const MINUTE_MS = 60_000;
/** A body on its way in is read within moments, or its sender is slow on purpose. */
const BODY_RETRY_S = 2;

/** Makes the limits of one process; `now` is in milliseconds of a clock that nobody sets [LIMIT-1]. */
export function createRequestLimits(settings: RequestLimitSettings, now: () => number): RequestLimits {
  const buckets = createTokenBuckets(now);
  const bodies = countBytes(settings.bodyBytesPerAccount);
  const answers = countBytes(settings.bodyBytesPerAccount);
  const calls = ruleOf(settings.callsPerMinute);
  const sends = ruleOf(settings.sendsPerMinute);

  function refuseOverLimit(asked: readonly AskedBucket[]): Refusal | null {
    const waitS = asked.length === 0 ? 0 : buckets.take(asked);
    return waitS === 0 ? null : tooMany(waitS);
  }

  return {
    refuseCall(accountId, kind) {
      const ofCalls = calls ? [{ key: `calls ${accountId}`, rule: calls }] : [];
      const ofSends = sends && kind === "send" ? [{ key: `sends ${accountId}`, rule: sends }] : [];
      return refuseOverLimit([...ofCalls, ...ofSends]);
    },
    refuseSource: (source) => refuseOverLimit(calls ? [{ key: `source ${networkOf(source)}`, rule: calls }] : []),
    holdAnswer: answers,
    takeBody: (accountId, bytes) => bodies(accountId, bytes) ?? tooMany(BODY_RETRY_S),
  };
}

/** Counts bytes that accounts have on their way; the first of an account may be longer than all may be together. */
function countBytes(most: number): RequestLimits["holdAnswer"] {
  const standing = new Map<AccountId, number>();
  return (accountId, bytes) => {
    const before = standing.get(accountId) ?? 0;
    if (before > 0 && before + bytes > most) return null;
    standing.set(accountId, before + bytes);
    return once(() => {
      const left = (standing.get(accountId) ?? 0) - bytes;
      if (left > 0) standing.set(accountId, left);
      else standing.delete(accountId);
    });
  };
}

/** A minute's worth may come at once. */
function ruleOf(perMinute: number | null): BucketRule | null {
  return perMinute === null ? null : { burst: perMinute, refillMs: MINUTE_MS / perMinute };
}

function tooMany(waitS: number): Refusal {
  return { refused: "too_many_requests", detail: `Try again in ${waitS} seconds.`, members: { retry_after_s: waitS } };
}
