/** The text of one exported conversation, a page of messages at a time [MSG-5]. */
import type { AccountId, ConversationId, Message } from "@instep/protocol";
import { isRefusal, type Engine, type StandingConversation } from "@instep/sync-server";
import { setImmediate as nextTurn } from "node:timers/promises";
import { exportedFields, exportedMessage } from "./instep-format.ts";

interface Parts {
  readonly engine: Pick<Engine, "messages" | "allVersions">;
  readonly accountId: AccountId;
}

const MESSAGE_PAGE = 500;

/** Yields it; the pages end early where the conversation goes away meanwhile. */
export async function* exportedPieces(parts: Parts, detail: StandingConversation): AsyncGenerator<string> {
  const id = detail.id as ConversationId;
  yield `${JSON.stringify(exportedFields(detail)).slice(0, -1)},"messages":[`;
  let isFirst = true;
  for await (const messages of messagePages(parts, id)) {
    yield `${isFirst ? "" : ","}${textOf(messages)}`;
    isFirst = false;
  }
  yield "]";
  yield* versionPieces(parts, id);
  yield "}";
}

/** The live messages, oldest first, for as long as the conversation is there. */
export async function* messagePages(
  { engine, accountId }: Parts,
  id: ConversationId,
): AsyncGenerator<readonly Message[]> {
  for (let after: number | null = 0; after !== null;) {
    const page: Awaited<ReturnType<Engine["messages"]>> = await engine.messages(accountId, id, {
      before: null,
      after,
      limit: MESSAGE_PAGE,
    });
    if (isRefusal(page) || page.messages.length === 0) return;
    yield page.messages;
    after = page.message_pagination.has_newer ? (page.messages.at(-1)?.seq ?? null) : null;
    // A page is read at once, and so is the next one: whoever else asks has a turn in between [SAFE-2].
    if (after !== null) await nextTurn();
  }
}

/** Nothing where there are none. A version that goes on in the next page of them is written as one. */
async function* versionPieces({ engine, accountId }: Parts, id: ConversationId): AsyncGenerator<string> {
  let open: string | null = null;
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<Engine["allVersions"]>> = await engine.allVersions(accountId, id, cursor);
    if (isRefusal(page)) break;
    for (const { messages, ...version } of page.versions) {
      if (version.version_id === open) yield `,${textOf(messages)}`;
      else {
        yield `${open === null ? ',"versions":[' : "]},"}${JSON.stringify(version).slice(0, -1)},"messages":[${textOf(messages)}`;
      }
      open = version.version_id;
    }
    cursor = page.next_cursor ?? null;
    if (cursor === null) break;
    await nextTurn();
  }
  if (open !== null) yield "]}]";
}

/** Without the brackets around them. */
function textOf(messages: readonly Message[]): string {
  return messages.map((message) => JSON.stringify(exportedMessage(message))).join(",");
}
