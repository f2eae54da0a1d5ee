/** Translates what goes wrong with an endpoint (network, HTTP status, error objects) into errors that a person can act on [TURN-9]. */
import { arrayOf, isRecord, numberOf, parseJson, recordOf, stringOf } from "../json-value.ts";
import { ModelError } from "./model.ts";

export interface HttpFailure {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | null;
}

/** Whose failure it is: named in details, and whose key never appears in one. */
export interface FailingEndpoint {
  readonly modelId: string;
  readonly apiKey: string | null;
  readonly origin: string;
}

const MAX_DETAIL_LENGTH = 300;
const SECOND_MS = 1000;

/** A request that got no answer: refused, no such host, TLS, or a connection that broke before the first byte. */
export function networkError(cause: unknown, endpoint: FailingEndpoint): ModelError {
  const code = causeCode(cause);
  const timeouts = ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"];
  if (timeouts.includes(code)) {
    return new ModelError("model_timeout", "The model took too long; ask again.", { retryable: true, cause });
  }
  return new ModelError("model_unreachable", unreachableDetail(code, endpoint.origin), {
    retryable: true,
    hasNotBegun: code === "ECONNREFUSED" || code === "EAI_AGAIN",
    cause,
  });
}

/** An answer with an HTTP status that is no success. */
export function httpError(failure: HttpFailure, endpoint: FailingEndpoint): ModelError {
  const { status } = failure;
  if (status === 401 || status === 403) return unauthorized(status, endpoint);
  const said = clean(messageOf(parseJson(failure.body)) ?? plainText(failure.body), endpoint);
  if (status === 429) return rateLimited(said, failure.retryAfterMs);
  if (status === 404) return notFound(said, endpoint);
  const retryable = status >= 500 || status === 408 || status === 409;
  const detail = retryable ? brokenDetail(status, said) : refusedDetail(status, said, endpoint);
  return new ModelError("model_failed", detail, {
    retryable,
    hasNotBegun: status === 503,
    retryAfterMs: failure.retryAfterMs,
  });
}

/** An error object that came inside an answer that had begun as a success. */
export function embeddedError(error: unknown, endpoint: FailingEndpoint): ModelError {
  const record = recordOf(error);
  const status = [record["code"], record["status"]].map(numberOf).find((code) => code !== null && code >= 400);
  const body = JSON.stringify({ error });
  if (status) return httpError({ status, body, retryAfterMs: null }, endpoint);
  const kinds = [record["code"], record["type"]].map((kind) => stringOf(kind) ?? "");
  const isRateLimit = kinds.some((kind) => kind.includes("rate_limit"));
  if (isRateLimit) return httpError({ status: 429, body, retryAfterMs: null }, endpoint);
  const said = clean(messageOf({ error }) ?? "", endpoint);
  const detail = sentence("The model reported an error", said, "ask again in a moment");
  return new ModelError("model_failed", detail, { retryable: true });
}

/** Reads `Retry-After`: seconds or an HTTP date; null where it is neither. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * SECOND_MS);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

function causeCode(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && isObject(current); depth++) {
    if ("code" in current && typeof current.code === "string") return current.code;
    current = "cause" in current ? current.cause : undefined;
  }
  return "";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function unreachableDetail(code: string, origin: string): string {
  if (code === "ECONNREFUSED") {
    return `Nothing answers at ${origin}; start the model's server or correct OPENAI_BASE_URL.`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `The host of ${origin} can't be found; check OPENAI_BASE_URL and the network.`;
  }
  if (/CERT|TLS|SSL/.test(code)) return `No secure connection to ${origin} (${code}); check its certificate.`;
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return `No connection to ${origin} in time; check the network and ask again.`;
  return `The model's server at ${origin} can't be reached; check that it runs and ask again.`;
}

function unauthorized(status: number, endpoint: FailingEndpoint): ModelError {
  const detail =
    endpoint.apiKey === null
      ? `The model's server wants a key (${status}); set OPENAI_API_KEY.`
      : `The model's server refused the key (${status}); check OPENAI_API_KEY.`;
  return new ModelError("model_unauthorized", detail, { retryable: false });
}

function rateLimited(said: string, retryAfterMs: number | null): ModelError {
  const when = retryAfterMs === null ? "later" : `in ${Math.ceil(retryAfterMs / SECOND_MS)} s`;
  const detail = sentence("The model is asked too often, or its quota is used up", said, `try again ${when}`);
  const hasNotBegun = !/quota|billing/i.test(said);
  return new ModelError("model_rate_limited", detail, { retryable: true, hasNotBegun, retryAfterMs });
}

function notFound(said: string, { modelId, origin }: FailingEndpoint): ModelError {
  const detail =
    said === ""
      ? `The model's server at ${origin} knows no such address; check OPENAI_BASE_URL (it often ends in /v1).`
      : sentence(`The model "${modelId}" was not found at ${origin}`, said, CHECK_NAME_AND_ADDRESS);
  return new ModelError("model_failed", detail, { retryable: false });
}

const CHECK_NAME_AND_ADDRESS = "check the model's name and OPENAI_BASE_URL";

/** What asking again doesn't help: a conversation that outgrew the model, or a name or an address that this server doesn't know. */
function refusedDetail(status: number, said: string, { modelId, origin }: FailingEndpoint): string {
  const isTooLong = status === 413 || /context (?:length|window|size)|too (?:long|many tokens)/i.test(said);
  const advice = isTooLong ? "shorten the message, or start a new chat" : CHECK_NAME_AND_ADDRESS;
  return sentence(`The model "${modelId}" at ${origin} refused this with ${status}`, said, advice);
}

function brokenDetail(status: number, said: string): string {
  return sentence(`The model's server answered ${status}`, said, "ask again in a moment");
}

/** The shapes in use: `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail: "…" | [{msg}]}`, and a list around any of them. */
function messageOf(body: unknown): string | null {
  if (typeof body === "string") return body;
  if (Array.isArray(body)) return messageOf(body[0]);
  if (!isRecord(body)) return null;
  const inner = body["error"] ?? body["message"] ?? body["msg"] ?? body["detail"] ?? arrayOf(body["errors"])[0];
  return inner === undefined ? null : messageOf(inner);
}

function plainText(body: string): string {
  return /^\s*[<{[]/.test(body) ? "" : body;
}

/** One line without the key, anything that looks like one, or a full stop at the end. */
function clean(text: string, endpoint: FailingEndpoint): string {
  const withoutKey = endpoint.apiKey ? text.replaceAll(endpoint.apiKey, "…") : text;
  const line = withoutKey
    .replace(/\b(?:sk|pk|gsk|xai)-[\w*-]{6,}/gi, "…")
    .replace(/Bearer\s+\S+/gi, "Bearer …")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.slice(0, MAX_DETAIL_LENGTH).replace(/[\uD800-\uDBFF]$|\.$/u, "");
}

/** What happened, in whose words, and what to do. */
function sentence(start: string, said: string, advice: string): string {
  return said === "" ? `${start}; ${advice}.` : `${start}: ${said}; ${advice}.`;
}
