/** Writes an import's batches for as long as the account has room for more conversations [LIMIT-2]. */
import type { AccountId } from "@instep/protocol";
import { isRefusal, type Engine, type Imported, type ImportedConversation, type Outcome } from "@instep/sync-server";

export type WriteBatch = (batch: readonly ImportedConversation[]) => Promise<Outcome<Imported>>;

/** Makes the writer of one import. What is refused had room for a part, which is written. */
export function writerWithin(
  most: number,
  engine: Pick<Engine, "importConversations" | "countConversations" | "standing">,
  accountId: AccountId,
): WriteBatch {
  let atMost: number | null = null;

  async function writeCounted(batch: readonly ImportedConversation[]): Promise<Imported> {
    const done = await engine.importConversations(accountId, batch);
    atMost = (atMost ?? 0) + done.added;
    return done;
  }

  return async (batch) => {
    atMost ??= await engine.countConversations(accountId, most);
    if (atMost + batch.length > most) atMost = await engine.countConversations(accountId, most);
    if (atMost + batch.length <= most) return writeCounted(batch);
    // Those that stand here already need no room.
    const standing: ImportedConversation[] = [];
    let room = most - atMost;
    for (const conversation of batch) {
      const isHere = !isRefusal(await engine.standing(accountId, conversation.id));
      if (isHere || room > 0) standing.push(conversation);
      if (!isHere) room -= 1;
    }
    const done = await writeCounted(standing);
    if (room >= 0) return done;
    const detail = `An account may have ${most} conversations; delete some for good first, and import again.`;
    return { refused: "too_many_conversations", detail };
  };
}
