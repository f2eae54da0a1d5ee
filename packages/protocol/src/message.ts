/** Messages on the wire, and the pages that they come in. */
import { Type, type Static } from "typebox";
import { asOfProperties } from "./as-of.ts";
import { UUID_PATTERN } from "./identifier.ts";

const Uuid = Type.String({ pattern: UUID_PATTERN });
const Cursor = Type.Union([Type.String(), Type.Null()]);

export const MessageRoleSchema = Type.Union([Type.Literal("user"), Type.Literal("assistant"), Type.Literal("system")]);
export type MessageRole = Static<typeof MessageRoleSchema>;

export const MessageStatusSchema = Type.Union([
  Type.Literal("complete"),
  Type.Literal("streaming"),
  Type.Literal("stopped"),
  Type.Literal("interrupted"),
  Type.Literal("failed"),
]);
export type MessageStatus = Static<typeof MessageStatusSchema>;

/** Why a message failed, for a person (`detail`) and for a program (`code`). */
export const MessageErrorSchema = Type.Object({ code: Type.String(), detail: Type.String() });
export type MessageError = Static<typeof MessageErrorSchema>;

const TokenCount = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** What a reply cost, as its endpoint counted it; what it didn't say is left out [MODEL-7]. */
export const MessageUsageSchema = Type.Object({
  prompt_tokens: Type.Optional(TokenCount),
  completion_tokens: Type.Optional(TokenCount),
});
export type MessageUsage = Static<typeof MessageUsageSchema>;

/** A message; `seq` numbers those of a conversation in commit order and is never reused [MSG-1]. */
export const MessageSchema = Type.Object(
  {
    id: Uuid,
    conversation_id: Uuid,
    seq: Type.Integer({ minimum: 1 }),
    role: MessageRoleSchema,
    content: Type.String(),
    /** Since 1.1: what the model thought before it said this [MODEL-5]. */
    thoughts: Type.Optional(Type.String()),
    created_at: Type.String({ format: "date-time" }),
    status: MessageStatusSchema,
    stop_reason: Type.Optional(Type.String()),
    error: Type.Optional(MessageErrorSchema),
    model: Type.Optional(Type.String()),
    /** Since 1.1 [MODEL-7]. */
    usage: Type.Optional(MessageUsageSchema),
    client_message_id: Type.Optional(Type.String()),
    version_count: Type.Optional(
      Type.Integer({ minimum: 1, description: "How many versions are kept of this message's place [MSG-5]" }),
    ),
  },
  { $id: "Message" },
);
export type Message = Static<typeof MessageSchema>;

export const MessagePaginationSchema = Type.Object(
  {
    total_count: Type.Integer({
      minimum: 0,
      description: "How many live messages the conversation has, loaded or not [DEV-6]",
    }),
    last_seq: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "The conversation's when the page was read: numbers above the last message's are of ended ones",
      }),
    ),
    has_older: Type.Boolean(),
    older_cursor: Cursor,
    has_newer: Type.Boolean(),
    newer_cursor: Cursor,
  },
  { $id: "MessagePagination" },
);
export type MessagePagination = Static<typeof MessagePaginationSchema>;

export const MessagePageSchema = Type.Object(
  { messages: Type.Array(MessageSchema), message_pagination: MessagePaginationSchema, ...asOfProperties },
  { $id: "MessagePage" },
);
export type MessagePage = Static<typeof MessagePageSchema>;

/** What once stood where a message stands; its messages have the seqs that they had [MSG-5]. */
export const MessageVersionSchema = Type.Object(
  { version_id: Uuid, replaced_at: Type.String({ format: "date-time" }), messages: Type.Array(MessageSchema) },
  { $id: "MessageVersion" },
);
export type MessageVersion = Static<typeof MessageVersionSchema>;

/**
 * The versions of one place, oldest first; where `next_cursor` is there, there are more. A version that is longer than a page goes on
 * in the next one, under its id [MSG-5, SAFE-2].
 */
export const VersionListSchema = Type.Object(
  { versions: Type.Array(MessageVersionSchema), next_cursor: Type.Optional(Type.String()), ...asOfProperties },
  { $id: "VersionList" },
);
export type VersionList = Static<typeof VersionListSchema>;

/** Brings a version back, where the device knows the conversation as it is [MSG-5, TURN-7]. */
export const RestoreVersionSchema = Type.Object(
  { expected_last_seq: Type.Integer({ minimum: 0 }) },
  { $id: "RestoreVersion" },
);
export type RestoreVersion = Static<typeof RestoreVersionSchema>;

/** A running reply: enough to paint it at once and to attach after `last_event_id` [MSG-4]. */
export const ActiveReplySchema = Type.Object(
  {
    reply_id: Uuid,
    text: Type.String(),
    thoughts: Type.Optional(Type.String()),
    last_event_id: Type.Integer({ minimum: 0 }),
  },
  { $id: "ActiveReply" },
);
export type ActiveReply = Static<typeof ActiveReplySchema>;
