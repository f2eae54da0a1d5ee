/** A model behind an OpenAI-compatible endpoint: `POST …/chat/completions` with `stream: true`, by fetch. */
import { sleep, type GenerationEnvironment } from "./environment.ts";
import { ModelError, type Model, type ModelChunk, type ModelRequest } from "./model.ts";
import { lateBeginning, readCompletion, type Attempt } from "./openai-completion.ts";
import { requestEndpoint, type OpenAiEndpoint } from "./openai-request.ts";
import { Watchdog } from "./watchdog.ts";

export interface OpenAiModelParts {
  readonly id: string;
  readonly name: string;
  readonly endpoint: OpenAiEndpoint;
  readonly environment: GenerationEnvironment;
}

const MAX_ATTEMPTS = 3;
const FIRST_DELAY_MS = 500;
/** A model that asks for more patience than this fails at once, saying how long. */
const MAX_RETRY_AFTER_MS = 10_000;

/** Makes the adapter of one model of an endpoint. */
export function createOpenAiModel(parts: OpenAiModelParts): Model {
  return { id: parts.id, name: parts.name, makesTitles: true, generate: (request) => generate(parts, request) };
}

async function* generate(parts: OpenAiModelParts, request: ModelRequest): AsyncGenerator<ModelChunk> {
  const watchdog = new Watchdog(parts.environment);
  const signal = AbortSignal.any([request.signal, watchdog.signal]);
  const { endpoint, environment, id: modelId } = parts;
  watchdog.expect(endpoint.firstTokenTimeoutMs, () => lateBeginning(endpoint));
  try {
    signal.throwIfAborted();
    const attempt = { endpoint, environment, modelId, request, watchdog, signal };
    yield* readCompletion(attempt, await connect(attempt));
  } finally {
    watchdog.end();
  }
}

/** Asks until the model takes the request; it is asked again only where it surely did not begin to answer. */
async function connect(attempt: Attempt): Promise<Response> {
  const { environment } = attempt;
  let refusal: ModelError | null = null;
  for (let count = 1; ; count++) {
    try {
      if (refusal !== null) await sleep(environment, retryDelayMs(refusal, count - 1, environment), attempt.signal);
      return await requestCompletion(attempt);
    } catch (error) {
      // Out of time while asking again: what went wrong before says more than that.
      if (refusal !== null && attempt.watchdog.signal.aborted && !attempt.request.signal.aborted) throw refusal;
      if (count >= MAX_ATTEMPTS || !(error instanceof ModelError) || !mayAskAgain(error)) throw error;
      refusal = error;
    }
  }
}

async function requestCompletion({ endpoint, environment, modelId, request, signal }: Attempt): Promise<Response> {
  const body = { model: modelId, messages: request.messages, stream: true, stream_options: { include_usage: true } };
  const completion = { endpoint, environment, modelId, signal, path: "/chat/completions" } as const;
  try {
    return await requestEndpoint({ ...completion, body });
  } catch (error) {
    // Older servers refuse options that they don't know; the usage is the one that we can do without.
    if (!(error instanceof ModelError) || !error.detail.includes("stream_options")) throw error;
    return requestEndpoint({ ...completion, body: { ...body, stream_options: undefined } });
  }
}

function mayAskAgain(error: ModelError): boolean {
  return error.hasNotBegun && (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;
}

function retryDelayMs(error: ModelError, count: number, environment: GenerationEnvironment): number {
  const jitterMs = environment.random() * FIRST_DELAY_MS * 2 ** (count - 1);
  return error.retryAfterMs === null ? FIRST_DELAY_MS / 2 + jitterMs : error.retryAfterMs + jitterMs / 2;
}
