/**
 * Instep's own export: `{"instep_export": 1, "exported_at": "…", "presets": [{id, name, instructions, updated_at}],
 * "conversations": [{id, title, model, instructions, pinned, archived, created_at, updated_at,
 * "messages": [{id, seq, role, content, created_at, status, stop_reason, error, thoughts, model, usage}],
 * "versions": [{version_id, replaced_at, after_seq, "messages": […]}]}, …]}`. Names, roles and timestamps are those of the wire.
 * What an older Instep wrote has neither `seq` nor `versions`.
 */
import {
  canBeSeen,
  isUuid,
  MAX_INSTRUCTIONS_LENGTH,
  MAX_MODEL_LENGTH,
  MAX_TITLE_LENGTH,
  parseTimestamp,
  type ConversationId,
  type Message,
  type MessageRole,
  type MessageStatus,
  type Micros,
  type VersionId,
} from "@instep/protocol";
import { usageOf } from "../usage.ts";
import type { ImportedConversation, ImportedMessage, ImportedVersion, StandingConversation } from "@instep/sync-server";
import { arrayOf, isRecord, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { withinCodeUnits } from "../storable-text.ts";
import type { LeftOut } from "./left-out.ts";
import { cleanLine, cleanText } from "./clean-text.ts";
import { withPossibleTimes, type ConversationReading } from "./conversation-reading.ts";

/** Raised when an older Instep could not read the file rightly any more. */
export const EXPORT_VERSION = 1;

/** The default model of an engine that asks none. */
export const NO_MODEL = "";

const ROLES: readonly MessageRole[] = ["user", "assistant", "system"];
/** A message that is being written is not in an export. */
const STATUSES: readonly MessageStatus[] = ["complete", "stopped", "interrupted", "failed"];
const STOP_REASON = /^(?:stop|tool_calls|length|content_filter|context_trimmed:\d{1,9})$/;
const CODE = /^[a-z_]{1,100}$/;
/** No server says more of a failure, in UTF-16 code units. */
const MAX_DETAIL_LENGTH = 1000;

/** Reads a conversation of Instep's own export. Never throws; what is no message is left out. */
export function readInstepConversation(value: unknown, now: number): ConversationReading {
  const conversation = isRecord(value) ? readFields(value) : null;
  if (!isRecord(value) || !conversation) return { kind: "nothing", why: "not-a-conversation", leftOut: [] };
  const { messages, leftOut } = readMessages(value["messages"]);
  const versions = arrayOf(value["versions"]).map(readVersion);
  const read = { ...conversation, messages, versions: versions.flatMap(({ version }) => (version ? [version] : [])) };
  const others = leftOut + versions.reduce((sum, version) => sum + version.leftOut, 0);
  return {
    kind: "conversation",
    conversation: withPossibleTimes(read, now),
    leftOut: Array.from({ length: others }, (): LeftOut => "other"),
  };
}

/** A conversation as an export has it, without what is in it. One without a model of its own has none there, whatever the server's default is. */
export function exportedFields(conversation: StandingConversation): object {
  const { id, title, model, instructions, pinned, archived, created_at, updated_at } = conversation;
  const optional = { ...(model !== null && { model }), ...(instructions && { instructions }) };
  return { id, title, ...optional, pinned, archived, created_at, updated_at };
}

/** A message as an export has it. */
export function exportedMessage(message: Message): object {
  const { id, seq, role, content, thoughts, created_at, status, stop_reason, error, model, usage } = message;
  const ending = { ...(stop_reason !== undefined && { stop_reason }), ...(error && { error }) };
  const optional = { ...(thoughts !== undefined && { thoughts }), ...(model !== undefined && { model }) };
  return { id, seq, role, content, created_at, status, ...ending, ...optional, ...(usage && { usage }) };
}

interface ReadMessages {
  readonly messages: readonly ImportedMessage[];
  /** How many were none, or stand there twice. */
  readonly leftOut: number;
}

function readMessages(value: unknown): ReadMessages {
  const listed = arrayOf(value);
  const read = listed.map(readMessage).filter((message) => message !== null);
  const messages = [...new Map(read.map((message) => [message.id, message])).values()];
  return { messages, leftOut: listed.length - messages.length };
}

/** What is no version is left out whole. */
function readVersion(value: unknown): { readonly version: ImportedVersion | null; readonly leftOut: number } {
  const nothing = { version: null, leftOut: 1 };
  if (!isRecord(value)) return nothing;
  const id = stringOf(value["version_id"]);
  const replacedAt = timestampOf(value["replaced_at"]);
  const afterSeq = seqOf(value["after_seq"]);
  const { messages, leftOut } = readMessages(value["messages"]);
  if (id === null || !isUuid(id) || replacedAt === null || afterSeq === null) return nothing;
  if (messages.length === 0) return { version: null, leftOut: leftOut + 1 };
  return { version: { id: id.toLowerCase() as VersionId, replacedAt, afterSeq, messages }, leftOut };
}

function readFields(value: JsonRecord): Omit<ImportedConversation, "messages" | "versions"> | null {
  const id = stringOf(value["id"]);
  const createdAt = timestampOf(value["created_at"]);
  if (id === null || !isUuid(id) || createdAt === null) return null;
  return {
    id: id.toLowerCase() as ConversationId,
    title: cleanLine(stringOf(value["title"]) ?? "", MAX_TITLE_LENGTH),
    model: modelOf(value["model"]),
    ...readInstructions(value["instructions"]),
    pinned: value["pinned"] === true,
    archived: value["archived"] === true,
    createdAt,
    updatedAt: timestampOf(value["updated_at"]) ?? createdAt,
  };
}

function readInstructions(value: unknown): Pick<ImportedConversation, "instructions"> {
  const text = withinCodeUnits(cleanText(stringOf(value) ?? ""), MAX_INSTRUCTIONS_LENGTH);
  return canBeSeen(text) ? { instructions: text } : {};
}

function readMessage(value: unknown): ImportedMessage | null {
  if (!isRecord(value)) return null;
  const id = stringOf(value["id"]);
  const content = stringOf(value["content"]);
  const createdAt = timestampOf(value["created_at"]);
  const role = ROLES.find((known) => known === value["role"]);
  const status = STATUSES.find((known) => known === value["status"]) ?? "complete";
  if (id === null || !isUuid(id) || content === null || createdAt === null || !role) return null;
  const model = modelOf(value["model"]);
  const thoughts = stringOf(value["thoughts"]);
  const seq = seqOf(value["seq"]);
  const usage = usageOf(value["usage"]);
  const optional = {
    ...(seq !== null && { seq }),
    ...(model !== null && { model }),
    ...(thoughts !== null && { thoughts: cleanText(thoughts) }),
    ...(usage !== null && { usage }),
  };
  const ending = role === "assistant" ? readEnding(value, status) : {};
  return { id: id.toLowerCase(), role, content: cleanText(content), createdAt, status, ...ending, ...optional };
}

/** What cut a reply that is complete, and what a failed one failed by [MODEL-2]; no other can have either. */
function readEnding(value: JsonRecord, status: MessageStatus): Pick<ImportedMessage, "stopReason" | "error"> {
  if (status === "complete") {
    const stopReason = stringOf(value["stop_reason"]) ?? "";
    return STOP_REASON.test(stopReason) ? { stopReason } : {};
  }
  const { code, detail } = recordOf(value["error"]);
  if (status !== "failed" || typeof code !== "string" || typeof detail !== "string" || !CODE.test(code)) return {};
  return { error: { code, detail: withinCodeUnits(cleanText(detail), MAX_DETAIL_LENGTH) } };
}

/** What can be no model's id is none. */
function modelOf(value: unknown): string | null {
  const id = cleanText(stringOf(value) ?? "").trim();
  return id === "" || id.length > MAX_MODEL_LENGTH ? null : id;
}

function timestampOf(value: unknown): Micros | null {
  return typeof value === "string" ? parseTimestamp(value) : null;
}

function seqOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
