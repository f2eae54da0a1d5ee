/** Brings a version back in place of what stands there now, which becomes a version itself [MSG-5]. */
import type { ConversationId, VersionId } from "@instep/protocol";
import { withClock, type WriteMoment } from "../account-clock.ts";
import { liveConversation } from "../append.ts";
import { isRefusal, refuse, type Outcome } from "../refusal.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Snapshot, WriteTransaction } from "../storage/transaction.ts";
import type { VersionRow } from "../storage/version-statements.ts";
import { bringBack, setAside, type NewVersion } from "../versions.ts";
import { staleConversation } from "./turn-question.ts";

/** `versionId` and `keepFor` are of the version that is made of what stands. */
export interface RestoreVersionInput extends WriteMoment, NewVersion {
  readonly conversationId: ConversationId;
  readonly restoredId: VersionId;
  readonly expectedLastSeq: number;
}

export interface VersionRestored {
  readonly conversation: ConversationRow;
  /** What is new comes after this seq. */
  readonly afterSeq: number;
}

/** Refuses where the device doesn't know the conversation as it is, and where a reply runs, whose place may be the version's. */
export async function restoreVersion(
  tx: WriteTransaction,
  input: RestoreVersionInput,
): Promise<Outcome<VersionRestored>> {
  const { accountId, conversationId, restoredId, expectedLastSeq } = input;
  const key = { accountId, conversationId };
  return withClock(tx, input, async (tick) => {
    const conversation = await liveConversation(tx, accountId, conversationId);
    if (isRefusal(conversation)) return conversation;
    const version = await tx.version({ ...key, versionId: restoredId });
    if (!version) return refuse("version_not_found");
    const isExpected = expectedLastSeq === conversation.lastSeq && (await hasPlace(tx, input, version));
    if (!isExpected) return staleConversation(tx, { ...key, expectedLastSeq, replaceFromSeq: null }, conversation);
    if (conversation.activeReplyId !== null) return refuse("reply_running");
    const aside = await setAside(tx, { ...input, conversation, fromSeq: version.afterSeq + 1, tick });
    const back = await bringBack(tx, { accountId, conversation: aside.conversation, version, at: tick() });
    await tx.saveConversation(accountId, back.conversation);
    return { conversation: back.conversation, afterSeq: conversation.lastSeq };
  });
}

/** Whether what the version stood behind still stands. */
async function hasPlace(snapshot: Snapshot, key: RestoreVersionInput, { afterSeq }: VersionRow): Promise<boolean> {
  return afterSeq === 0 || (await snapshot.message(key, afterSeq)) !== null;
}
