/** A model behind an OpenAI-compatible endpoint: `POST …/chat/completions` with `stream: true`, by fetch. */
import { isDeepStrictEqual } from "node:util";
import { sleep, type GenerationEnvironment } from "./environment.ts";
import { ModelError, type Model, type ModelChoice, type ModelChunk, type ModelRequest } from "./model.ts";
import { lateBeginning, readCompletion, type ReplyAttempt } from "./openai-completion.ts";
import { httpError } from "./openai-errors.ts";
import { describeEndpoint, requestEndpoint, type OpenAiEndpoint } from "./openai-request.ts";
import { FULL_FORM, isAboutForm, plainerForms, requestBody, type RequestForm } from "./request-form.ts";
import { writeBody } from "./request-json.ts";
import { Watchdog } from "./watchdog.ts";

export interface OpenAiModelParts extends ModelChoice {
  readonly endpoint: OpenAiEndpoint;
  readonly environment: GenerationEnvironment;
}

const MAX_ATTEMPTS = 3;
const FIRST_DELAY_MS = 500;
/** A model that asks for more patience than this fails at once, saying how long. */
const MAX_RETRY_AFTER_MS = 10_000;

/** More steps than this no form needs; an endpoint that refuses whatever it is asked ends the search. */
const MAX_FORMS = 6;

/** Makes the adapter of one model of an endpoint. What it learns about the form that the model takes stays with it [MODEL-3]. */
export function createOpenAiModel(parts: OpenAiModelParts): Model {
  const known: KnownForm = { form: FULL_FORM };
  return { id: parts.id, name: parts.name, makesTitles: true, generate: (request) => generate(parts, request, known) };
}

/** The form that the model took last, after refusals that were surely about it. */
interface KnownForm {
  form: RequestForm;
}

async function* generate(parts: OpenAiModelParts, request: ModelRequest, known: KnownForm): AsyncGenerator<ModelChunk> {
  const watchdog = new Watchdog(parts.environment);
  const signal = AbortSignal.any([request.signal, watchdog.signal]);
  const { endpoint, environment, id: modelId } = parts;
  try {
    signal.throwIfAborted();
    const attempt = { endpoint, environment, modelId, request, watchdog, signal };
    yield* answerOf(attempt, known);
  } finally {
    watchdog.end();
  }
}

/** A connection that is closed before anything came is often one that was kept open for too long: asked again once. */
async function* answerOf(attempt: ReplyAttempt, known: KnownForm): AsyncGenerator<ModelChunk> {
  try {
    yield* readCompletion(attempt, await connect(attempt, known));
  } catch (error) {
    if (!(error instanceof ModelError) || !error.wasReset) throw error;
    yield* readCompletion(attempt, await connect(attempt, known));
  }
}

/** Asks until the model takes the request; it is asked again only where it surely did not begin to answer. */
async function connect(attempt: ReplyAttempt, known: KnownForm): Promise<Response> {
  const { environment } = attempt;
  let refusal: ModelError | null = null;
  for (let count = 1; ; count++) {
    try {
      if (refusal !== null) await sleep(environment, retryDelayMs(refusal, count - 1, environment), attempt.signal);
      return await requestCompletion(attempt, known);
    } catch (error) {
      // Out of time while asking again: what went wrong before says more than that.
      if (refusal !== null && attempt.watchdog.signal.aborted && !attempt.request.signal.aborted) throw refusal;
      if (count >= MAX_ATTEMPTS || !(error instanceof ModelError) || !mayAskAgain(error)) throw error;
      refusal = error;
    }
  }
}

/** Asks in the form that is known, and in plainer ones for as long as the endpoint refuses something that can be left out. */
async function requestCompletion(attempt: ReplyAttempt, known: KnownForm): Promise<Response> {
  const { endpoint, environment, modelId, request, signal } = attempt;
  const bodyIn = (form: RequestForm) => requestBody(form, modelId, request.messages);
  let { form } = known;
  // What is remembered: a plainer form goes here only while every refusal so far was about the form.
  let foundOut = form;
  for (let count = 1; ; count++) {
    expectBeginning(attempt, form);
    const body = bodyIn(form);
    const written = await writeBody(body, signal);
    const asked = { endpoint, environment, modelId, signal, path: "/chat/completions", body: written } as const;
    const { response, failure } = await requestEndpoint(asked);
    if (response) {
      known.form = foundOut;
      return response;
    }
    const plainer = plainerForms(form, failure).find((candidate) => !isDeepStrictEqual(bodyIn(candidate), body));
    if (plainer === undefined || count === MAX_FORMS) throw httpError(failure, describeEndpoint(attempt));
    if (form === foundOut && isAboutForm(failure)) foundOut = plainer;
    form = plainer;
  }
}

/** In time, however often it is asked; an answer in one piece begins when it is whole, and is bounded as every reply is [TURN-12]. */
function expectBeginning({ endpoint, watchdog }: ReplyAttempt, { isStreamed }: RequestForm): void {
  if (!isStreamed) watchdog.expectNothing();
  else if (watchdog.isIdle) watchdog.expect(endpoint.firstTokenTimeoutMs, () => lateBeginning(endpoint));
}

function mayAskAgain(error: ModelError): boolean {
  return error.hasNotBegun && (error.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;
}

function retryDelayMs(error: ModelError, count: number, environment: GenerationEnvironment): number {
  const jitterMs = environment.random() * FIRST_DELAY_MS * 2 ** (count - 1);
  return error.retryAfterMs === null ? FIRST_DELAY_MS / 2 + jitterMs : error.retryAfterMs + jitterMs / 2;
}
