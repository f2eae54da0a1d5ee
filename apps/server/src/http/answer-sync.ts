/** `GET /api/conversations/sync` on the bare request and response: the hot path, with nothing between socket and engine. */
import type { AccountId } from "@instep/protocol";
import { isRefusal, type Outcome, type Refusal, type SyncJson, type WrittenSync } from "@instep/sync-server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppContext } from "../app-context.ts";
import { createSyncQueryParser } from "./parse-sync-query.ts";
import { translateError, writeProblem } from "../problems.ts";
import { createAnswerCompressor } from "./compressed-answers.ts";
import { endSignedOut } from "./ended-early.ts";
import { abortOnClose, endWhereStalled, holdWhileUnread } from "./backpressure.ts";
import type { Metrics } from "../metrics.ts";
import { commonHeaderList, setCommonHeaders } from "./security-headers.ts";
import { searchOf } from "./query-reader.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers the sync call. Whoever is signed out is left to `onSignedOut` where there is one, so that his source is counted first. */
export type SyncHandler = (request: IncomingMessage, response: ServerResponse, onSignedOut?: Listener) => void;

export const SYNC_PATH = "/api/conversations/sync";
/** Of every answer at this address, refusals too [SYNC-8]. */
const SYNC_CACHE_CONTROL = "private, no-cache";
/** What every answer with changes, or without, begins with: made once, written in one call. */
const ANSWER_HEADERS = commonHeaderList({
  "cache-control": SYNC_CACHE_CONTROL,
  "content-type": "application/json; charset=utf-8",
});
const SIGNED_OUT: Refusal = { refused: "unauthorized" };
/** Below this many characters, compressing costs more than it saves. */
const COMPRESS_FROM = 1024;

/** Whether a request is for the sync call's address; asked for every request, before anything else. */
export function isSyncAddress(url: string | undefined): boolean {
  if (url === undefined || !url.startsWith(SYNC_PATH)) return false;
  return url.length === SYNC_PATH.length || url.charCodeAt(SYNC_PATH.length) === QUESTION_MARK;
}

/** Before an answer that is not written by the handler: a refusal of this address has the headers of its answers. */
export function setSyncHeaders(response: ServerResponse): void {
  setCommonHeaders(response);
  response.setHeader("cache-control", SYNC_CACHE_CONTROL);
}

