/** Brings a version back in place of what stands there now, which becomes a version itself [MSG-5]. */
import type { ConversationId, MessagePage, VersionId } from "@instep/protocol";
import { answerWithClock, type WithAsOf, type WriteMoment } from "../account-clock.ts";
import { liveConversation } from "../live-conversation.ts";
import { messagePage } from "../message-pages.ts";
import { isRefusal, refuse, type Outcome } from "../refusal.ts";
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

/** So many of the messages that came back are in the answer; the others are newer ones. */
const RESTORED_PAGE = 100;

/** Answers with what is new, as it stands at the end of the write. Refuses where the device doesn't know the conversation as it is, and where a reply runs, whose place may be the version's. */
export async function restoreVersion(
  tx: WriteTransaction,
  input: RestoreVersionInput,
): Promise<Outcome<WithAsOf<{ readonly page: MessagePage }>>> {
  const { accountId, conversationId, restoredId, expectedLastSeq } = input;
  const key = { accountId, conversationId };
  return answerWithClock(tx, input, async (tick) => {
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
    const after = conversation.lastSeq;
    const question = { accountId, conversation: back.conversation, before: null, after, limit: RESTORED_PAGE };
    return { page: await messagePage(tx, question) };
  });
}

/** Whether what the version stood behind still stands. */
async function hasPlace(snapshot: Snapshot, key: RestoreVersionInput, { afterSeq }: VersionRow): Promise<boolean> {
  return afterSeq === 0 || (await snapshot.message(key, afterSeq)) !== null;
}
