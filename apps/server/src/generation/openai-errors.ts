/** Translates what goes wrong with an endpoint (network, HTTP status, error objects) into errors that a person can act on [TURN-9]. */
import { codeOf } from "../code-of.ts";
import { rootOf, shownAddress } from "./endpoint-address.ts";
import { ModelError } from "./model.ts";
import { readWait, refusalKind, type RefusalKind } from "./refusal-kinds.ts";
import { bodyOfEmbedded, signsOf, statusOf, wordsOf } from "./refusal-words.ts";

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

const SECOND_MS = 1000;

/** A request that got no answer: refused, no such host, TLS, or a connection that broke before the first byte. */
export function networkError(cause: unknown, endpoint: FailingEndpoint): ModelError {
  const code = causeCode(cause);
  const timeouts = ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"];
  if (timeouts.includes(code)) {
    return new ModelError("model_timeout", "The model took too long; try again.", { retryable: true, cause });
  }
  return new ModelError("model_unreachable", unreachableDetail(code, endpoint.origin), {
    retryable: true,
    hasNotBegun: code === "ECONNREFUSED" || code === "EAI_AGAIN",
    wasReset: ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(code),
    cause,
  });
}

/** An answer with an HTTP status that is no success: its own words, and what fits them [MODEL-6]. */
export function httpError(failure: HttpFailure, endpoint: FailingEndpoint): ModelError {
  const { status, body } = failure;
  const refusal = { ...failure, endpoint, said: wordsOf(body, endpoint.apiKey), kind: refusalKind(signsOf(body)) };
  switch (status) {
    case 401:
      return unauthorized(refusal);
    case 402:
      return unpaid(refusal);
    case 403:
      return forbidden(refusal);
    case 404:
      return refusal.kind === "too-long" ? refused(refusal) : notFound(refusal);
    case 429:
      return rateLimited(refusal);
    default:
      return isRetryable(status) && !ADVICE_BY_KIND[refusal.kind] ? broken(refusal) : refused(refusal);
  }
}

/** An address that leads to another one, where a request came without its question or its key: what was said there is of no use. */
export function ledElsewhere(baseUrl: string, address: string, path: string): ModelError {
  const root = rootOf(address, path);
  const where = `${shownAddress(baseUrl)} leads to ${root ?? shownAddress(address)}, where requests come incomplete`;
  const advice = root === null ? "check OPENAI_BASE_URL" : `set OPENAI_BASE_URL to ${root}`;
  return new ModelError("model_failed", `${where}; ${advice}.`, { retryable: false });
}

/** An error object that came inside an answer that had begun as a success. */
export function embeddedError(error: unknown, endpoint: FailingEndpoint): ModelError {
  const body = bodyOfEmbedded(error);
  const status = statusOf(error);
  if (status !== null) return httpError({ status, body, retryAfterMs: null }, endpoint);
  const kind = refusalKind(signsOf(body));
  if (kind === "rate") return httpError({ status: 429, body, retryAfterMs: null }, endpoint);
  const said = wordsOf(body, endpoint.apiKey);
  const advice = ADVICE_BY_KIND[kind];
  const detail = sentence("The model's server reported an error", said, advice ?? "try again in a moment");
  return new ModelError("model_failed", detail, { retryable: advice === undefined });
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
    const code = codeOf(current);
    if (code !== null) return code;
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
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return `No connection to ${origin} in time; check the network and try again.`;
  return `The model's server at ${origin} can't be reached; check that it runs and try again.`;
}

/** An endpoint's refusal with what its words are about. */
interface JudgedRefusal extends HttpFailure {
  readonly endpoint: FailingEndpoint;
  readonly said: string;
  readonly kind: RefusalKind;
}

/** What helps where asking again doesn't, whatever the status. */
const ADVICE_BY_KIND: Partial<Record<RefusalKind, string>> = {
  "too-long": "shorten the message, or start a new chat",
  filtered: "put the message in other words, or choose another model",
  payment: "add credit with the model's provider, or choose another model",
  region: "choose another model",
};

