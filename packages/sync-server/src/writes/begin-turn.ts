/** Begins a turn: the user message and the reply to come, in one transaction, exactly once by the device's id [TURN-1, TURN-3]. */
import { createHash } from "node:crypto";
import {
  type AsOf,
  isUuid,
  type ClientMessageId,
  type ConversationId,
  type Message,
  type MessageId,
  type Micros,
  type ReplyId,
  type StartEvent,
  type SyncRow,
  titleFromWords,
} from "@instep/protocol";
import { answerWithClock, type WithAsOf, type Tick, type WriteMoment } from "../account-clock.ts";
import { appendMessage, type MessageDraft } from "../append-message.ts";
import { asOfClock } from "../as-of.ts";
import { liveConversation } from "../live-conversation.ts";
import { isRefusal, refuse, type Outcome, type Refusal } from "../refusal.ts";
import { startChunk } from "../replies/reply-events.ts";
import { isForgotten } from "../replies/reply-reading.ts";
import type { ConversationRow, MessageRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import type { NodeId, TurnRow } from "../storage/turn-statements.ts";
import { syncRowOf } from "../summary.ts";
import { wireMessageAt, type NewVersion } from "../versions.ts";
import { wireMessage } from "../wire-message.ts";
import { staleConversation, takeQuestion, type Question, type ReplacedMessages } from "./turn-question.ts";

export interface BeginTurnInput extends WriteMoment, NewVersion {
  readonly conversationId: ConversationId;
  /** Null asks a reply again without a new message [MSG-3]. */
  readonly text: string | null;
  readonly clientMessageId: ClientMessageId;
  /** The model that was asked for; null means the conversation's, and where that has none the default. */
  readonly model: string | null;
  readonly defaultModel: string;
  readonly expectedLastSeq: number | null;
  readonly replaceFromSeq: number | null;
  /** What the server offers; a conversation may wish for something else, which the default then answers. Null offers everything. */
  readonly offeredModels: readonly string[] | null;
  /** The ids of the reply, and of a user message whose own id can't be its row's, where this call begins the turn. */
  readonly replyId: ReplyId;
  readonly messageId: MessageId;
  readonly ownerId: NodeId;
  readonly leaseExpiresAt: Micros;
  /** How many replies of the account may run at once. */
  readonly maxReplies: number;
}

/** What the write tells of a turn, from which the answer and its first event are made. */
export interface TurnStart {
  readonly kind: "started" | "joined";
  readonly replyId: ReplyId;
  readonly userMessage: Message;
  readonly model: string;
  readonly title: string;
  readonly messageCount: number;
  /** The conversation as the turn began; null where it was joined. */
  readonly conversation: SyncRow | null;
  /** As of when the turn began. */
  readonly begunAsOf: AsOf;
  /** What the turn has replaced, where it is kept; null where it was joined. */
  readonly replaced: ReplacedMessages | null;
}

/**
 * A known client message id joins its turn before anything else is looked at, whatever became of it. Otherwise the conversation must
 * be as the device knows it, and neither it nor the account may have too much running; then nothing is refused any more.
 */
export async function beginTurn(tx: WriteTransaction, input: BeginTurnInput): Promise<Outcome<WithAsOf<TurnStart>>> {
  return answerWithClock(tx, input, async (tick) => {
    const conversation = await liveConversation(tx, input.accountId, input.conversationId);
    if (isRefusal(conversation)) return conversation;
    const known = await tx.turnByClientMessageId(input.accountId, input.clientMessageId);
    if (known) return join(tx, { input, conversation, known });
    const refusal = refuseUnknownModel(input) ?? (await whyNot(tx, input, conversation));
    if (refusal) return refusal;
    const question = await takeQuestion(tx, input, { conversation, tick });
    if (isRefusal(question)) return question;
    return start(tx, { input, question, tick });
  });
}

/** Only of a new send: what was begun with a model that has gone since is joined all the same [TURN-3]. */
function refuseUnknownModel({ model, offeredModels }: BeginTurnInput): Refusal | null {
  if (model === null || offeredModels === null || offeredModels.includes(model)) return null;
  const detail = `"${model}" is not offered by this server; choose one of ${offeredModels.join(", ")}.`;
  return { refused: "unknown_model", detail };
}

interface Joining {
  readonly input: BeginTurnInput;
  readonly conversation: ConversationRow;
  readonly known: TurnRow;
}

async function join(tx: WriteTransaction, { input, conversation, known }: Joining): Promise<Outcome<TurnStart>> {
  const isSame = known.conversationId === conversation.id && known.textHash === hashText(input.text);
  if (!isSame) return refuse("duplicate_message_id");
  const live = await tx.messageById(input, known.userMessageId);
  const userMessage = live ? await wireMessageAt(tx, input, live) : await replacedQuestion(tx, input, known);
  const isTold = userMessage !== null && !(await isForgotten(tx, input.accountId, known));
  if (!isTold) return staleConversation(tx, input, conversation);
  return {
    kind: "joined",
    replyId: known.replyId,
    userMessage,
    model: known.model,
    title: conversation.title,
    messageCount: conversation.messageCount,
    conversation: null,
    begunAsOf: asOfClock(known.startedAt, await tx.epoch()),
    replaced: null,
  };
}

/** A turn's user message that stands no more; one of which nothing is kept is made again from the repeat, whose text is the same. */
async function replacedQuestion(tx: WriteTransaction, input: BeginTurnInput, turn: TurnRow): Promise<Message | null> {
  const kept = await tx.replacedMessage(input, turn.userMessageId);
  if (kept || input.text === null) return kept && wireMessage(kept);
  return wireMessage({
    ...draftOf(input, turn.userMessageId, input.text),
    conversationId: input.conversationId,
    seq: turn.userSeq,
    createdAt: turn.startedAt,
  });
}

async function whyNot(
  tx: WriteTransaction,
  input: BeginTurnInput,
  conversation: ConversationRow,
): Promise<Refusal | null> {
  const isExpected = input.expectedLastSeq === null || input.expectedLastSeq === conversation.lastSeq;
  if (!isExpected) return staleConversation(tx, input, conversation);
  if (conversation.activeReplyId !== null) return refuse("reply_running");
  const running = await tx.countRunningTurns(input.accountId);
  return running >= input.maxReplies ? refuse("too_many_replies") : null;
}

interface Starting {
  readonly input: BeginTurnInput;
  readonly question: Question;
  readonly tick: Tick;
}

async function start(tx: WriteTransaction, starting: Starting): Promise<TurnStart> {
  const { input, question } = starting;
  const { conversation, message } = await ask(tx, starting);
  const { standing, replaced } = question;
  const turn = turnRow(input, message, conversation);
  const replacedVersionId = standing === null ? null : (replaced?.versionId ?? null);
  await tx.insertTurn(input.accountId, { ...turn, replacedVersionId });
  const isInPlace = input.replaceFromSeq !== null;
  const userMessage = isInPlace ? await wireMessageAt(tx, input, message) : wireMessage(message);
  const { replyId } = input;
  const begun = {
    kind: "started",
    replyId,
    userMessage,
    model: turn.model,
    title: conversation.title,
    messageCount: conversation.messageCount,
    conversation: syncRowOf(conversation),
    begunAsOf: asOfClock(turn.startedAt, await tx.epoch()),
    replaced,
  } as const;
  await tx.saveChunk({ accountId: input.accountId, replyId }, startChunk(startEventOf(begun)));
  await tx.saveLease(input.ownerId, input.leaseExpiresAt);
  return begun;
}

/** The turn's first event. */
export function startEventOf(begun: TurnStart): StartEvent {
  const { userMessage, replyId, messageCount, conversation, begunAsOf, replaced } = begun;
  const kept = replaced && { version_id: replaced.versionId, message_count: replaced.messageCount };
  return {
    user_message: userMessage,
    reply_id: replyId,
    message_count: messageCount,
    ...(conversation && { conversation }),
    ...begunAsOf,
    ...(kept && { replaced: kept }),
  };
}

async function ask(
  tx: WriteTransaction,
  { input, question, tick }: Starting,
): Promise<{ readonly conversation: ConversationRow; readonly message: MessageRow }> {
  const { accountId, text, replyId } = input;
  const { standing } = question;
  const titled = withTitle({ ...question.conversation, activeReplyId: replyId }, text ?? standing?.content ?? "");
  if (standing === null) {
    const draft = draftOf(input, await messageIdFor(tx, input), text ?? "");
    return appendMessage(tx, { accountId, tick, conversation: titled, draft });
  }
  const at = tick();
  const conversation = { ...titled, updatedAt: at, changedAt: at };
  await tx.saveConversation(accountId, conversation);
  return { conversation, message: standing };
}

function withTitle(conversation: ConversationRow, text: string): ConversationRow {
  const title = titleFromWords(text);
  if (conversation.titleSource !== "none" || title === "") return conversation;
  return { ...conversation, title, titleSource: "words" };
}

function turnRow(
  input: BeginTurnInput,
  userMessage: MessageRow,
  conversation: ConversationRow,
): Omit<TurnRow, "replacedVersionId"> {
  return {
    replyId: input.replyId,
    conversationId: input.conversationId,
    clientMessageId: input.clientMessageId,
    textHash: hashText(input.text),
    userMessageId: userMessage.id,
    userSeq: userMessage.seq,
    model: modelFor(input, conversation),
    ownerId: input.ownerId,
    state: "running",
    isStopRequested: false,
    startedAt: conversation.updatedAt,
    endedAt: null,
    endEventId: null,
    endData: null,
  };
}

function modelFor({ model, offeredModels, defaultModel }: BeginTurnInput, conversation: ConversationRow): string {
  const wish = conversation.model;
  const isOffered = wish !== null && (offeredModels === null || offeredModels.includes(wish));
  return model ?? (isOffered ? wish : defaultModel);
}

function draftOf(input: BeginTurnInput, id: MessageId, content: string): MessageDraft {
  return {
    id,
    role: "user",
    content,
    status: "complete",
    stopReason: null,
    error: null,
    model: null,
    clientMessageId: input.clientMessageId,
  };
}

/** The row's id is the device's own id for the message, so that an echo of it can't be taken for another; unless it is no UUID, or in use. */
async function messageIdFor(tx: WriteTransaction, input: BeginTurnInput): Promise<MessageId> {
  const own = input.clientMessageId as string as MessageId;
  if (!isUuid(own) || (await tx.messageById(input, own))) return input.messageId;
  return own;
}

function hashText(text: string | null): string {
  return text === null ? "" : createHash("sha256").update(text).digest("base64");
}
