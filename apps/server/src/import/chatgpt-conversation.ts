/** One conversation of a ChatGPT export as an imported conversation: the branch that was seen last, its times, ids and titles. */
import { MAX_MODEL_LENGTH, microsFromMilliseconds, type ConversationId, type Micros } from "@instep/protocol";
import type { ImportedMessage } from "@instep/sync-server";
import { isRecord, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { messagesBeside, readBranch, type ChatGptNode } from "./chatgpt-branch.ts";
import { readContent } from "./chatgpt-content.ts";
import { timeOf } from "./export-time.ts";
import { cleanLine } from "./clean-text.ts";
import { withPossibleTimes, type ConversationReading } from "./conversation-reading.ts";
import { importedTitle } from "./imported-title.ts";
import type { LeftOut } from "./left-out.ts";
import { nameBasedUuid, stableId } from "./stable-id.ts";

/** Messages as they are put together from nodes. */
interface Draft {
  readonly messages: ImportedMessage[];
  readonly leftOut: LeftOut[];
  /** Whether something that belongs to the reply came since its last words, so that the next ones go on with it. */
  isReplyOpen: boolean;
}

const NOT_A_CONVERSATION: ConversationReading = { kind: "nothing", why: "not-a-conversation", leftOut: [] };

/** Reads a conversation; the words of one reply that tools interrupted become one message. Never throws. */
export function readChatGptConversation(value: unknown, now: number): ConversationReading {
  if (!isRecord(value) || !isRecord(value["mapping"])) return NOT_A_CONVERSATION;
  const id = conversationId(value);
  const branch = readBranch(value);
  const begunAt =
    timeOf(value["create_time"]) ?? firstTime(branch) ?? timeOf(value["update_time"]) ?? microsFromMilliseconds(now);
  const { messages, leftOut } = readMessages(branch, id, begunAt);
  for (const message of messagesBeside(value, branch)) {
    if (readContent(message).kind !== "left-out") leftOut.push("branch");
  }
  if (messages.length === 0) return { kind: "nothing", why: "no-messages", leftOut };
  const updatedAt = timeOf(value["update_time"]) ?? latestTime(messages);
  const conversation = {
    id,
    title: titleOf(value, messages),
    // The model is this server's default: ChatGPT's own names mean nothing to another endpoint.
    model: null,
    pinned: value["is_starred"] === true || timeOf(value["pinned_time"]) !== null,
    archived: value["is_archived"] === true,
    createdAt: begunAt,
    updatedAt,
    messages,
  };
  return { kind: "conversation", conversation: withPossibleTimes(conversation, now), leftOut };
}

function conversationId(value: JsonRecord): ConversationId {
  const original = stringOf(value["conversation_id"]) ?? stringOf(value["id"]);
  // Without an id, what it is made of has to tell it from others and be the same next time.
  const described =
    original ?? JSON.stringify([value["title"], value["create_time"], Object.keys(recordOf(value["mapping"]))]);
  return stableId(described, "chatgpt-conversation") as ConversationId;
}

function readMessages(branch: readonly ChatGptNode[], id: ConversationId, begunAt: Micros): Draft {
  const draft: Draft = { messages: [], leftOut: [], isReplyOpen: false };
  const uniqueId = namingOnce(id);
  let createdAt = begunAt;
  for (const node of branch) {
    const content = readContent(node.message);
    createdAt = timeOf(node.message["create_time"]) ?? createdAt;
    if (content.kind === "left-out") {
      draft.leftOut.push(content.why);
      if (content.why === "tool" || content.why === "thinking") draft.isReplyOpen = true;
      continue;
    }
    const citations = content.kind === "message" ? content.citations : 0;
    for (let left = citations; left > 0; left -= 1) draft.leftOut.push("citation");
    const role = content.kind === "message" ? content.role : "assistant";
    if (role === "assistant" && continuesReply(draft, content.kind)) {
      appendText(draft, content.text);
    } else {
      const messageId = uniqueId(node);
      draft.messages.push({ id: messageId, role, content: content.text, createdAt, ...endingOf(node.message, role) });
    }
    draft.isReplyOpen = content.kind === "addition";
  }
  return draft;
}

/** Additions always belong to the reply before them; words do where a tool or a thought stood between. */
function continuesReply(draft: Draft, kind: "message" | "addition"): boolean {
  return draft.messages.at(-1)?.role === "assistant" && (kind === "addition" || draft.isReplyOpen);
}

function appendText(draft: Draft, text: string): void {
  const last = draft.messages.pop();
  if (last) draft.messages.push({ ...last, content: `${last.content}\n\n${text}` });
}

/** An id that stands twice is numbered from its second message on, which goes on where its last number was. */
function namingOnce(conversation: ConversationId): (node: ChatGptNode) => string {
  const scope = `chatgpt-message:${conversation}`;
  const taken = new Set<string>();
  const copies = new Map<string, number>();
  return (node) => {
    const original = stringOf(node.message["id"]) ?? node.id;
    let copy = (copies.get(original) ?? 0) + 1;
    let id = copy === 1 ? stableId(original, scope) : nameBasedUuid(`${scope}:${original}:${copy}`);
    while (taken.has(id)) id = nameBasedUuid(`${scope}:${original}:${++copy}`);
    copies.set(original, copy);
    taken.add(id);
    return id;
  };
}

function endingOf(message: JsonRecord, role: string): Pick<ImportedMessage, "status" | "stopReason" | "model"> {
  if (role !== "assistant") return { status: "complete" };
  const metadata = recordOf(message["metadata"]);
  const model = stringOf(metadata["model_slug"]);
  const ending = stringOf(recordOf(metadata["finish_details"])["type"]);
  const isUnfinished = stringOf(message["status"]) === "in_progress";
  const status = ending === "interrupted" ? "stopped" : isUnfinished ? "interrupted" : "complete";
  const isCut = status === "complete" && ending === "max_tokens";
  return {
    status,
    ...(isCut && { stopReason: "length" }),
    ...(model !== null && { model: cleanLine(model, MAX_MODEL_LENGTH) }),
  };
}

function titleOf(value: JsonRecord, messages: readonly ImportedMessage[]): string {
  const question = messages.find((message) => message.role === "user") ?? messages[0];
  return importedTitle(stringOf(value["title"]), question?.content);
}

function firstTime(branch: readonly ChatGptNode[]): Micros | null {
  return branch.map((node) => timeOf(node.message["create_time"])).find((time) => time !== null) ?? null;
}

function latestTime(messages: readonly ImportedMessage[]): Micros {
  return messages.reduce((latest, { createdAt }) => (createdAt > latest ? createdAt : latest), 0 as Micros);
}
