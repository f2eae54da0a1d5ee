/** Turns on the wire: a user message and the reply to it, as one answer or as a stream of events (SPEC section 5). */
import { Type, type Static } from "typebox";
import { asOfProperties } from "./as-of.ts";
import { SyncRowSchema, Uuid } from "./conversation.ts";
import { MAX_MODEL_LENGTH } from "./limits.ts";
import { MessageSchema } from "./message.ts";

const Count = Type.Integer({ minimum: 0 });
const Timestamp = Type.String({ format: "date-time" });

/** What a send asks for; `message` may be absent only where `replace_from_seq` names a reply to ask again [MSG-3]. */
export const SendSchema = Type.Object(
  {
    message: Type.Optional(Type.String({ minLength: 1 })),
    client_message_id: Type.String({
      minLength: 1,
      maxLength: 200,
      description: "Chosen by the device, a UUID at best [TURN-3]",
    }),
    model: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_MODEL_LENGTH })),
    expected_last_seq: Type.Optional(Count),
    replace_from_seq: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { $id: "Send" },
);
export type Send = Static<typeof SendSchema>;

const counts = { message_count: Count, last_seq: Count };
/** How many messages came back since the turn asked again and ended without a word: the newest ones [MSG-5]. */
const broughtBack = { brought_back: Type.Optional(Type.Integer({ minimum: 1 })) };
/** Since 1.1, where the conversation is there: all of it as of then, as a sync answer carries it [SYNC-11]. */
const after = { conversation: Type.Optional(SyncRowSchema), ...asOfProperties };
const ended = { ...counts, title: Type.String(), updated_at: Timestamp, ...after };

/** What a turn has replaced: the version that it is kept as, and how many messages it has [MSG-5]. */
export const ReplacedSchema = Type.Object(
  { version_id: Uuid, message_count: Type.Integer({ minimum: 1 }) },
  { $id: "Replaced" },
);
export type Replaced = Static<typeof ReplacedSchema>;

/** The answer of `…/chat/batch`. */
export const TurnResultSchema = Type.Object(
  {
    user_message: MessageSchema,
    message: MessageSchema,
    ...ended,
    ...broughtBack,
    replaced: Type.Optional(ReplacedSchema),
  },
  { $id: "TurnResult" },
);
export type TurnResult = Static<typeof TurnResultSchema>;

/** The first event: the user message is committed, and the reply has its id [TURN-1]. */
export const StartEventSchema = Type.Object(
  {
    user_message: MessageSchema,
    reply_id: Uuid,
    message_count: Count,
    replaced: Type.Optional(ReplacedSchema),
    ...after,
  },
  { $id: "StartEvent" },
);
export type StartEvent = Static<typeof StartEventSchema>;

/** More of the reply. Since 1.1 also of what the model thinks; `text_was_thoughts`: all text before this event was thoughts [MODEL-5]. */
export const TokenEventSchema = Type.Object(
  {
    text: Type.String(),
    thoughts: Type.Optional(Type.String()),
    text_was_thoughts: Type.Optional(Type.Boolean()),
  },
  { $id: "TokenEvent" },
);
export type TokenEvent = Static<typeof TokenEventSchema>;

/** The last event of a reply that is complete or was stopped; `message` is what stands in its place, which may have come back [MSG-5]. */
export const DoneEventSchema = Type.Object({ message: MessageSchema, ...ended, ...broughtBack }, { $id: "DoneEvent" });
export type DoneEvent = Static<typeof DoneEventSchema>;

/** The last event of a reply that failed, was interrupted, or whose conversation was deleted [TURN-8, TURN-9]. */
export const ErrorEventSchema = Type.Object(
  {
    code: Type.String(),
    detail: Type.String(),
    retryable: Type.Boolean(),
    message: Type.Union([MessageSchema, Type.Null()]),
    ...counts,
    ...broughtBack,
    /** Since 1.1, where the conversation is still there. */
    title: Type.Optional(Type.String()),
    updated_at: Type.Optional(Timestamp),
    ...after,
  },
  { $id: "ErrorEvent" },
);
export type ErrorEvent = Static<typeof ErrorEventSchema>;

/**
 * The members that a failed batch's 502 or 504 has besides those of every problem: its user message, and what `error` tells of the turn's
 * end [TURN-9]. Their `title` is the problem's; the conversation's stands in `conversation`.
 */
export const FailedBatchSchema = Type.Object(
  {
    user_message: MessageSchema,
    replaced: Type.Optional(ReplacedSchema),
    retryable: Type.Boolean(),
    message: Type.Union([MessageSchema, Type.Null()]),
    ...counts,
    ...broughtBack,
    updated_at: Type.Optional(Timestamp),
    ...after,
  },
  { $id: "FailedBatch" },
);
export type FailedBatch = Static<typeof FailedBatchSchema>;

/** One event of a reply. `id` numbers a reply's events 1, 2, 3…; exactly one `done` or `error` ends it. */
export type TurnEvent =
  | { readonly id: number; readonly event: "start"; readonly data: StartEvent }
  | { readonly id: number; readonly event: "token"; readonly data: TokenEvent }
  | { readonly id: number; readonly event: "done"; readonly data: DoneEvent }
  | { readonly id: number; readonly event: "error"; readonly data: ErrorEvent };

/** The members that a 409 `stale_conversation` has besides those of every problem [TURN-7]. */
export const StaleConversationSchema = Type.Object(
  { ...counts, messages: Type.Array(MessageSchema), ...asOfProperties },
  { $id: "StaleConversation" },
);
export type StaleConversation = Static<typeof StaleConversationSchema>;

/** The answer of a stop: the reply's turn has ended on the server [TURN-5]. */
export const StopAnswerSchema = Type.Object(
  { status: Type.Union([Type.Literal("stopped"), Type.Literal("ended")]), reply_id: Uuid },
  { $id: "StopAnswer" },
);
export type StopAnswer = Static<typeof StopAnswerSchema>;
