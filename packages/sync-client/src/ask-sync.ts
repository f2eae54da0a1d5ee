/** Asks the one question: all pages of a full answer together, one page of an increment, never waiting for ever. */
import type { SyncResponse, SyncRow } from "@instep/protocol";
import type { Answered } from "./apply-sync.ts";
import type { Watermark } from "./moment.ts";
import type { Environment } from "./environment.ts";
import { type Failure, failure, isFailure } from "./failure.ts";
import type { Transport } from "./transport/transport.ts";
import { withWatchdog } from "./watchdog.ts";

export interface SyncRequest {
  readonly watermark: Watermark;
  readonly isFull: boolean;
  readonly waitS: number;
}

export interface SyncOutcome {
  /** Null where the full answer is the one that is known already [SYNC-8]. */
  readonly answered: Answered | null;
  readonly hasMore: boolean;
  /** The server was asked to hold, and answered sooner with nothing new [WAIT-2]. */
  readonly isEarlyAndEmpty: boolean;
  readonly retryAfterMs: number | null;
}

/** How long an answer may take that the server gives at once: a fetch can hang for ever on a phone that slept. */
const AT_ONCE_MS = 25_000;
/** The margin on top of that, or of the hold. */
const SLACK_MS = 20_000;
/** A hold that ends this much before its time was cut short by the server; a short one, in its first half. */
const EARLY_BY_MS = 1000;
/** A server that never stops paging must not keep the device for ever. */
const MAX_PAGES = 10_000;

const NOTHING_NEW: SyncOutcome = { answered: null, hasMore: false, isEarlyAndEmpty: false, retryAfterMs: null };

/** Sends the request and follows its pages. Fails as a whole: a failed sync changes nothing. */
export async function askSync(
  ports: { readonly transport: Pick<Transport, "sync">; readonly environment: Environment },
  request: SyncRequest,
  signal: AbortSignal,
): Promise<SyncOutcome | Failure> {
  const { environment } = ports;
  const sentAt = environment.now();
  const timeoutMs = SLACK_MS + (request.waitS === 0 ? AT_ONCE_MS : request.waitS * 1000);
  const rows: SyncRow[] = [];
  let first: { response: SyncResponse; etag: string | null } | null = null;
  let page: string | null = null;
  for (let count = 0; count < MAX_PAGES; count++) {
    const question = questionOf(request, page);
    const answer = await withWatchdog(environment, { timeoutMs, signal }, (abort) =>
      ports.transport.sync(question, abort),
    );
    if (isFailure(answer)) return answer;
    if (answer.kind === "not-modified") return NOTHING_NEW;
    const { response } = answer;
    first ??= { response, etag: answer.etag };
    if (response.epoch !== first.response.epoch) return failure("bad_answer", "The list changed while it was read.");
    for (const row of response.conversations) rows.push(row);
    page = response.is_full_sync && response.has_more ? response.next_page : null;
    if (page !== null) continue;
    const isEmpty = response.server_time === request.watermark.serverTime;
    const waitedMs = environment.now() - sentAt;
    const heldMs = Math.max(request.waitS * 1000 - EARLY_BY_MS, request.waitS * 500);
    // A clock that stepped back says nothing about how long it was.
    const isEarly = waitedMs >= 0 && waitedMs < heldMs;
    return {
      answered: {
        response: { ...first.response, conversations: rows },
        etag: first.etag,
        since: request.watermark.serverTime,
      },
      hasMore: !response.is_full_sync && response.has_more && !isEmpty,
      isEarlyAndEmpty: request.waitS > 0 && isEmpty && isEarly,
      retryAfterMs: answer.retryAfterMs,
    };
  }
  return failure("bad_answer", "The server's list never ended.");
}

function questionOf({ watermark, isFull, waitS }: SyncRequest, page: string | null) {
  return {
    since: isFull ? null : watermark.serverTime,
    epoch: isFull ? null : watermark.epoch,
    waitS: isFull ? 0 : waitS,
    page,
    etag: isFull && page === null ? watermark.etag : null,
  };
}
