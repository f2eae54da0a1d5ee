/** The engine's calls about the trash as a whole: what is in it, a look into one, and emptying it. */
import type { Micros } from "@instep/protocol";
import { readDated } from "./as-of.ts";
import type { Engine } from "./engine.ts";
import { defaultModelOf, type EngineCore } from "./engine-core.ts";
import { listTrash } from "./lists.ts";
import { messagePage } from "./message-pages.ts";
import { refuse } from "./refusal.ts";
import type { TrashPage } from "./storage/conversation-statements.ts";
import type { ConversationRow } from "./storage/rows.ts";

/** So many erasures wait for the writer at once: other writes come in between [SAFE-2]. */
const ERASED_AT_ONCE = 50;
/** Of a row that isn't in the trash, which no page of it has. */
const NEVER = 0 as Micros;

export function trashCalls({
  storage,
  environment,
  options,
}: EngineCore): Pick<Engine, "trashList" | "trashMessages" | "emptyTrash"> {
  return {
    trashList: (accountId, page) =>
      readDated(storage, accountId, (snapshot) =>
        listTrash(snapshot, { ...page, accountId, defaultModel: defaultModelOf(options) }),
      ),
    trashMessages: (accountId, id, { before, limit }) =>
      readDated(storage, accountId, async (snapshot) => {
        const conversation = await snapshot.conversation(accountId, id);
        if (!conversation || conversation.trashedAt === null) return refuse("conversation_not_found");
        return messagePage(snapshot, { accountId, conversation, before, after: null, limit });
      }),
    async emptyTrash(accountId) {
      const erase = ({ id, trashedAt }: ConversationRow): Promise<unknown> => {
        const onlyTrashedAt = trashedAt ?? NEVER;
        return storage.transact("eraseConversation", { accountId, now: environment.now(), id, onlyTrashedAt });
      };
      let after: TrashPage["after"] = null;
      do {
        const page: TrashPage = { after, limit: ERASED_AT_ONCE };
        const found = await storage.read(async (snapshot) => snapshot.trashPage(accountId, page));
        await Promise.all(found.map(erase));
        // The newest deletion comes first, so what is deleted meanwhile is on none of the pages that follow.
        const last = found.length < ERASED_AT_ONCE ? undefined : found.at(-1);
        after = last ? { trashedAt: last.trashedAt ?? NEVER, id: last.id } : null;
      } while (after !== null);
      return readDated(storage, accountId, async () => ({ status: "erased" as const }));
    },
  };
}
