/** What one JSON object of an OpenAI-compatible answer says, whether a chunk of a stream or a whole completion. */
import type { MessageUsage } from "@instep/protocol";
import { arrayOf, isRecord, numberOf, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { usageOf } from "../usage.ts";
import { readFinishReason, type FinishReason } from "./finish-reason.ts";

export interface CompletionChunk {
  readonly text: string;
  /** What the model thought, where the endpoint says it apart [MODEL-5]. */
  readonly thoughts: string;
  /** Null where it hasn't ended, or says so in no word that is known [MODEL-1]. */
  readonly finishReason: FinishReason | null;
  readonly usage: MessageUsage | null;
  /** An error that came where a chunk was expected; undefined where there is none. */
  readonly error: unknown;
}

/** Reads a chunk; null where the object is no part of a completion at all, such as a ping. */
export function readChunk(value: unknown): CompletionChunk | null {
  if (!isRecord(value)) return null;
  const choices = value["choices"];
  const choice = recordOf(arrayOf(choices).find((candidate) => (recordOf(candidate)["index"] ?? 0) === 0));
  const error = errorOf(value) ?? realError(choice["error"]);
  if (error === undefined && !Array.isArray(choices) && !isRecord(value["usage"])) return null;
  const delta = isRecord(choice["delta"]) ? choice["delta"] : recordOf(choice["message"]);
  return {
    text: textOf(delta["content"]) || (stringOf(delta["refusal"]) ?? stringOf(choice["text"]) ?? ""),
    thoughts: thoughtsOf(delta),
    finishReason: readFinishReason(choice["finish_reason"]),
    usage: usageOf(value["usage"]),
    error,
  };
}

/** `{"error": …}`, vLLM's `{"object": "error", "message": …}`, or a bare `{"code": 500, "message": …}` in the place of a chunk. */
function errorOf(value: JsonRecord): unknown {
  const error = realError(value["error"]);
  if (error !== undefined || Array.isArray(value["choices"])) return error;
  const isBare = (numberOf(value["code"]) ?? 0) >= 400 && typeof value["message"] === "string";
  return isBare || value["object"] === "error" ? value : undefined;
}

/** `{"detail": …}` alone or with a status, and `{"errors": […]}`: errors where nothing says that they are something else. */
export function unnamedErrorOf(value: unknown): unknown {
  if (!isRecord(value) || Array.isArray(value["choices"]) || isRecord(value["usage"])) return undefined;
  const isOfError = Object.keys(value).length === 1 || (numberOf(value["status"]) ?? 0) >= 400;
  const said = arrayOf(value["errors"])[0] ?? (isOfError ? value["detail"] : null);
  const isSaid = typeof said === "string" ? said !== "" : Object.keys(Object(said)).length > 0;
  return isSaid ? value : undefined;
}

/** Some servers send the member always, with nothing in it. */
function realError(error: unknown): unknown {
  const isNothing = error === null || error === "" || error === false;
  return isNothing || (isRecord(error) && Object.keys(error).length === 0) ? undefined : error;
}

/** Content is a string, null, or (Mistral) a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map((part) => (typeof part === "string" ? part : (stringOf(recordOf(part)["text"]) ?? "")))
    .join("");
}

/** One of the names in use for it; a server that sends two of them says the same in both. */
function thoughtsOf(delta: JsonRecord): string {
  const named = ["reasoning_content", "reasoning", "thinking"].map((name) => delta[name]);
  const said = named.find((thoughts) => typeof thoughts === "string" && thoughts !== "");
  if (typeof said === "string") return said;
  return arrayOf(delta["content"])
    .map((part) => textOf(recordOf(part)["thinking"]))
    .join("");
}
