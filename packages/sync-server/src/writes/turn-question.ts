/** What a turn asks: a new message, or one that stands while what came after it is replaced [MSG-3, TURN-7]. */
import type { AccountId, ConversationId, VersionId } from "@instep/protocol";
import type { Tick } from "../account-clock.ts";
import { refuse, type Outcome, type Refusal } from "../refusal.ts";
import type { ConversationRow, MessageRow } from "../storage/rows.ts";
import { MAX_PAGE_LENGTH } from "../message-pages.ts";
import type { ConversationKey } from "../storage/message-statements.ts";
import type { Snapshot, WriteTransaction } from "../storage/transaction.ts";
import { endedFrom, seqBefore, setAside, wireMessages, type NewVersion } from "../versions.ts";

const MAX_STALE_MESSAGES = 100;

export interface Asking extends NewVersion {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly text: string | null;
  readonly expectedLastSeq: number | null;
  readonly replaceFromSeq: number | null;
}

/** What a turn asks with: a message to append, or one that stands; and the conversation without what is replaced. */
export interface Question {
  readonly conversation: ConversationRow;
  readonly standing: MessageRow | null;
  /** What was replaced, and is kept. */
  readonly replaced: ReplacedMessages | null;
}

export interface ReplacedMessages {
  readonly versionId: VersionId;
  readonly messageCount: number;
}

export interface AskingMoment {
  readonly conversation: ConversationRow;
  readonly tick: Tick;
}

/** Ends what is replaced, and tells what remains; refuses what is no live message, and what is none of that kind [TURN-7, TURN-11]. */
export async function takeQuestion(
  tx: WriteTransaction,
  input: Asking,
  { conversation, tick }: AskingMoment,
): Promise<Outcome<Question>> {
  const { text, replaceFromSeq: fromSeq } = input;
  if (fromSeq === null) {
    const isQuestion = text !== null;
    return isQuestion
      ? { conversation, standing: null, replaced: null }
      : refuse("invalid_body", "message is missing.", { field: "message" });
  }
  const first = await tx.message(input, fromSeq);
  if (!first) return staleConversation(tx, input, conversation);
  const standing = first.role === "assistant" && text === null ? await tx.questionBefore(input, fromSeq) : null;
  const canReplace = standing !== null || (first.role === "user" && text !== null);
  if (!canReplace) return refuseKind(first, text);
  const replacing = { ...input, conversation, fromSeq, tick };
  if (await isSaidAgain(tx, input, { first, conversation })) {
    const ended = await endedFrom(tx, replacing);
    await tx.deleteMessagesFrom(input, fromSeq);
    return { standing, conversation: ended.conversation, replaced: null };
  }
  const { messageCount, ...rest } = await setAside(tx, replacing);
  return { ...rest, standing, replaced: { versionId: input.versionId, messageCount } };
}

function refuseKind({ seq, role }: MessageRow, text: string | null): Refusal {
  const wrong = role === "user" ? "the new text is missing" : "a reply is asked again without a message";
  const isAsked = role === "user" || (role === "assistant" && text !== null);
  const detail = isAsked ? wrong : "there is no question that could be asked again";
  const field = "replace_from_seq";
  return refuse("invalid_body", `${field} ${seq} names a message of role ${role}: ${detail}.`, { field });
}

/** Whether the last message, which got no reply, is sent again word for word: then nothing is lost, and there is nothing to keep. */
async function isSaidAgain(
  tx: WriteTransaction,
  input: Asking,
  { first, conversation }: { readonly first: MessageRow; readonly conversation: ConversationRow },
): Promise<boolean> {
  if (first.role !== "user" || first.content !== input.text) return false;
  if ((await tx.countMessagesAfter(input, { after: first.seq, limit: 1 })) > 0) return false;
  const kept = await tx.versionCounts(input, { from: first.seq, to: conversation.lastSeq });
  return kept.length === 0;
}

/** What the device lacks: the messages after the one that it expected to be the last [TURN-7]. */
export async function staleConversation(
  tx: Snapshot,
  input: ConversationKey & Pick<Asking, "expectedLastSeq" | "replaceFromSeq">,
  conversation: ConversationRow,
): Promise<Refusal> {
  const after = input.expectedLastSeq ?? input.replaceFromSeq ?? 0;
  const messages = await tx.messagesAfter(input, { after, limit: MAX_STALE_MESSAGES, maxLength: MAX_PAGE_LENGTH });
  const members = {
    last_seq: conversation.lastSeq,
    message_count: conversation.messageCount,
    messages: await wireMessages(tx, input, { rows: messages, before: await seqBefore(tx, input, after + 1) }),
  };
  return { refused: "stale_conversation", members };
}
