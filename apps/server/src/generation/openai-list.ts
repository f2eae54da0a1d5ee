/** Which models an endpoint has: `GET …/models`. */
import { arrayOf, recordOf, stringOf } from "../json-value.ts";
import { MAX_MODEL_LENGTH } from "@instep/protocol";
import { MAX_ANSWER_LENGTH, parseAnswer } from "./answer-json.ts";
import { deploymentOf } from "./endpoint-address.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { ModelError, type ModelChoice } from "./model.ts";
import { httpError } from "./openai-errors.ts";
import { describeEndpoint, requestEndpoint, type OpenAiEndpoint } from "./openai-request.ts";

/** What the endpoint has that looks like a chat model, or why it could not be asked. Empty where it answers, but doesn't say. */
export type ModelList =
  | { readonly models: readonly ModelChoice[]; readonly problem: null }
  | { readonly models: null; readonly problem: ModelError };

/** Nobody waits longer than this for a list. */
const LIST_TIMEOUT_MS = 3_000;
/** A provider with hundreds of models needs `MODELS`; nobody chooses from such a list. */
const MAX_MODELS = 50;
/** What can't hold a conversation, by the names that are in use. */
const NO_CHAT = /embed|whisper|tts|dall-e|image|moderation|rerank|transcribe|realtime|davinci|babbage|sora/i;

/** Asks the endpoint, for 3 s at most. Never throws; rejects with nothing but `signal`'s own end as a problem. */
export async function listEndpointModels(
  endpoint: OpenAiEndpoint,
  environment: GenerationEnvironment,
  signal: AbortSignal,
): Promise<ModelList> {
  const aborting = new AbortController();
  const cancel = environment.startTimer(LIST_TIMEOUT_MS, () => aborting.abort(tooSlow()));
  try {
    return await ask(endpoint, environment, AbortSignal.any([aborting.signal, signal]));
  } catch (error) {
    return { models: null, problem: error instanceof ModelError ? error : tooSlow(error) };
  } finally {
    cancel();
  }
}

async function ask(
  endpoint: OpenAiEndpoint,
  environment: GenerationEnvironment,
  signal: AbortSignal,
): Promise<ModelList> {
  const request = { endpoint, environment, modelId: "", path: "/models", signal } as const;
  const { response, failure } = await requestEndpoint(request);
  if (response) return { models: readModels(parseAnswer(await readText(response))), problem: null };
  // Many endpoints answer chats and know no list.
  const isListless = failure.status === 404 || failure.status === 405 || failure.status === 501;
  const deployment = deploymentOf(endpoint.baseUrl);
  const models = deployment === null ? [] : [{ id: deployment, name: deployment }];
  if (isListless) return { models, problem: null };
  return { models: null, problem: httpError(failure, describeEndpoint(request)) };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MAX_ANSWER_LENGTH) break;
  }
  return text;
}

function tooSlow(cause?: unknown): ModelError {
  const detail = "The model's server did not say in time which models it has; check that it runs.";
  return new ModelError("model_timeout", detail, { retryable: true, cause });
}

function readModels(answer: unknown): readonly ModelChoice[] {
  const listed = Array.isArray(answer) ? answer : arrayOf(recordOf(answer)["data"]);
  const ids = listed.map((entry) => stringOf(recordOf(entry)["id"]) ?? "");
  const unique = [...new Set(ids.filter((id) => isUsable(id) && !NO_CHAT.test(id)))];
  return unique.slice(0, MAX_MODELS).map((id) => ({ id, name: id }));
}

function isUsable(id: string): boolean {
  return id.trim() !== "" && id.length <= MAX_MODEL_LENGTH && id.isWellFormed() && !id.includes("\0");
}
