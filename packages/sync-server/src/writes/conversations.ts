/** Making and changing a conversation; none of it reorders the list [LIST-1]. */
import type { ConversationId, MessageId, ReplyId } from "@instep/protocol";
import { answerWithClock, type WithAsOf, type Tick, type WriteMoment } from "../account-clock.ts";
import { liveConversation } from "../live-conversation.ts";
import { isRefusal, refuse, type Outcome } from "../refusal.ts";
import type { ConversationRow, TitleSource } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { newConversation } from "./new-conversation.ts";

export interface CreateInput extends WriteMoment {
  readonly id: ConversationId;
  /** Null leaves the conversation without a title until its first turn. */
  readonly title: string | null;
  readonly model: string | null;
  readonly instructions?: string | null;
}

export interface Created {
  readonly created: boolean;
  readonly conversation: ConversationRow;
}

/** Makes a conversation. The same id again returns what stands, without a tick; one that was deleted stays deleted [ID-1, TICK-1]. */
export async function createConversation(
  tx: WriteTransaction,
  input: CreateInput,
): Promise<Outcome<WithAsOf<Created>>> {
  const { accountId, id } = input;
  return answerWithClock(tx, input, async (tick) => {
    const standing = await tx.conversation(accountId, id);
    if (standing?.trashedAt === null) return { created: false, conversation: standing };
    if (standing || (await tx.tombstone(accountId, id))) return refuse("conversation_deleted");
    const at = tick();
    const { title, model } = input;
    const plain = { pinned: false, archived: false, createdAt: at, updatedAt: at };
    const conversation = newConversation({ id, title: title ?? "", model, ...plain }, at);
    await tx.insertConversation(accountId, conversation);
    if (input.instructions) await tx.saveInstructions(accountId, id, input.instructions);
    return { created: true, conversation };
  });
}

export interface PatchInput extends WriteMoment {
  readonly id: ConversationId;
  readonly title: string | null;
  readonly pinned: boolean | null;
  readonly archived: boolean | null;
  readonly model: string | null;
  /** The conversation wishes for no model any more: whatever is the default answers [TURN-10]. */
  readonly forgetsModel?: boolean;
  /** Left out where they stay as they are; null takes them away. */
  readonly instructions?: string | null;
  /** The server's default: naming it where the conversation has none changes nothing visible. */
  readonly defaultModel: string;
}

/** Changes what is given (not null) and ticks only where a device would see a difference [TICK-1]. */
export async function patchConversation(
  tx: WriteTransaction,
  input: PatchInput,
): Promise<Outcome<WithAsOf<ConversationRow>>> {
  return answerWithClock(tx, input, (tick) => patchOne(tx, input, tick));
}

/** The same under a clock that is held already. */
export async function patchOne(
  tx: WriteTransaction,
  input: Omit<PatchInput, "now">,
  tick: Tick,
): Promise<Outcome<ConversationRow>> {
  const before = await liveConversation(tx, input.accountId, input.id);
  if (isRefusal(before)) return before;
  const after: ConversationRow = {
    ...before,
    title: input.title ?? before.title,
    titleSource: input.title === null ? before.titleSource : "person",
    pinned: input.pinned ?? before.pinned,
    archived: input.archived ?? before.archived,
    model: input.forgetsModel === true ? null : (input.model ?? before.model),
  };
  const isVisible =
    after.title !== before.title ||
    after.pinned !== before.pinned ||
    after.archived !== before.archived ||
    (after.model ?? input.defaultModel) !== (before.model ?? input.defaultModel);
  const isInstructed = await takeInstructions(tx, input);
  const stored = isVisible || isInstructed ? { ...after, changedAt: tick() } : after;
  await tx.saveConversation(input.accountId, stored);
  return stored;
}

/** Whether they are others than those that stood. */
async function takeInstructions(tx: WriteTransaction, input: Omit<PatchInput, "now">): Promise<boolean> {
  const { accountId, id, instructions } = input;
  if (instructions === undefined || instructions === (await tx.instructions(accountId, id))) return false;
  await tx.saveInstructions(accountId, id, instructions);
  return true;
}

export interface TitleInput extends WriteMoment {
  readonly id: ConversationId;
  readonly title: string;
  readonly source: Exclude<TitleSource, "none" | "person">;
  /** The reply that it was made of; null where it was made of none. */
  readonly replyId: ReplyId | null;
}

/**
 * Sets a title that was made for the conversation; one that a person gave stands, and a model's stands before the first words. What was made
 * of a reply that was replaced since is a title of what nobody sees any more.
 */
export async function setGeneratedTitle(
  tx: WriteTransaction,
  input: TitleInput,
): Promise<Outcome<WithAsOf<ConversationRow>>> {
  return answerWithClock(tx, input, async (tick) => {
    const before = await liveConversation(tx, input.accountId, input.id);
    if (isRefusal(before)) return before;
    const stands = before.titleSource === "person" || (before.titleSource === "model" && input.source === "words");
    if (stands || before.title === input.title || !(await hasReply(tx, input))) return before;
    const after = { ...before, title: input.title, titleSource: input.source, changedAt: tick() };
    await tx.saveConversation(input.accountId, after);
    return after;
  });
}

async function hasReply(tx: WriteTransaction, { accountId, id, replyId }: TitleInput): Promise<boolean> {
  const messageId = replyId as string | null as MessageId | null;
  return messageId === null || (await tx.messageById({ accountId, conversationId: id }, messageId)) !== null;
}
