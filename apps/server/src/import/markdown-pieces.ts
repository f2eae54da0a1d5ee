/** One conversation as a text that people read: markdown, as messages are. No import reads it. */
import type { ConversationId, Message } from "@instep/protocol";
import type { StandingConversation } from "@instep/sync-server";
import type { ExportParts } from "./export-conversations.ts";
import { messagePages } from "./export-pieces.ts";

/** Yields it, a page of messages at a time; the live ones, without thoughts. */
export async function* markdownPieces(
  parts: Pick<ExportParts, "engine" | "accountId">,
  conversation: StandingConversation,
): AsyncGenerator<string> {
  yield `# ${oneLine(conversation.title) || "Untitled"}\n`;
  if (conversation.instructions) yield `\nInstructions:\n\n${quoted(conversation.instructions)}\n`;
  for await (const messages of messagePages(parts, conversation.id as ConversationId)) {
    yield messages.map(written).join("");
  }
}

function written({ role, model, created_at: at, status, content }: Message): string {
  const who = role === "user" ? "You" : role === "assistant" ? `Reply${model ? ` (${oneLine(model)})` : ""}` : "System";
  const ending = status === "complete" ? "" : `, ${status}`;
  return `\n## ${who}\n\n*${at.slice(0, 10)} ${at.slice(11, 16)} UTC${ending}*\n\n${content.trim()}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function quoted(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join("\n");
}
