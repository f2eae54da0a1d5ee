/** What one message of a ChatGPT export becomes: words of a person or a model, an addition to the reply, or nothing. */
import { arrayOf, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { canvasText } from "./chatgpt-canvas.ts";
import { wordsOfMarks } from "./chatgpt-marks.ts";
import { cleanText } from "./clean-text.ts";
import { fence } from "./code-fence.ts";
import type { LeftOut } from "./left-out.ts";

export type ChatGptContent =
  | {
      readonly kind: "message";
      readonly role: "user" | "assistant" | "system";
      readonly text: string;
      /** References without words of their own that stood in it. */
      readonly citations: number;
    }
  /** Code that the model ran, what it printed, pictures and documents that it made: part of the reply around it. */
  | { readonly kind: "addition"; readonly text: string }
  | { readonly kind: "left-out"; readonly why: LeftOut };

/** More of what a program printed than this helps nobody. */
const MAX_OUTPUT_LENGTH = 10_000;
const CODE_RECIPIENTS = new Set(["all", "python", "code_interpreter"]);
const HIDDEN_TYPES = new Set(["user_editable_context", "model_editable_context"]);
const THINKING_TYPES = new Set(["thoughts", "reasoning_recap"]);

/** Reads a message's role and content; anything unknown is left out, never an error. */
export function readContent(message: JsonRecord): ChatGptContent {
  const content = recordOf(message["content"]);
  const type = stringOf(content["content_type"]) ?? "text";
  if (recordOf(message["metadata"])["is_visually_hidden_from_conversation"] === true) return leftOut("hidden");
  if (HIDDEN_TYPES.has(type)) return leftOut("hidden");
  if (THINKING_TYPES.has(type)) return leftOut("thinking");
  const role = stringOf(recordOf(message["author"])["role"]);
  if (role === "assistant") return readAssistant(message, content, type);
  if (role === "tool") return readTool(content, type);
  if (role !== "user" && role !== "system") return leftOut("other");
  return messageOrNothing(role, message, withAttachments(textOf(content, type), message));
}

function readAssistant(message: JsonRecord, content: JsonRecord, type: string): ChatGptContent {
  const recipient = stringOf(message["recipient"]) ?? "all";
  if (type === "code" && CODE_RECIPIENTS.has(recipient)) {
    return additionOrNothing(fence(textOf(content, type), languageOf(content, recipient)));
  }
  if (recipient.startsWith("canmore.")) return additionOrNothing(canvasText(recipient, rawText(content, type)));
  if (recipient !== "all" || type === "code") return leftOut("tool");
  return messageOrNothing("assistant", message, textOf(content, type));
}

/** What a tool gave back is the model's reading, except what a program printed and the pictures that it made. */
function readTool(content: JsonRecord, type: string): ChatGptContent {
  if (type === "execution_output") {
    const output = textOf(content, type);
    const isLong = output.length > MAX_OUTPUT_LENGTH;
    const shown = isLong ? `${cleanText(output.slice(0, MAX_OUTPUT_LENGTH))}\n…` : output;
    return additionOrNothing(fence(shown, "text"));
  }
  const isPicture = type === "multimodal_text" && arrayOf(content["parts"]).some((part) => partText(part) === IMAGE);
  return isPicture ? additionOrNothing(textOf(content, type)) : leftOut("tool");
}

function textOf(content: JsonRecord, type: string): string {
  return cleanText(rawText(content, type));
}

function rawText(content: JsonRecord, type: string): string {
  const parts = arrayOf(content["parts"]).map(partText);
  const text = type === "text" || type === "multimodal_text" ? parts.filter((part) => part !== "").join("\n\n") : "";
  return text || (stringOf(content["text"]) ?? stringOf(content["result"]) ?? "");
}

const IMAGE = "[image]";

function partText(part: unknown): string {
  if (typeof part === "string") return part;
  const record = recordOf(part);
  const type = stringOf(record["content_type"]) ?? "";
  const text = stringOf(record["text"]);
  if (text !== null) return text;
  if (type.includes("image")) return IMAGE;
  // Spoken messages come as sound and as a transcription beside it; the transcription is the message.
  return type.includes("audio") || type.includes("video") || type === "" ? "" : "[attachment]";
}

/** Files that a message came with are named; pictures stand among its parts already. */
function withAttachments(text: string, message: JsonRecord): string {
  const names = arrayOf(recordOf(message["metadata"])["attachments"])
    .map((attachment) => recordOf(attachment))
    .filter((attachment) => !(stringOf(attachment["mime_type"]) ?? "").startsWith("image/"))
    .map((attachment) => cleanText(stringOf(attachment["name"]) ?? ""))
    .filter((name) => name !== "");
  return [text, ...names.map((name) => `[file: ${name}]`)].filter((part) => part !== "").join("\n\n");
}

function languageOf(content: JsonRecord, recipient: string): string {
  const language = stringOf(content["language"]) ?? "";
  if (/^[\w+#-]{1,20}$/.test(language) && language !== "unknown") return language;
  return recipient === "all" ? "" : "python";
}

function messageOrNothing(role: "user" | "assistant" | "system", message: JsonRecord, marked: string): ChatGptContent {
  const { text, citations } = wordsOfMarks(marked, arrayOf(recordOf(message["metadata"])["content_references"]));
  return text.trim() === "" ? leftOut("empty") : { kind: "message", role, text, citations };
}

function additionOrNothing(text: string): ChatGptContent {
  return text.trim() === "" ? leftOut("empty") : { kind: "addition", text };
}

function leftOut(why: LeftOut): ChatGptContent {
  return { kind: "left-out", why };
}
