/** One conversation of a Claude export: `{uuid, name, created_at, updated_at, chat_messages: [{uuid, sender, content, attachments, …}]}`. */
import { MAX_TITLE_LENGTH, microsFromMilliseconds, type ConversationId } from "@instep/protocol";
import type { ImportedMessage } from "@instep/sync-server";
import { arrayOf, isRecord, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { timeOf } from "./export-time.ts";
import { cleanLine, cleanText } from "./clean-text.ts";
import { fence } from "./code-fence.ts";
import { withPossibleTimes, type ConversationReading } from "./conversation-reading.ts";
import { importedTitle } from "./imported-title.ts";
import type { LeftOut } from "./left-out.ts";
import { lineTo } from "./message-line.ts";
import { stableId } from "./stable-id.ts";

export function isClaudeConversation(value: unknown): value is JsonRecord {
  return isRecord(value) && Array.isArray(value["chat_messages"]);
}

/** Reads a conversation; never throws. */
export function readClaudeConversation(value: JsonRecord, now: number): ConversationReading {
  const listed = arrayOf(value["chat_messages"]).map((message) => recordOf(message));
  const line = lineTo(listed, {
    idOf: (message) => stringOf(message["uuid"]),
    parentOf: (message) => stringOf(message["parent_message_uuid"]),
    lastId: stringOf(value["current_leaf_message_uuid"]),
  });
  const leftOut = Array<LeftOut>(listed.length - line.length).fill("branch");
  const id = stableId(stringOf(value["uuid"]) ?? JSON.stringify(value), "claude-conversation") as ConversationId;
  let createdAt = timeOf(value["created_at"]) ?? microsFromMilliseconds(now);
  const begunAt = createdAt;
  const messages = new Map<string, ImportedMessage>();
  for (const [index, message] of line.entries()) {
    createdAt = timeOf(message["created_at"]) ?? createdAt;
    const role = roleOf(message);
    const text = role === null ? "" : textOf(message, leftOut);
    const messageId = stableId(stringOf(message["uuid"]) ?? String(index), `claude-message:${id}`);
    if (role === null || messages.has(messageId)) leftOut.push("other");
    else if (text.trim() === "") leftOut.push("empty");
    else messages.set(messageId, { id: messageId, role, content: text, createdAt, status: "complete" });
  }
  if (messages.size === 0) return { kind: "nothing", why: "no-messages", leftOut };
  const [first] = messages.values();
  const conversation = {
    id,
    title: importedTitle(stringOf(value["name"]), first?.content.split("\n", 1)[0]),
    model: null,
    pinned: value["is_starred"] === true,
    archived: false,
    createdAt: begunAt,
    updatedAt: timeOf(value["updated_at"]) ?? createdAt,
    messages: [...messages.values()],
  };
  return { kind: "conversation", conversation: withPossibleTimes(conversation, now), leftOut };
}

function roleOf(message: JsonRecord): "user" | "assistant" | null {
  const sender = stringOf(message["sender"]);
  if (sender === "human" || sender === "user") return "user";
  return sender === "assistant" ? "assistant" : null;
}

/** The words of its blocks, documents and files; older exports have the words in `text` only. */
function textOf(message: JsonRecord, leftOut: LeftOut[]): string {
  const blocks = arrayOf(message["content"]).map((block) => blockText(recordOf(block), leftOut));
  const words = blocks.some((text) => text !== "") ? blocks : [cleanText(stringOf(message["text"]) ?? "")];
  const attachments = arrayOf(message["attachments"]).map((attachment) => attachmentText(recordOf(attachment)));
  const files = [...arrayOf(message["files"]), ...arrayOf(message["files_v2"])].map(fileText);
  return [...words, ...attachments, ...new Set(files)].filter((part) => part !== "").join("\n\n");
}

function blockText(block: JsonRecord, leftOut: LeftOut[]): string {
  const type = stringOf(block["type"]) ?? "text";
  if (type === "text" || type === "voice_note") {
    return cleanText(stringOf(block["text"]) ?? stringOf(block["title"]) ?? "");
  }
  if (type === "tool_use" && stringOf(block["name"]) === "artifacts") {
    const document = documentText(recordOf(block["input"]));
    if (document !== "") return document;
  }
  if (type === "thinking" || type === "redacted_thinking") leftOut.push("thinking");
  else leftOut.push(type.startsWith("tool") ? "tool" : "other");
  return "";
}

/** A document that the model wrote beside the talk; of a change to one, what it put in. */
function documentText(input: JsonRecord): string {
  const content = cleanText(stringOf(input["content"]) ?? stringOf(input["new_str"]) ?? "");
  const title = cleanLine(stringOf(input["title"]) ?? "", MAX_TITLE_LENGTH);
  const language = /^[\w+#-]{1,20}$/.exec(stringOf(input["language"]) ?? "")?.[0] ?? "";
  const isProse = (stringOf(input["type"]) ?? "text/markdown") === "text/markdown" && language === "";
  const body = isProse ? content : fence(content, language);
  return title === "" || body === "" ? body : `**${title.replaceAll("*", "\\*")}**\n\n${body}`;
}

/** A long text that a person pasted comes as a file; its words are theirs. */
function attachmentText(attachment: JsonRecord): string {
  const name = cleanLine(stringOf(attachment["file_name"]) ?? "", MAX_TITLE_LENGTH);
  const words = fence(cleanText(stringOf(attachment["extracted_content"]) ?? ""), "");
  return [name && `[file: ${name}]`, words].filter((part) => part !== "").join("\n\n");
}

function fileText(file: unknown): string {
  const name = cleanLine(stringOf(recordOf(file)["file_name"]) ?? "", MAX_TITLE_LENGTH);
  return name === "" ? "" : `[file: ${name}]`;
}
