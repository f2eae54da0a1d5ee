/** What one JSON object of an OpenAI-compatible answer says, whether a chunk of a stream or a whole completion. */
import { arrayOf, isRecord, numberOf, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import type { ModelUsage } from "./model.ts";

export interface CompletionChunk {
  readonly text: string;
  /** Whether the model shows that it works: text, or reasoning that is not shown. */
  readonly isAlive: boolean;
  readonly finishReason: string | null;
  readonly usage: ModelUsage | null;
  /** An error that came where a chunk was expected. */
  readonly error: unknown;
}

/** Reads a chunk; null where the object is no part of a completion at all. */
export function readChunk(value: unknown): CompletionChunk | null {
  if (!isRecord(value)) return null;
  const error = value["error"] ?? (value["object"] === "error" ? value : undefined);
  const choices = value["choices"];
  if (error === undefined && !Array.isArray(choices) && !isRecord(value["usage"])) return null;
  const choice = recordOf(arrayOf(choices).find((candidate) => (recordOf(candidate)["index"] ?? 0) === 0));
  const delta = isRecord(choice["delta"]) ? choice["delta"] : recordOf(choice["message"]);
  const text = textOf(delta["content"]) || (stringOf(delta["refusal"]) ?? stringOf(choice["text"]) ?? "");
  return {
    text,
    isAlive: text !== "" || hasReasoning(delta),
    finishReason: stringOf(choice["finish_reason"]),
    usage: usageOf(recordOf(value["usage"])),
    error,
  };
}

/** Content is a string, null, or (Mistral) a list of parts of which only text is shown. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map((part) => (typeof part === "string" ? part : (stringOf(recordOf(part)["text"]) ?? "")))
    .join("");
}

function hasReasoning(delta: JsonRecord): boolean {
  const parts = [delta["reasoning_content"], delta["reasoning"], delta["thinking"]];
  return parts.some((part) => typeof part === "string" && part !== "") || arrayOf(delta["content"]).length > 0;
}

function usageOf(usage: JsonRecord): ModelUsage | null {
  const promptTokens = numberOf(usage["prompt_tokens"]);
  const completionTokens = numberOf(usage["completion_tokens"]);
  if (promptTokens === null && completionTokens === null) return null;
  return { promptTokens: promptTokens ?? 0, completionTokens: completionTokens ?? 0 };
}
