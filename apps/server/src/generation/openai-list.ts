/** Which models an endpoint has: `GET …/models`, asked once at the start. */
import { arrayOf, parseJson, recordOf, stringOf } from "../json-value.ts";
import type { GenerationEnvironment } from "./environment.ts";
import { requestEndpoint, type OpenAiEndpoint } from "./openai-request.ts";

/** The start of the program doesn't wait longer than this for a list that is a convenience. */
const LIST_TIMEOUT_MS = 3_000;
/** A provider with hundreds of models needs `MODELS`; nobody chooses from such a list. */
const MAX_MODELS = 50;
/** What can't hold a conversation, by the names that are in use. */
const NO_CHAT = /embed|whisper|tts|dall-e|image|moderation|rerank|transcribe|realtime|davinci|babbage|sora/i;

/** Returns what the endpoint lists that looks like a chat model; empty where it doesn't say. Never throws. */
export async function listEndpointModels(
  endpoint: OpenAiEndpoint,
  environment: GenerationEnvironment,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const aborting = new AbortController();
  const cancel = environment.startTimer(LIST_TIMEOUT_MS, () => aborting.abort());
  try {
    const request = { endpoint, environment, modelId: "", path: "/models", signal: aborting.signal } as const;
    const { response } = await requestEndpoint(request);
    return response ? readModels(parseJson(await response.text())) : [];
  } catch {
    // An endpoint without a list still answers chats; what is wrong with it shows with the first of them.
    return [];
  } finally {
    cancel();
  }
}

function readModels(answer: unknown): readonly { readonly id: string; readonly name: string }[] {
  const listed = Array.isArray(answer) ? answer : arrayOf(recordOf(answer)["data"]);
  const ids = listed.map((entry) => stringOf(recordOf(entry)["id"]) ?? "");
  const unique = [...new Set(ids.filter((id) => id !== "" && id.length <= 200 && !NO_CHAT.test(id)))];
  return unique.slice(0, MAX_MODELS).map((id) => ({ id, name: id }));
}
