/** ChatGPT exports made by ourselves: single nodes and trees for tests, and whole files of any size. Nobody's real words. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

interface FixtureNode {
  readonly id: string;
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly message: object | null;
}

/** A UUID that depends on the text only. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A message as the export writes it. */
export function messageOf(id: string, role: string, more: object = {}): object {
  return {
    id,
    author: { role, name: null, metadata: {} },
    create_time: 1_700_000_000.5,
    update_time: null,
    content: { content_type: "text", parts: [`${role} says ${id}`] },
    status: "finished_successfully",
    end_turn: true,
    weight: 1,
    metadata: {},
    recipient: "all",
    channel: null,
    ...more,
  };
}

/** A conversation whose nodes form one line from the root to the last message. */
export function lineOf(name: string, messages: readonly object[], more: object = {}): object {
  const ids = messages.map((_message, index) => uuidOf(`${name}/${index}`));
  const nodes: FixtureNode[] = messages.map((message, index) => ({
    id: ids[index] ?? "",
    parent: index === 0 ? "client-created-root" : (ids[index - 1] ?? ""),
    children: ids.slice(index + 1, index + 2),
    message: { ...messageOf(ids[index] ?? "", "user"), ...message },
  }));
  const root: FixtureNode = { id: "client-created-root", parent: null, children: ids.slice(0, 1), message: null };
  return {
    title: `Conversation ${name}`,
    create_time: 1_700_000_000.25,
    update_time: 1_700_000_900.75,
    mapping: Object.fromEntries([root, ...nodes].map((node) => [node.id, node])),
    moderation_results: [],
    current_node: ids.at(-1) ?? "client-created-root",
    conversation_id: uuidOf(name),
    id: uuidOf(name),
    default_model_slug: "gpt-4o",
    is_archived: false,
    ...more,
  };
}

export interface ExportSize {
  readonly conversations: number;
  readonly messagesEach: number;
  /** Characters of an assistant's message; a user's has a quarter of it. */
  readonly replyLength?: number;
}

/** Writes an export of any size, one conversation at a time, with a hidden system message and one abandoned branch each. */
export async function writeChatGptExport(path: string, size: ExportSize): Promise<void> {
  const file = createWriteStream(path);
  file.write("[");
  for (let index = 0; index < size.conversations; index++) {
    const text = JSON.stringify(bulkConversation(index, size));
    const hasRoom = file.write(index === 0 ? text : `,\n${text}`);
    if (!hasRoom) await once(file, "drain");
  }
  file.end("]");
  await finished(file);
}

const WORDS =
  'the clock of an account moves forward and a device asks what has changed since — é 日本 🙂 "quoted"\n'.split(" ");

function bulkConversation(index: number, size: ExportSize): object {
  const messages: object[] = [
    {
      author: { role: "system" },
      content: { content_type: "text", parts: [""] },
      metadata: { is_visually_hidden_from_conversation: true },
    },
  ];
  for (let number = 0; number < size.messagesEach; number++) {
    const isReply = number % 2 === 1;
    const length = isReply ? (size.replyLength ?? 800) : (size.replyLength ?? 800) / 4;
    messages.push({
      author: { role: isReply ? "assistant" : "user", name: null, metadata: {} },
      create_time: 1_600_000_000 + index * 1000 + number + 0.123456,
      content: { content_type: "text", parts: [textOfLength(index * 31 + number, length)] },
      metadata: isReply
        ? { model_slug: "gpt-4o", finish_details: { type: "stop" }, citations: [], timestamp_: "absolute" }
        : {},
    });
  }
  return lineOf(`bulk-${index}`, messages, {
    title: `Bulk conversation ${index}`,
    create_time: 1_600_000_000 + index * 1000,
    update_time: 1_600_000_000 + index * 1000 + size.messagesEach,
  });
}

function textOfLength(seed: number, length: number): string {
  let text = "";
  for (let index = seed; text.length < length; index++) text += `${WORDS[index % WORDS.length] ?? ""} `;
  return text;
}