function unauthorized({ status, said, endpoint }: JudgedRefusal): ModelError {
  const isKeyless = endpoint.apiKey === null;
  const start = isKeyless ? "The model's server wants a key" : "The model's server refused the key";
  const advice = isKeyless ? "set OPENAI_API_KEY" : "check OPENAI_API_KEY";
  return new ModelError("model_unauthorized", sentence(`${start} (${status})`, said, advice), { retryable: false });
}

function unpaid({ status, said }: JudgedRefusal): ModelError {
  const advice = "add credit with the model's provider, or choose another model";
  const detail = sentence(`The model's provider wants to be paid (${status})`, said, advice);
  return new ModelError("model_failed", detail, { retryable: false });
}

/** Most of them have nothing to do with a key: moderation, a country, a model that the account may not use. */
function forbidden(refusal: JudgedRefusal): ModelError {
  const { status, said, kind } = refusal;
  if (ADVICE_BY_KIND[kind]) return refused(refusal);
  if (said === "" || kind === "key") return unauthorized(refusal);
  const detail = sentence(`The model's server does not allow this (${status})`, said, "choose another model");
  return new ModelError("model_unauthorized", detail, { retryable: false });
}

function rateLimited({ said, kind, body, retryAfterMs }: JudgedRefusal): ModelError {
  const waitMs = retryAfterMs ?? readWait(body);
  const when = waitMs === null ? "later" : `in ${Math.max(1, Math.ceil(waitMs / SECOND_MS))} s`;
  const isUnpaid = kind === "payment";
  const start = isUnpaid ? "The model's quota is used up" : "The model is asked too often";
  const advice = isUnpaid && retryAfterMs === null ? ADVICE_BY_KIND.payment : `try again ${when}`;
  const details = { retryable: true, hasNotBegun: !isUnpaid, retryAfterMs: waitMs };
  return new ModelError("model_rate_limited", sentence(start, said, advice ?? "try again later"), details);
}

function notFound({ said, endpoint: { modelId, origin } }: JudgedRefusal): ModelError {
  const detail =
    said === ""
      ? `The model's server at ${origin} knows no such address; check OPENAI_BASE_URL (it often ends in /v1).`
      : sentence(`The model "${modelId}" was not found at ${origin}`, said, CHECK_NAME_AND_ADDRESS);
  return new ModelError("model_failed", detail, { retryable: false });
}

const CHECK_NAME_AND_ADDRESS = "check the model's name and OPENAI_BASE_URL";

/** What asking again doesn't help: a conversation that outgrew the model, a filter, or a name or an option that this server doesn't know. */
function refused({ status, said, kind, endpoint: { modelId, origin } }: JudgedRefusal): ModelError {
  const other =
    kind === "model" || said === "" ? CHECK_NAME_AND_ADDRESS : "choose another model, or check the server's settings";
  const advice = status === 413 ? ADVICE_BY_KIND["too-long"] : ADVICE_BY_KIND[kind];
  const detail = sentence(`The model "${modelId}" at ${origin} refused this with ${status}`, said, advice ?? other);
  return new ModelError("model_failed", detail, { retryable: false });
}

function isRetryable(status: number): boolean {
  return status >= 500 || status === 408 || status === 409;
}

function broken({ status, said, retryAfterMs }: JudgedRefusal): ModelError {
  const detail = sentence(`The model's server answered ${status}`, said, "try again in a moment");
  return new ModelError("model_failed", detail, { retryable: true, hasNotBegun: status === 503, retryAfterMs });
}

/** What happened, in whose words, and what to do. */
function sentence(start: string, said: string, advice: string): string {
  return said === "" ? `${start}; ${advice}.` : `${start}: ${said}; ${advice}.`;
}