/** Who waits for an answer. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly accountId: AccountId;
}

/** Makes the handler of the sync call. It never throws: whatever happens is answered, with every header that an answer needs. */
export function createSyncHandler(context: AppContext): SyncHandler {
  const { engine, accounts, settings, metrics, lifecycle, presence } = context;
  const parse = createSyncQueryParser();
  const compress = createAnswerCompressor();
  const writeIdle = createIdleWriter(metrics);

  function handle(request: IncomingMessage, response: ServerResponse, onSignedOut?: Listener): void {
    const accountId = accounts.identify(request.headers);
    if (accountId === null) return onSignedOut ? onSignedOut(request, response) : refuse(response, SIGNED_OUT);
    const query = parse({
      search: searchOf(request.url),
      ifNoneMatch: request.headers["if-none-match"] ?? null,
    });
    if (isRefusal(query)) return refuse(response, query);
    if (lifecycle.isStopping) response.shouldKeepAlive = false;
    const idleJson = engine.idleAnswer(accountId, query);
    const deviceId = accounts.deviceOf(request.headers);
    // Only a request that may be held can be abandoned; the others are answered before anybody could.
    const mayHold = query.waitS > 0 && settings.maxWaitS > 0;
    if (deviceId !== null && !mayHold) presence.noteQuestion(accountId, deviceId);
    if (idleJson !== null) return writeIdle(response, idleJson);
    const tooMany = context.limits.refuseCall(accountId, "call");
    if (tooMany !== null) return refuse(response, tooMany);
    const clamped = query.waitS > settings.maxWaitS ? { ...query, waitS: settings.maxWaitS } : query;
    if (mayHold) watchOver(context, request, response);
    if (mayHold && deviceId !== null) response.once("close", presence.beginQuestion(accountId, deviceId));
    engine
      .sync(accountId, clamped, mayHold ? abortOnClose(response) : undefined)
      .then((outcome) => answer({ request, response, accountId }, outcome))
      .catch((error: unknown) => fail(response, error));
  }

  async function answer(asked: Asked, outcome: Outcome<WrittenSync>) {
    const { request, response } = asked;
    if (isOver(response)) return;
    if (lifecycle.isStopping) response.shouldKeepAlive = false;
    if (isRefusal(outcome)) return refuse(response, outcome);
    if (outcome.kind === "not-modified") return writeNotModified(response, outcome.etag);
    if (outcome.json.length < COMPRESS_FROM) return writeAnswer(asked, outcome, null);
    const gzipped = await compress(outcome, request.headers);
    // Its session may have ended meanwhile, and the answer with it.
    if (!isOver(response)) writeAnswer(asked, outcome, gzipped);
  }

  function writeNotModified(response: ServerResponse, etag: string): void {
    metrics.countSync(304);
    setSyncHeaders(response);
    response.writeHead(304, { etag, vary: "accept-encoding" });
    response.end();
  }

  function writeAnswer({ response, accountId }: Asked, outcome: SyncJson, gzipped: Buffer | null): void {
    metrics.countSync(200);
    const length = gzipped?.length ?? Buffer.byteLength(outcome.json);
    const headers = [...headersOf(outcome, gzipped !== null), "content-length", String(length)];
    holdWhileUnread(response, length, (bytes) => context.limits.holdAnswer(accountId, bytes));
    endWhereStalled(response);
    response.writeHead(200, headers).end(gzipped ?? outcome.json);
  }

  function refuse(response: ServerResponse, refusal: Refusal): void {
    setSyncHeaders(response);
    writeProblem(response, refusal);
    metrics.countSync(response.statusCode);
  }

  function fail(response: ServerResponse, error: unknown): void {
    const { refusal, isOurs } = translateError(error);
    if (isOurs) context.log.error({ err: error }, "a sync request failed");
    if (isOver(response)) return;
    if (response.headersSent) response.destroy();
    else refuse(response, refusal);
  }

  return orFail(handle, fail);
}

function headersOf({ json, etag, retryAfterS }: SyncJson, isPacked: boolean): string[] {
  return [
    ...ANSWER_HEADERS,
    ...(json.length >= COMPRESS_FROM ? ["vary", "accept-encoding"] : []),
    ...(etag !== null ? ["etag", etag] : []),
    ...(retryAfterS !== null ? ["retry-after", String(retryAfterS)] : []),
    ...(isPacked ? ["content-encoding", "gzip"] : []),
  ];
}

/** Whether the answer was written already, or there is nobody who could get it. */
function isOver(response: ServerResponse): boolean {
  return response.destroyed || response.writableEnded;
}

/** Whoever asks is looked up, which may fail: nothing else would catch that here, and the program would end. */
function orFail(handle: SyncHandler, fail: (response: ServerResponse, error: unknown) => void): SyncHandler {
  return (request, response, onSignedOut) => {
    try {
      handle(request, response, onSignedOut);
    } catch (error) {
      fail(response, error);
    }
  };
}

/** Whoever is signed out while his question is held is told so at once. */
function watchOver({ accounts, metrics }: AppContext, { headers }: IncomingMessage, response: ServerResponse): void {
  const endWatch = accounts.watch(headers, () => {
    // The answer is written already, and only on its way to a slow reader.
    if (isOver(response)) return;
    setSyncHeaders(response);
    endSignedOut(response);
    metrics.countSync(response.statusCode);
  });
  if (endWatch !== null) response.once("close", endWatch);
}

/** Writes the answer that nothing changed: such answers have one length, and so the same headers. */
function createIdleWriter(metrics: Metrics): (response: ServerResponse, json: string) => void {
  let made: { readonly length: number; readonly headers: string[] } = { length: -1, headers: [] };
  return (response, json) => {
    metrics.countSync(200);
    const length = Buffer.byteLength(json);
    if (made.length !== length) made = { length, headers: [...ANSWER_HEADERS, "content-length", String(length)] };
    response.writeHead(200, made.headers);
    response.end(json);
  };
}

const QUESTION_MARK = 63;
