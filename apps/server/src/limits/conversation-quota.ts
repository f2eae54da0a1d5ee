/** How many conversations an account may have: counted rarely, since a count reads them all. */
import type { AccountId } from "@instep/protocol";
import type { Engine, Refusal } from "@instep/sync-server";

/** Null where the account may have one more, and it is counted as made [LIMIT-2]. */
export type ConversationQuota = (accountId: AccountId) => Promise<Refusal | null>;

const MAX_REMEMBERED = 20_000;

/** Makes the quota. What is remembered is no less than what there is, but for what another program adds meanwhile. */
export function createConversationQuota(most: number, engine: Pick<Engine, "countConversations">): ConversationQuota {
  const atMostByAccount = new Map<AccountId, number>();
  const counting = new Map<AccountId, Promise<void>>();
  const known = (accountId: AccountId): number => atMostByAccount.get(accountId) ?? most;

  async function count(accountId: AccountId): Promise<void> {
    try {
      const counted = await engine.countConversations(accountId, most);
      if (atMostByAccount.size >= MAX_REMEMBERED) atMostByAccount.clear();
      atMostByAccount.set(accountId, counted);
    } finally {
      counting.delete(accountId);
    }
  }

  /** Those that ask meanwhile wait for the same count: each of a count of its own would be let in. */
  function counted(accountId: AccountId): Promise<void> {
    const running = counting.get(accountId) ?? count(accountId);
    counting.set(accountId, running);
    return running;
  }

  return async (accountId) => {
    // What was deleted for good has made room.
    if (known(accountId) >= most) await counted(accountId);
    const standing = known(accountId);
    if (standing >= most) return tooMany(most);
    atMostByAccount.set(accountId, standing + 1);
    return null;
  };
}

function tooMany(most: number): Refusal {
  return { refused: "too_many_conversations", detail: `An account may have ${most}; delete some for good first.` };
}
