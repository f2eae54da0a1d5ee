/** The HTTP of an OpenAI-compatible endpoint: requests that either answer with success or throw a `ModelError`. */
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError } from "./model.ts";
import { httpError, networkError, readRetryAfter } from "./openai-errors.ts";

export interface OpenAiEndpoint {
  /** Root of the API, such as `http://localhost:11434/v1`; a slash at its end does not matter. */
  readonly baseUrl: string;
  /** Sent as a bearer token where it is not null. */
  readonly apiKey: string | null;
  /** From the request to the first token, retries included. */
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
  /** Sent as JSON by POST; a GET where it is left out. */
  readonly body?: object;
  readonly signal: AbortSignal;
}

/** No more of an error's body than this is read. */
const MAX_ERROR_BODY_LENGTH = 64 * 1024;

/** Sends a request and resolves with a successful response. Throws `ModelError`, or the signal's reason. */
export async function requestEndpoint(request: OpenAiRequest): Promise<Response> {
  const { endpoint, environment, signal } = request;
  const failing = describeEndpoint(request);
  let response: Response;
  try {
    response = await environment.fetch(`${endpoint.baseUrl.replace(/\/+$/, "")}${request.path}`, {
      method: request.body ? "POST" : "GET",
      headers: headersOf(request),
      ...(request.body && { body: JSON.stringify(request.body) }),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, failing);
  }
  if (response.ok) return response;
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), environment.now());
  throw httpError({ status: response.status, body: await readErrorBody(response), retryAfterMs }, failing);
}

/** Names an endpoint for the details of errors. */
export function describeEndpoint(request: Pick<OpenAiRequest, "endpoint" | "modelId">): {
  readonly modelId: string;
  readonly apiKey: string | null;
  readonly origin: string;
} {
  const { baseUrl, apiKey } = request.endpoint;
  return { modelId: request.modelId, apiKey, origin: URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl };
}

/** The response's bytes; a connection that breaks throws `model_interrupted`. */
export async function* readBody(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  try {
    for await (const bytes of response.body) yield bytes;
  } catch (cause) {
    signal.throwIfAborted();
    throw interrupted(cause);
  }
}

/** The model ended its answer without saying that it was complete. */
export function interrupted(cause?: unknown): ModelError {
  const detail = "The connection to the model broke in the middle of the answer; try again.";
  return new ModelError("model_interrupted", detail, { retryable: true, cause });
}

function headersOf({ endpoint, body }: OpenAiRequest): Record<string, string> {
  return {
    accept: body ? "text/event-stream, application/json" : "application/json",
    ...(body && { "content-type": "application/json" }),
    ...(endpoint.apiKey !== null && { authorization: `Bearer ${endpoint.apiKey}` }),
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
