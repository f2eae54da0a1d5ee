/** Writes all of an account's conversations, archived ones too, as Instep's own export; never more than a page of it in memory. */
import type { AccountId, ConversationSummary, Message } from "@instep/protocol";
import { isRefusal, type Engine } from "@instep/sync-server";
import { EXPORT_VERSION, exportedConversation } from "./instep-format.ts";

export interface ExportParts {
  readonly engine: Pick<Engine, "list" | "messages">;
  readonly accountId: AccountId;
  /** When it was made, ISO 8601. */
  readonly exportedAt: string;
  /** Called now and then with how many conversations were written. */
  readonly onProgress: (conversations: number) => void;
}

const LIST_PAGE = 200;
const MESSAGE_PAGE = 500;

/** Yields the export's text piece by piece; what is deleted meanwhile is left out. */
export async function* exportConversations(parts: ExportParts): AsyncGenerator<string> {
  const { exportedAt } = parts;
  yield `${JSON.stringify({ instep_export: EXPORT_VERSION, exported_at: exportedAt }).slice(0, -1)},"conversations":[`;
  let count = 0;
  // One that is archived during the export comes in both lists, or in none; the first is told apart here.
  const written = new Set<string>();
  for await (const summary of allSummaries(parts)) {
    if (written.has(summary.id)) continue;
    written.add(summary.id);
    const messages = await allMessages(parts, summary);
    if (messages === null) continue;
    yield `${count === 0 ? "\n" : ",\n"}${JSON.stringify(exportedConversation(summary, messages))}`;
    parts.onProgress(++count);
  }
  yield "\n]}\n";
}

async function* allSummaries({ engine, accountId }: ExportParts): AsyncGenerator<ConversationSummary> {
  for (const archived of [false, true]) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Engine["list"]>> = await engine.list(accountId, {
        limit: LIST_PAGE,
        cursor,
        archived,
      });
      if (isRefusal(page)) throw new Error(`The list was refused: ${page.refused}`);
      yield* page.conversations;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }
}

/** Null where the conversation is gone. */
async function allMessages(
  { engine, accountId }: ExportParts,
  summary: ConversationSummary,
): Promise<Message[] | null> {
  const messages: Message[] = [];
  for (;;) {
    const after = messages.at(-1)?.seq ?? 0;
    const id = summary.id as Parameters<Engine["messages"]>[1];
    const page = await engine.messages(accountId, id, { before: null, after, limit: MESSAGE_PAGE });
    if (isRefusal(page)) return null;
    messages.push(...page.messages);
    if (!page.message_pagination.has_newer || page.messages.length === 0) return messages;
  }
}
