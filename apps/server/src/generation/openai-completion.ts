/** Reads one answer of an endpoint: its words as they come, and how it ended [MODEL-1, MODEL-2]. */
import type { MessageUsage } from "@instep/protocol";
import type { FinishReason } from "./finish-reason.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError, type ModelChunk, type ModelRequest } from "./model.ts";
import { embeddedError } from "./openai-errors.ts";
import { CompletionReader, type Reading } from "./openai-reader.ts";
import { describeEndpoint, interrupted, readBody, type OpenAiEndpoint } from "./openai-request.ts";
import { ThoughtSplitter } from "./thought-splitter.ts";
import type { Watchdog } from "./watchdog.ts";

/** One reply on its way. */
export interface ReplyAttempt {
  readonly endpoint: OpenAiEndpoint;
  readonly modelId: string;
  readonly environment: GenerationEnvironment;
  readonly request: ModelRequest;
  readonly watchdog: Watchdog;
  /** Aborts for the caller's reason or the watchdog's. */
  readonly signal: AbortSignal;
}

/** How long to wait for `[DONE]`, the usage, or more words after the model has said that it finished. */
const FAREWELL_MS = 6_000;
const SECOND_MS = 1000;

/** The words of a response, then its `end`. Throws `ModelError`, after all words that had come. */
export async function* readCompletion(attempt: ReplyAttempt, response: Response): AsyncGenerator<ModelChunk> {
  const reader = new CompletionReader();
  const answer = new Answer(attempt);
  let broken: unknown;
  try {
    for await (const bytes of readBody(response, attempt.signal)) {
      yield* answer.take(reader.feed(bytes));
      if (answer.isOver) break;
    }
  } catch (error) {
    attempt.request.signal.throwIfAborted();
    broken = error;
  }
  if (broken === undefined && !answer.isOver) yield* answer.take(reader.finish());
  yield* answer.end(broken);
}

/** The error of a model that said nothing for too long before it had begun. */
export function lateBeginning({ firstTokenTimeoutMs }: OpenAiEndpoint): ModelError {
  return timedOut("The model did not begin to answer", firstTokenTimeoutMs);
}

/** What is known of an answer so far, besides the words that were passed on. */
class Answer {
  readonly #attempt: ReplyAttempt;
  readonly #splitter = new ThoughtSplitter();
  #reason: FinishReason | null = null;
  #reasonAt = 0;
  /** The model said that it had ended, and then went on: it isn't believed so soon again. */
  #tookBack = false;
  #hasBegun = false;
  #usage: MessageUsage | null = null;
  #failure: ModelError | null = null;
  #isDone = false;
  #isUntouched = true;

  constructor(attempt: ReplyAttempt) {
    this.#attempt = attempt;
  }

  /** Nothing more of it is wanted. */
  get isOver(): boolean {
    return this.#isDone || this.#failure !== null;
  }

  /** Takes over what was read and moves the deadline: whatever came is a sign of life. */
  *take(reading: Reading): Generator<ModelChunk> {
    const saysMore = reading.said.length > 0;
    this.#isUntouched = false;
    for (const words of reading.said) {
      if (words.kind === "text") yield* this.#splitter.feed(words.text);
      else yield* this.#splitter.takeThoughts(words.text);
    }
    this.#hasBegun ||= saysMore;
    this.#takeReason(reading, saysMore);
    this.#usage = reading.usage ?? this.#usage;
    this.#isDone = reading.isDone;
    this.#failure = this.#failureOf(reading);
    this.#expectMore();
  }

  /** What was held back, and the end. `broken` is what ended the bytes before they were over. */
  *end(broken: unknown): Generator<ModelChunk> {
    yield* this.#splitter.finish();
    if (this.#failure !== null) throw this.#failure;
    if (this.#reason === "error") throw endedByError();
    // What came was whole, as the model has said; only its farewell is missing.
    if (broken !== undefined && this.#reason === null) throw this.#isUntouched ? asReset(broken) : broken;
    yield { kind: "end", stopReason: this.#reason ?? "stop", usage: this.#usage };
  }

  #takeReason(reading: Reading, saysMore: boolean): void {
    if (saysMore && this.#reason !== null) this.#tookBack = true;
    if (reading.finishReason !== null && (this.#reason === null || saysMore)) {
      this.#reasonAt = this.#attempt.environment.elapsed();
    }
    this.#reason = saysMore ? reading.finishReason : (reading.finishReason ?? this.#reason);
  }

  #failureOf(reading: Reading): ModelError | null {
    const { endpoint, modelId } = this.#attempt;
    if (reading.error !== undefined) return embeddedError(reading.error, describeEndpoint({ endpoint, modelId }));
    if (reading.isUnreadable) return unreadable();
    return reading.isCut && this.#reason === null && !this.#isDone ? interrupted() : null;
  }

  #expectMore(): void {
    const { endpoint, watchdog } = this.#attempt;
    const { silenceTimeoutMs } = endpoint;
    if (!this.#hasBegun && this.#reason === null) {
      // Not streamed: bytes are no sign of a beginning.
      if (watchdog.isIdle) return;
      return watchdog.expect(endpoint.firstTokenTimeoutMs, () => lateBeginning(endpoint));
    }
    const isEnding = this.#reason !== null && !this.#tookBack;
    const delayMs = isEnding ? Math.min(FAREWELL_MS, this.#patienceMs()) : silenceTimeoutMs;
    watchdog.expect(delayMs, () => timedOut("The model fell silent in the middle", silenceTimeoutMs));
  }

  /** Comments alone don't keep a reply open for ever that has said its reason. */
  #patienceMs(): number {
    const { endpoint, environment } = this.#attempt;
    return Math.max(0, this.#reasonAt + endpoint.silenceTimeoutMs - environment.elapsed());
  }
}

function timedOut(what: string, timeoutMs: number): ModelError {
  const detail = `${what} for ${Math.round(timeoutMs / SECOND_MS)} s; try again, or choose another model.`;
  return new ModelError("model_timeout", detail, { retryable: true });
}

/** A connection that broke before the first byte of its answer. */
function asReset(broken: unknown): unknown {
  if (!(broken instanceof ModelError) || broken.code !== "model_interrupted") return broken;
  const { code, detail, retryable, cause } = broken;
  return new ModelError(code, detail, { retryable, wasReset: true, cause });
}

function endedByError(): ModelError {
  const detail = "The model's server ended the reply with an error and did not say which; try again.";
  return new ModelError("model_interrupted", detail, { retryable: true });
}

function unreadable(): ModelError {
  const detail =
    "The model's server answered something that is no chat completion; check OPENAI_BASE_URL (it often ends in /v1).";
  return new ModelError("model_bad_response", detail, { retryable: false });
}
