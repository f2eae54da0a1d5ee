/** The engine's call that does the same to many conversations, and what is read as a whole. */
import type { AccountId, ActionsAnswer } from "@instep/protocol";
import type { WithAsOf } from "./account-clock.ts";
import { answerOf } from "./as-of.ts";
import type { Engine } from "./engine.ts";
import { defaultModelOf, microsOfDays, type EngineCore } from "./engine-core.ts";
import { isRefusal, type Outcome } from "./refusal.ts";
import type { ConversationRow } from "./storage/rows.ts";
import { summaryOf } from "./summary.ts";
import type { ReadSome } from "./writes/read-position.ts";

/** So many conversations one transaction reads: other writes wait for it [SAFE-2]. */
const READ_AT_ONCE = 200;

export function actionCalls(core: EngineCore): Pick<Engine, "act" | "readAll"> {
  const { storage, environment, options } = core;
  const summaries = (rows: readonly ConversationRow[]) => rows.map((row) => summaryOf(row, defaultModelOf(options)));
  return {
    async act(accountId, { action, ids }) {
      const keepFor = microsOfDays(options.trashDays);
      const input = { accountId, now: environment.now(), action, ids: [...new Set(ids)], keepFor };
      const outcome = await storage.transact("act", { ...input, defaultModel: defaultModelOf(options) });
      return answerOf(outcome, ({ conversations, deletedIds, missingIds }) => ({
        conversations: summaries(conversations),
        deleted_ids: [...deletedIds],
        missing_ids: [...missingIds],
      }));
    },
    async readAll(accountId) {
      return answerOf(await readEverything(core, accountId), ({ conversations, nextAfterId }): ActionsAnswer => ({
        conversations: summaries(conversations),
        deleted_ids: [],
        missing_ids: [],
        ...(nextAfterId !== null && { has_more: true }),
      }));
    },
  };
}

/**
 * Reads all that is unread, some at a time, so that nobody waits for the whole. Returns the first of them: of those, and as of when
 * they were read, an answer can tell; the others come with the next sync.
 */
export async function readEverything(
  { storage, environment }: EngineCore,
  accountId: AccountId,
): Promise<Outcome<WithAsOf<ReadSome>>> {
  const readAfter = (afterId: string) =>
    storage.transact("readAll", { accountId, now: environment.now(), afterId, limit: READ_AT_ONCE });
  const first = await readAfter("");
  for (let some = first; !isRefusal(some) && some.nextAfterId !== null; some = await readAfter(some.nextAfterId));
  return first;
}
