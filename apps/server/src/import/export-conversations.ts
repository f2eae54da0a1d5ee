/** Writes all of an account's conversations, archived ones too, as Instep's own export; never more than a page of it in memory. */
import type { AccountId, ConversationSummary, Message } from "@instep/protocol";
import { isRefusal, type Engine } from "@instep/sync-server";
import { EXPORT_VERSION, exportedConversation } from "./instep-format.ts";

export interface ExportParts {
  readonly engine: Pick<Engine, "listById" | "messages">;
  readonly accountId: AccountId;
  /** When it was made, ISO 8601. */
  readonly exportedAt: string;
  /** Called now and then with how many conversations were written. */
  readonly onProgress: (conversations: number) => void;
}

const LIST_PAGE = 200;
const MESSAGE_PAGE = 500;

/** Yields the export's text piece by piece; what is made or deleted meanwhile may be left out, nothing else. */
export async function* exportConversations(parts: ExportParts): AsyncGenerator<string> {
  const { exportedAt } = parts;
  yield `${JSON.stringify({ instep_export: EXPORT_VERSION, exported_at: exportedAt }).slice(0, -1)},"conversations":[`;
  let count = 0;
  for await (const summary of allSummaries(parts)) {
    const messages = await allMessages(parts, summary);
    if (messages === null) continue;
    yield `${count === 0 ? "\n" : ",\n"}${JSON.stringify(exportedConversation(summary, messages))}`;
    parts.onProgress(++count);
  }
  yield "\n]}\n";
}

/** In the order of their ids: whatever happens to one meanwhile, it keeps its place. */
async function* allSummaries({ engine, accountId }: ExportParts): AsyncGenerator<ConversationSummary> {
  for (let afterId: string | null = ""; afterId !== null;) {
    const page: Awaited<ReturnType<Engine["listById"]>> = await engine.listById(accountId, {
      afterId,
      limit: LIST_PAGE,
    });
    yield* page.conversations;
    afterId = page.nextAfterId;
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
