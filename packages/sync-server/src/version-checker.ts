/** What must be true of versions: none is empty, each has its place, and no message stands twice [MSG-1, MSG-5]. */
import type { AccountId } from "@instep/protocol";
import type { ConversationRow, MessageRow } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";
import type { VersionRow } from "./storage/version-statements.ts";

const EVERYTHING = { after: 0, limit: Number.MAX_SAFE_INTEGER };

export interface Checked {
  readonly accountId: AccountId;
  readonly conversation: ConversationRow;
  /** The live ones, oldest first. */
  readonly messages: readonly MessageRow[];
}

/** Every fault of a conversation's versions, one sentence each. */
export async function versionFaults(snapshot: Snapshot, checked: Checked): Promise<string[]> {
  const { accountId, conversation, messages } = checked;
  const key = { accountId, conversationId: conversation.id };
  const versions = await snapshot.versions(key);
  const messagesOf = async (rows: readonly VersionRow[]) => {
    const found: (readonly MessageRow[])[] = [];
    for (const { id } of rows) found.push(await snapshot.versionMessages({ ...key, versionId: id }, EVERYTHING));
    return found;
  };
  const kept = await messagesOf(versions);
  const going = await messagesOf(await snapshot.goingVersions(key));
  const faults = versions.flatMap(({ id }, index) => (kept[index]?.length === 0 ? [`version ${id} is empty`] : []));
  const seqs = [...messages, ...kept.flat(), ...going.flat()].map(({ seq }) => seq);
  const known = new Set([0, ...seqs]);
  if (known.size <= seqs.length) faults.push("a seq stands twice among its messages and versions");
  if (Math.max(0, ...seqs) > conversation.lastSeq) faults.push(`a seq is beyond last_seq ${conversation.lastSeq}`);
  for (const { id, afterSeq, purgeAt } of versions) {
    // What it stood inside has gone, and it goes next.
    if (purgeAt === 0) continue;
    if (!known.has(afterSeq)) faults.push(`version ${id} stood behind ${afterSeq}, which is not there`);
    if (afterSeq === endOf(checked)) faults.push(`nothing stands in the place of version ${id}`);
  }
  return faults.map((fault) => `${conversation.id}: ${fault}`);
}

/** The place at the end, which has no message yet; a running reply stands in it. */
function endOf({ conversation, messages }: Checked): number | null {
  return conversation.activeReplyId === null ? (messages.at(-1)?.seq ?? 0) : null;
}
