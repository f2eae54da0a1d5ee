/** One chat of an Open WebUI export: `{id, title, chat: {history: {messages: {…}, currentId}, …}, created_at, updated_at, archived, pinned}`. */
import {
  MAX_MODEL_LENGTH,
  MAX_TITLE_LENGTH,
  microsFromMilliseconds,
  type ConversationId,
  type Micros,
} from "@instep/protocol";
import type { ImportedMessage } from "@instep/sync-server";
import { arrayOf, isRecord, numberOf, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { timeOf } from "./export-time.ts";
import { cleanLine, cleanText } from "./clean-text.ts";
import { withPossibleTimes, type ConversationReading } from "./conversation-reading.ts";
import { importedTitle } from "./imported-title.ts";
import type { LeftOut } from "./left-out.ts";
import { lineTo } from "./message-line.ts";
import { stableId } from "./stable-id.ts";

const ROLES = ["user", "assistant", "system"] as const;

export function isOpenWebUiConversation(value: unknown): value is JsonRecord {
  if (!isRecord(value)) return false;
  const chat = recordOf(value["chat"]);
  return isRecord(chat["history"]) || Array.isArray(chat["messages"]);
}

/** Reads a chat; never throws. */
export function readOpenWebUiConversation(value: JsonRecord, now: number): ConversationReading {
  const chat = recordOf(value["chat"]);
  const history = recordOf(chat["history"]);
  const listed = isRecord(history["messages"])
    ? Object.entries(history["messages"]).map(([id, message]) => ({ id, ...recordOf(message) }))
    : arrayOf(chat["messages"]).map((message) => recordOf(message));
  const line = lineTo<JsonRecord>(listed, {
    idOf: (message) => stringOf(message["id"]),
    parentOf: (message) => stringOf(message["parentId"]),
    lastId: stringOf(history["currentId"]),
  });
  const leftOut = Array<LeftOut>(listed.length - line.length).fill("branch");
  const original = stringOf(value["id"]) ?? stringOf(chat["id"]) ?? JSON.stringify(value);
  const id = stableId(original, "open-webui-conversation") as ConversationId;
  const begunAt = timeIn(value["created_at"]) ?? timeIn(chat["timestamp"]) ?? microsFromMilliseconds(now);
  const messages = readMessages(line, { id, begunAt, leftOut });
  if (messages.length === 0) return { kind: "nothing", why: "no-messages", leftOut };
  const conversation = {
    id,
    title: importedTitle(stringOf(value["title"]) ?? stringOf(chat["title"]), messages[0]?.content),
    model: null,
    pinned: value["pinned"] === true,
    archived: value["archived"] === true,
    createdAt: begunAt,
    updatedAt: timeIn(value["updated_at"]) ?? messages.at(-1)?.createdAt ?? begunAt,
    messages,
  };
  return { kind: "conversation", conversation: withPossibleTimes(conversation, now), leftOut };
}

interface Reading {
  readonly id: ConversationId;
  readonly begunAt: Micros;
  readonly leftOut: LeftOut[];
}

function readMessages(line: readonly JsonRecord[], { id, begunAt, leftOut }: Reading): readonly ImportedMessage[] {
  const messages = new Map<string, ImportedMessage>();
  let createdAt = begunAt;
  for (const [index, message] of line.entries()) {
    createdAt = timeIn(message["timestamp"]) ?? createdAt;
    const role = ROLES.find((known) => known === message["role"]);
    const content = textOf(message, leftOut);
    const messageId = stableId(stringOf(message["id"]) ?? String(index), `open-webui-message:${id}`);
    if (!role || messages.has(messageId)) leftOut.push("other");
    else if (content.trim() === "") leftOut.push("empty");
    else messages.set(messageId, { id: messageId, role, content, createdAt, ...endingOf(message, role) });
  }
  return [...messages.values()];
}

function endingOf(message: JsonRecord, role: string): Pick<ImportedMessage, "status" | "model"> {
  if (role !== "assistant") return { status: "complete" };
  const model = stringOf(message["model"]);
  const hasFailed = message["error"] !== undefined && message["error"] !== null && message["error"] !== false;
  const status = hasFailed ? "failed" : message["done"] === false ? "interrupted" : "complete";
  return { status, ...(model !== null && { model: cleanLine(model, MAX_MODEL_LENGTH) }) };
}

/** Thoughts and calls of tools stand folded inside the text. */
const FOLD = /<details type="(reasoning|tool_calls|code_interpreter)"/g;
const FOLD_END = "</details>";

function textOf(message: JsonRecord, leftOut: LeftOut[]): string {
  const words = unfolded(stringOf(message["content"]) ?? partsText(message["content"]), leftOut);
  const names = arrayOf(message["files"]).map((file) => fileText(recordOf(file)));
  return [cleanText(words), ...names].filter((part) => part !== "").join("\n\n");
}

/** The text without what is folded; a fold without an end is text. */
function unfolded(text: string, leftOut: LeftOut[]): string {
  let words = "";
  let at = 0;
  for (const { index, 1: type } of text.matchAll(FOLD)) {
    if (index < at) continue;
    const end = text.indexOf(FOLD_END, index);
    if (end === -1) break;
    leftOut.push(type === "reasoning" ? "thinking" : "tool");
    words += text.slice(at, index);
    at = end + FOLD_END.length;
  }
  return at === 0 ? text : (words + text.slice(at)).trim();
}

function partsText(content: unknown): string {
  return arrayOf(content)
    .map(
      (part) =>
        stringOf(recordOf(part)["text"]) ?? (stringOf(recordOf(part)["type"])?.includes("image") ? "[image]" : ""),
    )
    .filter((part) => part !== "")
    .join("\n\n");
}

function fileText(file: JsonRecord): string {
  if (stringOf(file["type"]) === "image") return "[image]";
  const name = stringOf(file["name"]) ?? stringOf(recordOf(file["file"])["filename"]) ?? "";
  const line = cleanLine(name, MAX_TITLE_LENGTH);
  return line === "" ? "" : `[file: ${line}]`;
}

/** Seconds, and in some releases milliseconds or nanoseconds. */
function timeIn(value: unknown): Micros | null {
  const number = numberOf(value);
  if (number === null) return timeOf(value);
  if (number > 1e16) return timeOf(number / 1e9);
  return timeOf(number > 1e11 ? number / 1000 : number);
}
