/** The server over HTTP by `fetch`: bytes become types and failures here. */
import type { Problem, SyncResponse } from "@instep/protocol";
import { badAnswer, failure, type Failure, type FailureCode, isFailure, type Result } from "../failure.ts";
import { fits, isObject, isText, type MemberShape } from "../shape.ts";
import { SHAPES } from "./answer-shapes.ts";
import { eventStreamOf } from "./event-stream.ts";
import type { EventStream, SyncQuestion, Transport } from "./transport.ts";

export interface FetchTransportOptions {
  /** The server's origin; empty: the page's own, which is the only one that it answers to a page [SAFE-1]. */
  readonly baseUrl?: string;
  /** Headers that every request carries, such as an API client's token. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}

/** One call of the server's API. */
export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** For calls that nobody else watches: a fetch can hang for ever on a phone that slept. */
const TIMEOUT_MS = 45_000;

/**
 * Ends once the network is back: what was asked before that may hang as long as it is let [DEV-14]. Null where nothing tells of the
 * network: Node would keep every signal that hangs on this one.
 */
let untilOnline = "addEventListener" in globalThis ? new AbortController() : null;
globalThis.addEventListener?.("online", () => {
  untilOnline?.abort();
  untilOnline = new AbortController();
});

/** The real transport, for browsers, Node and workers. */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  const send = (path: string, call: Call = {}): Promise<Response | Failure> => request(options, path, call);
  const ask = async <T>(path: string, shape: MemberShape, call: Call = {}): Promise<Result<T>> => {
    const answer = await askServer<T>(options, path, call);
    return isFailure(answer) || fits(answer, shape) ? answer : badAnswer();
  };
  const post = <T>(path: string, shape: MemberShape, body?: unknown): Promise<Result<T>> =>
    ask<T>(path, shape, { method: "POST", body });
  const stream = async (path: string, call: Call): Promise<Result<EventStream>> => {
    const abort = new AbortController();
    const signal = call.signal ? AbortSignal.any([call.signal, abort.signal]) : abort.signal;
    const response = await send(path, { ...call, headers: { accept: "text/event-stream" }, signal });
    if (isFailure(response)) return response;
    return response.body ? eventStreamOf(response.body, () => abort.abort()) : badAnswer();
  };
  const of = (id: string): string => `conversations/${encodeURIComponent(id)}`;
  return {
    sync: async (question, signal) => {
      const response = await send("conversations/sync", syncCall(question, signal));
      if (isFailure(response)) return response;
      if (response.status === 304) return { kind: "not-modified" };
      const body = await readJson<SyncResponse>(response, signal);
      if (isFailure(body)) return body;
      if (!fits(body, SHAPES.sync)) return badAnswer();
      const retryAfterMs = retryAfterOf(response);
      return { kind: "answer", response: body, etag: response.headers.get("etag"), retryAfterMs };
    },
    config: () => ask("config", SHAPES.config),
    me: () => ask("me", SHAPES.me),
    patchMe: (change) => ask("me", SHAPES.me, { method: "PATCH", body: change }),
    list: ({ cursor, archived }) =>
      ask("conversations", SHAPES.rows, { query: { limit: 100, cursor, archived: archived || null } }),
    create: (input) => post("conversations", SHAPES.row, input),
    open: (id, limit) => ask(of(id), SHAPES.conversation, { query: { message_limit: limit } }),
    messages: (id, page) => ask(`${of(id)}/messages`, SHAPES.page, { query: { ...page } }),
    patch: (id, change) => ask(of(id), SHAPES.row, { method: "PATCH", body: change }),
    act: (actions) => post("conversations/actions", SHAPES.rows, actions),
    remove: (id, permanent) =>
      ask(of(id), SHAPES.status, { method: "DELETE", query: { permanent: permanent || null } }),
    restore: (id) => post(`${of(id)}/restore`, SHAPES.row),
    versions: (id, seq, cursor) => ask(`${of(id)}/versions/${seq}`, SHAPES.versions, { query: { cursor } }),
    restoreVersion: (id, versionId, expectedLastSeq) =>
      post(`${of(id)}/versions/${versionId}/restore`, SHAPES.page, { expected_last_seq: expectedLastSeq }),
    trash: (cursor) => ask("trash", SHAPES.rows, { query: { cursor } }),
    trashMessages: (id, before) => ask(`trash/${encodeURIComponent(id)}/messages`, SHAPES.page, { query: { before } }),
    emptyTrash: () => ask("trash", SHAPES.status, { method: "DELETE" }),
    markRead: (id, position) => post(`${of(id)}/read`, SHAPES.row, position),
    unreadAfter: (id, afterSeq, stopped) => {
      const signal = AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)]);
      return ask(`${of(id)}/unread`, SHAPES.count, { query: { after_seq: afterSeq }, signal });
    },
    search: (q, cursor) => ask("search", SHAPES.results, { query: { q, cursor } }),
    sendBatch: (id, body, signal) => ask(`${of(id)}/chat/batch`, SHAPES.turn, { method: "POST", body, signal }),
    sendStream: (id, body, signal) => stream(`${of(id)}/chat/stream`, { method: "POST", body, signal }),
    resumeStream: (id, { replyId, after }, signal) =>
      stream(`${of(id)}/chat/replies/${replyId}/stream`, { query: { after }, signal }),
    stopReply: (id, replyId) => post(`${of(id)}/chat/replies/${replyId}/stop`, SHAPES.status),
  };
}

