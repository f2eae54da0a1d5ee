/** Conversations on the wire: the summary, its sparse form in sync answers, and the calls of SPEC section 4. */
import { Type, type Static } from "typebox";
import { asOfProperties } from "./as-of.ts";
import { UUID_PATTERN } from "./identifier.ts";
import { MAX_ACTION_IDS, MAX_INSTRUCTIONS_LENGTH, MAX_MODEL_LENGTH, MAX_TITLE_LENGTH } from "./limits.ts";
import { ActiveReplySchema, MessagePaginationSchema, MessageSchema } from "./message.ts";

const Timestamp = Type.String({ format: "date-time", description: "ISO 8601 UTC with six fractional digits" });
const Count = Type.Integer({ minimum: 0 });
export const Uuid = Type.String({ pattern: UUID_PATTERN });
const Title = Type.String({ maxLength: MAX_TITLE_LENGTH });
const ModelId = Type.String({ minLength: 1, maxLength: MAX_MODEL_LENGTH });

const rowCore = { id: Uuid, title: Type.String(), message_count: Count, updated_at: Timestamp };
const rowRest = {
  last_seq: Count,
  read_seq: Count,
  unread_count: Count,
  marked_unread: Type.Boolean(),
  pinned: Type.Boolean(),
  archived: Type.Boolean(),
  model: Type.String(),
  active_reply_id: Type.Union([Uuid, Type.Null()]),
};

/** A conversation as a sync answer carries it: four fields always, the others where they differ from their defaults [SYNC-0]. */
export const SyncRowSchema = Type.Object(
  { ...rowCore, ...Type.Partial(Type.Object(rowRest)).properties },
  { $id: "SyncRow" },
);
export type SyncRow = Static<typeof SyncRowSchema>;

/** A conversation without its messages, with every field [SYNC-0]. */
export const ConversationSummarySchema = Type.Object(
  { ...rowCore, ...rowRest, created_at: Timestamp },
  { $id: "ConversationSummary" },
);
export type ConversationSummary = Static<typeof ConversationSummarySchema>;

/** The summary as the answer of a call on one conversation. */
export const ConversationAnswerSchema = Type.Object(
  { ...ConversationSummarySchema.properties, ...asOfProperties },
  { $id: "ConversationAnswer" },
);

export const ConversationListSchema = Type.Object(
  {
    conversations: Type.Array(ConversationSummarySchema),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
    total_count: Count,
    ...asOfProperties,
    server_time: Timestamp,
  },
  { $id: "ConversationList" },
);
export type ConversationList = Static<typeof ConversationListSchema>;

/** A conversation with its newest messages, oldest first, and the reply that is running [MSG-4]. */
export const ConversationDetailSchema = Type.Object(
  {
    ...ConversationSummarySchema.properties,
    messages: Type.Array(MessageSchema),
    message_pagination: MessagePaginationSchema,
    active_reply: Type.Union([ActiveReplySchema, Type.Null()]),
    /** Since 1.1: what every model that answers here is told first; null where there is nothing. */
    instructions: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    ...asOfProperties,
  },
  { $id: "ConversationDetail" },
);
export type ConversationDetail = Static<typeof ConversationDetailSchema>;

export const CreateConversationSchema = Type.Object(
  {
    id: Type.Optional(Uuid),
    title: Type.Optional(Title),
    model: Type.Optional(ModelId),
    /** Since 1.1. Text that says nothing is none. */
    instructions: Type.Optional(Type.String({ maxLength: MAX_INSTRUCTIONS_LENGTH })),
  },
  { $id: "CreateConversation" },
);
export type CreateConversation = Static<typeof CreateConversationSchema>;

export const PatchConversationSchema = Type.Object(
  {
    title: Type.Optional(Title),
    pinned: Type.Optional(Type.Boolean()),
    archived: Type.Optional(Type.Boolean()),
    /** Null: the server's default, whatever that is. */
    model: Type.Optional(Type.Union([ModelId, Type.Null()])),
    /** Since 1.1. Null, and text that says nothing, take them away. */
    instructions: Type.Optional(Type.Union([Type.String({ maxLength: MAX_INSTRUCTIONS_LENGTH }), Type.Null()])),
  },
  { $id: "PatchConversation" },
);
export type PatchConversation = Static<typeof PatchConversationSchema>;

/** Moves the read position forward, or marks as unread; at least one member is needed [DEV-3]. */
export const MarkReadSchema = Type.Object(
  { seq: Type.Optional(Count), message_count: Type.Optional(Count), unread: Type.Optional(Type.Boolean()) },
  { $id: "MarkRead", minProperties: 1 },
);
export type MarkRead = Static<typeof MarkReadSchema>;

export const ConversationActionSchema = Type.Union([
  Type.Literal("archive"),
  Type.Literal("unarchive"),
  Type.Literal("pin"),
  Type.Literal("unpin"),
  Type.Literal("trash"),
  Type.Literal("restore"),
  Type.Literal("read"),
  Type.Literal("unread"),
]);
export type ConversationAction = Static<typeof ConversationActionSchema>;

/** Since 1.1: does the same to many conversations, in one transaction. Either `ids`, or `all` where the action is `read`. */
export const ActionsSchema = Type.Object(
  {
    action: ConversationActionSchema,
    ids: Type.Optional(Type.Array(Type.String(), { maxItems: MAX_ACTION_IDS })),
    all: Type.Optional(Type.Literal(true)),
  },
  { $id: "Actions" },
);
export type Actions = Static<typeof ActionsSchema>;

/** What the actions came to: those that live, as they stand; those that are in the trash now; and those that there was nothing to do to. */
export const ActionsAnswerSchema = Type.Object(
  {
    conversations: Type.Array(ConversationSummarySchema),
    deleted_ids: Type.Array(Type.String()),
    missing_ids: Type.Array(Type.String()),
    has_more: Type.Optional(
      Type.Boolean({ description: "More were changed than are told here: the next sync has them" }),
    ),
    ...asOfProperties,
  },
  { $id: "ActionsAnswer" },
);
export type ActionsAnswer = Static<typeof ActionsAnswerSchema>;

export const TrashedConversationSchema = Type.Object(
  { ...ConversationSummarySchema.properties, deleted_at: Timestamp, purge_at: Timestamp },
  { $id: "TrashedConversation" },
);
export type TrashedConversation = Static<typeof TrashedConversationSchema>;

export const TrashListSchema = Type.Object(
  {
    conversations: Type.Array(TrashedConversationSchema),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
    ...asOfProperties,
  },
  { $id: "TrashList" },
);
export type TrashList = Static<typeof TrashListSchema>;

/** What a delete did: moved to the trash until `purge_at`, or erased at once. */
export const DeletedSchema = Type.Union(
  [
    Type.Object({ status: Type.Literal("trashed"), purge_at: Timestamp, ...asOfProperties }),
    Type.Object({ status: Type.Literal("erased"), ...asOfProperties }),
  ],
  { $id: "Deleted" },
);
export type Deleted = Static<typeof DeletedSchema>;

export const UnreadCountSchema = Type.Object({ count: Count, ...asOfProperties }, { $id: "UnreadCount" });
export type UnreadCount = Static<typeof UnreadCountSchema>;

export const SearchAnswerSchema = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        conversation_id: Uuid,
        title: Type.String(),
        message_id: Type.Union([Uuid, Type.Null()]),
        seq: Type.Union([Count, Type.Null()]),
        snippet: Type.String(),
        updated_at: Timestamp,
      }),
    ),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
    ...asOfProperties,
  },
  { $id: "SearchAnswer" },
);
export type SearchAnswer = Static<typeof SearchAnswerSchema>;
