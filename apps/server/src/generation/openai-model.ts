/** A model behind an OpenAI-compatible endpoint: `POST …/chat/completions` with `stream: true`, by fetch. */
import { sleep, type GenerationEnvironment } from "./environment.ts";
import { ModelError, type Model, type ModelChunk, type ModelRequest, type ModelUsage } from "./model.ts";
import { embeddedError } from "./openai-errors.ts";
import { CompletionReader, type Reading } from "./openai-reader.ts";
import { describeEndpoint, interrupted, readBody, requestEndpoint, type OpenAiEndpoint } from "./openai-request.ts";
import { Watchdog } from "./watchdog.ts";

export interface OpenAiModelParts {
  readonly id: string;
  readonly name: string;
  readonly endpoint: OpenAiEndpoint;
  readonly environment: GenerationEnvironment;
}

/** One reply on its way. */
interface Attempt {
  readonly parts: OpenAiModelParts;
  readonly request: ModelRequest;
  readonly watchdog: Watchdog;
  /** Aborts for the caller's reason or the watchdog's. */
  readonly signal: AbortSignal;
}

/** What has been read of an answer besides its text. */
interface Progress {
  stopReason: string | null;
  usage: ModelUsage | null;
  isDone: boolean;
}

const MAX_ATTEMPTS = 3;
const FIRST_DELAY_MS = 500;
/** A model that asks for more patience than this fails at once, saying how long. */
const MAX_RETRY_AFTER_MS = 10_000;
/** How long to wait for `[DONE]` and the usage after the model has said that it finished. */
const FAREWELL_MS = 2_000;
const SECOND_MS = 1000;

/** Makes the adapter of one model of an endpoint. */
export function createOpenAiModel(parts: OpenAiModelParts): Model {
  return { id: parts.id, name: parts.name, makesTitles: true, generate: (request) => generate(parts, request) };
}

async function* generate(parts: OpenAiModelParts, request: ModelRequest): AsyncGenerator<ModelChunk> {
  const watchdog = new Watchdog(parts.environment);
  const signal = AbortSignal.any([request.signal, watchdog.signal]);
  const { firstTokenTimeoutMs } = parts.endpoint;
  watchdog.expect(firstTokenTimeoutMs, () => timedOut("The model did not begin to answer", firstTokenTimeoutMs));
  try {
    signal.throwIfAborted();
    const response = await connect({ parts, request, watchdog, signal });
    yield* readCompletion({ parts, request, watchdog, signal }, response);
  } finally {
    watchdog.end();
  }
}

/** Asks until the model takes the request; it is asked again only where it surely did not begin to answer. */
async function connect(attempt: Attempt): Promise<Response> {
  const { environment } = attempt.parts;
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

async function requestCompletion({ parts, request, signal }: Attempt): Promise<Response> {
  const { endpoint, environment, id: modelId } = parts;
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

async function* readCompletion(attempt: Attempt, response: Response): AsyncGenerator<ModelChunk> {
  const reader = new CompletionReader();
  const progress: Progress = { stopReason: null, usage: null, isDone: false };
  try {
    for await (const bytes of readBody(response, attempt.signal)) {
      yield* absorb(attempt, progress, reader.feed(bytes));
      if (progress.isDone) break;
    }
  } catch (error) {
    // What came was whole, as the model has said; only its farewell is missing.
    if (progress.stopReason === null || attempt.request.signal.aborted) throw error;
    progress.isDone = true;
  }
  if (!progress.isDone) yield* absorb(attempt, progress, reader.finish());
  if (!progress.isDone && progress.stopReason === null) throw interrupted();
  yield { kind: "end", stopReason: progress.stopReason ?? "stop", usage: progress.usage };
}

/** Takes over what was read and moves the deadline. Text goes on first: an error in the same packet must not take it along [TURN-9]. */
function* absorb(attempt: Attempt, progress: Progress, reading: Reading): Generator<ModelChunk> {
  const { endpoint, id: modelId } = attempt.parts;
  if (reading.text !== "") yield { kind: "text", text: reading.text };
  if (reading.error !== undefined) throw embeddedError(reading.error, describeEndpoint({ endpoint, modelId }));
  if (reading.isUnreadable) throw unreadable();
  progress.stopReason = reading.finishReason ?? progress.stopReason;
  progress.usage = reading.usage ?? progress.usage;
  progress.isDone ||= reading.isDone;
  const { silenceTimeoutMs } = endpoint;
  const delayMs = progress.stopReason === null ? silenceTimeoutMs : FAREWELL_MS;
  if (reading.isAlive || reading.finishReason !== null) {
    attempt.watchdog.expect(delayMs, () => timedOut("The model fell silent in the middle", silenceTimeoutMs));
  }
}

function timedOut(what: string, timeoutMs: number): ModelError {
  const detail = `${what} for ${Math.round(timeoutMs / SECOND_MS)} s; ask again, or choose another model.`;
  return new ModelError("model_timeout", detail, { retryable: true });
}

function unreadable(): ModelError {
  const detail =
    "The model's server answered something that is no chat completion; check OPENAI_BASE_URL (it often ends in /v1).";
  return new ModelError("model_bad_response", detail, { retryable: false });
}