/** Any call that answers JSON, such as those of an account, which no device makes by itself. */
export async function askServer<T>(options: FetchTransportOptions, path: string, call: Call = {}): Promise<Result<T>> {
  const response = await request(options, path, call);
  return isFailure(response) ? response : readJson<T>(response, call.signal);
}

function syncCall(question: SyncQuestion, signal: AbortSignal): Call {
  const { since, epoch, waitS, page, etag } = question;
  const query = { since, epoch, wait: waitS || null, page, limit: since === null ? 5000 : null };
  return { query, signal, headers: etag === null ? {} : { "if-none-match": etag } };
}

async function request(options: FetchTransportOptions, path: string, call: Call): Promise<Response | Failure> {
  const url = `${options.baseUrl ?? ""}/api/${path}${queryOf(call.query)}`;
  const hasBody = call.body !== undefined;
  try {
    const response = await (options.fetch ?? fetch)(url, {
      method: call.method ?? "GET",
      // The device keeps what it knows itself; a cache in between would answer in the server's place.
      cache: "no-store",
      credentials: "same-origin",
      headers: { ...options.headers, ...call.headers, ...(hasBody && { "content-type": "application/json" }) },
      ...(hasBody && { body: JSON.stringify(call.body) }),
      signal: limitOf(call),
    });
    return response.ok || response.status === 304 ? response : await refusalOf(response, call.signal);
  } catch {
    return unanswered(call.signal);
  }
}

/** What ends a call: whoever made it, or its time; and the network's return. */
function limitOf({ signal = AbortSignal.timeout(TIMEOUT_MS) }: Call): AbortSignal {
  return untilOnline ? AbortSignal.any([signal, untilOnline.signal]) : signal;
}

function queryOf(query: Call["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** A body that is cut is no answer; one that is whole and no JSON, or JSON of no object, is somebody else's. */
async function readJson<T>(response: Response, signal: AbortSignal | undefined): Promise<Result<T>> {
  const text = await response.text().catch(() => null);
  if (text === null) return unanswered(signal);
  try {
    const body = JSON.parse(text) as unknown;
    return isObject(body) && !Array.isArray(body) && !isFailure(body) ? (body as T) : badAnswer();
  } catch {
    return badAnswer();
  }
}

/** What counts without a problem of the server's: somebody has to sign in, to be patient, or to send less. Other refusals are somebody else's, who knows nothing of what is asked. */
const SAID_BY_ANYBODY = /^(4(01|08|13|14|29|31)|5..)$/;
const PROBLEM: MemberShape = { code: isText, title: isText };

/** A problem as the server wrote it; anything else in its place (a proxy's page) by its status alone: who signs in there does so elsewhere. */
async function refusalOf(response: Response, signal: AbortSignal | undefined): Promise<Failure> {
  const problem = await readJson<Partial<Problem>>(response, signal);
  if (isFailure(problem) && problem.failed !== "bad_answer") return problem;
  const isProblem = !isFailure(problem) && fits(problem, PROBLEM);
  const byStatus: FailureCode = response.status >= 500 ? "unavailable" : "bad_answer";
  return {
    failed: isProblem ? (problem.code as FailureCode) : byStatus,
    status: isProblem || SAID_BY_ANYBODY.test(String(response.status)) ? response.status : 0,
    detail:
      (isProblem && (problem.detail ?? problem.title)) || `The server answered with an error (${response.status}).`,
    retryAfterMs: retryAfterOf(response),
    problem: isProblem ? { ...problem } : {},
  };
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function unanswered(signal: AbortSignal | undefined): Failure {
  return signal?.aborted ? failure("aborted", "Given up.") : failure("unreachable", "The server can't be reached.");
}
