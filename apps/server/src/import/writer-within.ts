/** Writes an import's batches for as long as the account has room for more conversations [LIMIT-2]. */
import type { AccountId, ConversationId } from "@instep/protocol";
import { isRefusal, type Engine, type Imported, type Outcome, type PackedConversations } from "@instep/sync-server";

export type WriteBatch = (batch: PackedConversations) => Promise<Outcome<Imported>>;

/** Makes the writer of one import. What is refused had room for a part, which is written. */
export function writerWithin(
  most: number,
  engine: Pick<Engine, "importPacked" | "countConversations" | "standing">,
  accountId: AccountId,
): WriteBatch {
  let atMost: number | null = null;

  async function writeCounted(batch: PackedConversations): Promise<Imported> {
    const done = await engine.importPacked(accountId, batch);
    atMost = (atMost ?? 0) + done.added;
    return done;
  }

  return async (batch) => {
    atMost ??= await engine.countConversations(accountId, most);
    if (atMost + batch.ids.length > most) atMost = await engine.countConversations(accountId, most);
    if (atMost + batch.ids.length <= most) return writeCounted(batch);
    // Those that stand here already need no room.
    const ids: ConversationId[] = [];
    let room = most - atMost;
    for (const id of batch.ids) {
      const isHere = !isRefusal(await engine.standing(accountId, id));
      if (isHere || room > 0) ids.push(id);
      if (!isHere) room -= 1;
    }
    const done = await writeCounted({ ...batch, ids });
    if (room >= 0) return done;
    const detail = `An account may have ${most} conversations; delete some for good first, and import again.`;
    return { refused: "too_many_conversations", detail };
  };
}
