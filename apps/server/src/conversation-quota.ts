/** How many conversations an account may have: counted rarely, since a count reads them all. */
import type { AccountId } from "@instep/protocol";
import type { Engine, Refusal } from "@instep/sync-server";

/** Null where the account may have one more, and it is counted as made [LIMIT-2]. */
export type ConversationQuota = (accountId: AccountId) => Promise<Refusal | null>;

const MAX_REMEMBERED = 20_000;

/** Makes the quota. What is remembered is no less than what there is, but for what another program adds meanwhile. */
export function createConversationQuota(most: number, engine: Pick<Engine, "countConversations">): ConversationQuota {
  const atMostByAccount = new Map<AccountId, number>();

  return async (accountId) => {
    const known = atMostByAccount.get(accountId) ?? most;
    if (known >= most) {
      // What was deleted for good has made room.
      const counted = await engine.countConversations(accountId, most);
      if (counted >= most) return tooMany(most);
      if (atMostByAccount.size >= MAX_REMEMBERED) atMostByAccount.clear();
      atMostByAccount.set(accountId, counted + 1);
      return null;
    }
    atMostByAccount.set(accountId, known + 1);
    return null;
  };
}

function tooMany(most: number): Refusal {
  return { refused: "too_many_conversations", detail: `An account may have ${most}; delete some for good first.` };
}
