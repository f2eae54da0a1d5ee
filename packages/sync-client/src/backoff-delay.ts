/** How long to wait after a failure: longer each time, at random, and as long as the server asks; and what ends that. Pure. */
import type { PageEvent } from "./environment.ts";

export interface BackoffSpan {
  /** The first wait is up to this long; each failure doubles it. */
  readonly firstMs: number;
  readonly maxMs: number;
}

export interface FailureToWaitFor {
  /** How many there were in a row before this one. */
  readonly before: number;
  /** From 0 up to, but not, 1: full jitter, so that devices that failed together don't come back together. */
  readonly random: number;
  /** As long as the server asks for. */
  readonly retryAfterMs?: number | null;
}

/** For whatever goes out by itself. */
const BY_ITSELF: BackoffSpan = { firstMs: 1000, maxMs: 30_000 };
/** A server that asks for more patience than this is asked all the same. */
const MAX_RETRY_AFTER_MS = 300_000;

/** In milliseconds. */
export function backoffDelayMs(
  { before, random, retryAfterMs = null }: FailureToWaitFor,
  { firstMs, maxMs }: BackoffSpan = BY_ITSELF,
): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(10, before));
  return Math.max(Math.min(MAX_RETRY_AFTER_MS, retryAfterMs ?? 0), random * ceilingMs);
}

/** Whether the network is back, or somebody at the page: what waits out a failure need not wait any longer. */
export function isReturn(event: PageEvent): boolean {
  return !/^(hide|offline|suspend)$/.test(event);
}
