/** The HTTP of an OpenAI-compatible endpoint. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { callAddress, keyHeader } from "./endpoint-address.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError } from "./model.ts";
import { ledElsewhere, networkError, readRetryAfter, type FailingEndpoint, type HttpFailure } from "./openai-errors.ts";

/** So much of an answer is read at once: it may be a thousand events, of which none can be read. */
const SLICE_BYTES = 8192;

export interface OpenAiEndpoint {
  /** Root of the API, such as `http://localhost:11434/v1`; a slash at its end does not matter, and a query goes with every call. */
  readonly baseUrl: string;
  /** Sent where it is not null, as a bearer token or as Azure wants it. */
  readonly apiKey: string | null;
  /** From the request to the first token, retries included, where the answer is streamed. */
  readonly firstTokenTimeoutMs: number;
  /** Between two signs of life of a model that has begun. */
  readonly silenceTimeoutMs: number;
}

export interface OpenAiRequest {
  readonly endpoint: OpenAiEndpoint;
  readonly environment: GenerationEnvironment;
  /** Whose request it is, for the details of errors. */
  readonly modelId: string;
  readonly path: "/chat/completions" | "/models";
  /** JSON, sent by POST; a GET where it is left out. */
  readonly body?: string | Blob;
  readonly signal: AbortSignal;
}

/** No more of an error's body than this is read. */
const MAX_ERROR_BODY_LENGTH = 64 * 1024;

/** What a redirect to another place ends in: on the way there a question may become a look-up, and the key is taken off. */
const LOST_ON_THE_WAY: ReadonlySet<number> = new Set([401, 403, 404, 405]);

/** Where a redirect led, or leads, to which a request is not to be taken as it was; null where it came as it was. */
function lostOnTheWay({ status, redirected, url, headers }: Response): string | null {
  if (redirected) return LOST_ON_THE_WAY.has(status) ? url : null;
  const location = headers.get("location");
  return status < 400 && location !== null ? (URL.parse(location, url)?.href ?? null) : null;
}

/** An answer of success, or what the endpoint said instead. */
export type EndpointAnswer =
  | { readonly response: Response; readonly failure: null }
  | { readonly response: null; readonly failure: HttpFailure };

/** Sends a request. Throws `ModelError` where no answer came, or the signal's reason. */
export async function requestEndpoint(request: OpenAiRequest): Promise<EndpointAnswer> {
  const { endpoint, environment, signal } = request;
  const failing = describeEndpoint(request);
  const headers = headersOf(request);
  let response: Response;
  try {
    response = await environment.fetch(callAddress(endpoint.baseUrl, request.path), {
      method: request.body !== undefined ? "POST" : "GET",
      headers,
      // On the way to another origin only the header that everybody knows is taken off.
      redirect: "api-key" in headers ? "manual" : "follow",
      ...(request.body !== undefined && { body: request.body }),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, failing);
  }
  if (response.ok) return { response, failure: null };
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), environment.now());
  const body = await readErrorBody(response);
  signal.throwIfAborted();
  const lostAt = lostOnTheWay(response);
  if (lostAt !== null) throw ledElsewhere(endpoint.baseUrl, lostAt, request.path);
  return { response: null, failure: { status: response.status, body, retryAfterMs } };
}

/** Names an endpoint for the details of errors. */
export function describeEndpoint(request: Pick<OpenAiRequest, "endpoint" | "modelId">): FailingEndpoint {
  const { baseUrl, apiKey } = request.endpoint;
  return { modelId: request.modelId, apiKey, origin: new URL(baseUrl).origin };
}

/** The response's bytes, by so many that others have their turn between them [SAFE-2]; a connection that breaks throws `model_interrupted`. */
export async function* readBody(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  try {
    for await (const bytes of response.body) yield* inTurns(bytes);
  } catch (cause) {
    signal.throwIfAborted();
    throw interrupted(cause);
  }
}

async function* inTurns(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, SLICE_BYTES);
  for (let start = SLICE_BYTES; start < bytes.length; start += SLICE_BYTES) {
    await nextTurn();
    yield bytes.subarray(start, start + SLICE_BYTES);
  }
}

/** The model ended its answer without saying that it was complete. */
export function interrupted(cause?: unknown): ModelError {
  const detail = "The connection to the model broke in the middle of the answer; try again.";
  return new ModelError("model_interrupted", detail, { retryable: true, cause });
}

function headersOf({ endpoint, body }: OpenAiRequest): Record<string, string> {
  return {
    accept: body !== undefined ? "text/event-stream, application/json" : "application/json",
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(endpoint.apiKey !== null && keyHeader(endpoint.baseUrl, endpoint.apiKey)),
  };
}

async function readErrorBody(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let body = "";
  try {
    for await (const bytes of response.body ?? []) {
      body += decoder.decode(bytes, { stream: true });
      if (body.length > MAX_ERROR_BODY_LENGTH) break;
    }
  } catch {
    // The status says enough; its explanation broke off.
    return body;
  }
  return body;
}
