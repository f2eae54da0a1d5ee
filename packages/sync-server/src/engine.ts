/** The engine's face: what a program that mounts it can ask. No HTTP, no accounts' passwords, no models. */
import type {
  AccountId,
  ActionsAnswer,
  ActiveReply,
  ClientMessageId,
  ConversationAction,
  ConversationDetail,
  ConversationId,
  ConversationList,
  ConversationSummary,
  CreateConversation,
  Dated,
  Deleted,
  MarkRead,
  Message,
  MessageError,
  MessageId,
  MessagePage,
  MessageUsage,
  MessageVersion,
  Micros,
  PatchConversation,
  ReplyId,
  SearchAnswer,
  TrashList,
  TurnEvent,
  UnreadCount,
  UnreadScope,
  VersionId,
  VersionList,
} from "@instep/protocol";
import type { Imported, ImportedConversation } from "./imported.ts";
import type { EnginePresets } from "./presets.ts";
import type { Outcome } from "./refusal.ts";

export type { NamedInstructions } from "./presets.ts";
export type { Outcome, Refusal } from "./refusal.ts";
export type { Imported, ImportedConversation, ImportedMessage, ImportedVersion } from "./imported.ts";

export interface Account {
  readonly id: AccountId;
  readonly email: string | null;
  readonly name: string;
  readonly unreadScope: UnreadScope;
}

/** A live conversation without its messages. */
export interface StandingConversation extends Omit<ConversationSummary, "model"> {
  /** Its own; null where it has the server's default, whatever that is. */
  readonly model: string | null;
  readonly instructions: string | null;
}

/** A checked sync question; `since` null asks for everything [SYNC-1]. */
export interface SyncQuery {
  readonly since: Micros | null;
  readonly full: boolean;
  readonly epoch: string | null;
  readonly waitS: number;
  readonly limit: number;
  readonly page: string | null;
  readonly ifNoneMatch: string | null;
}

export type WrittenSync =
  | {
      readonly kind: "answer";
      /** The `SyncResponse`, already written as JSON: it is built in the database and sent as it is. */
      readonly json: string;
      readonly etag: string | null;
      /** Set where a stop answered early: seconds, jittered [WAIT-2]. */
      readonly retryAfterS: number | null;
    }
  | { readonly kind: "not_modified"; readonly etag: string };

export interface BeginTurn {
  readonly conversationId: ConversationId;
  /** Null where a reply is asked again without a new message (`replaceFromSeq` names the reply) [MSG-3]. */
  readonly text: string | null;
  readonly clientMessageId: ClientMessageId;
  /** The model that was asked for; null means the conversation's, and where that has none that is offered, the engine's default. */
  readonly model: string | null;
  readonly expectedLastSeq: number | null;
  readonly replaceFromSeq: number | null;
}

/** How a turn came to be: `started` is this call's to generate; `joined` runs or has ended already [TURN-3]. */
export interface BegunTurn {
  readonly kind: "started" | "joined";
  readonly conversationId: ConversationId;
  readonly replyId: ReplyId;
  readonly userMessage: Message;
  readonly model: string;
  readonly title: string;
  /** Live messages up to and with the user message, oldest first: what the model is asked with. Empty when joined. */
  readonly history: readonly Message[];
  /** How many live messages stand before those of the history. */
  readonly olderCount: number;
  /** What the model is told before the history; null where there is nothing, and when joined. */
  readonly instructions: string | null;
}

/** How generation ended; the engine turns it into the stored message and the closing event. */
export type ReplyEnding =
  | { readonly kind: "complete"; readonly stopReason?: string; readonly usage?: MessageUsage | null }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: MessageError; readonly retryable: boolean }
  | { readonly kind: "interrupted" };

/** A running reply in the hands of whoever generates it. */
export interface ReplyWriter {
  readonly replyId: ReplyId;
  /** Aborts when the reply was stopped, its conversation deleted, or the engine closes: ask the model for no more [TURN-5, TURN-8]. */
  readonly signal: AbortSignal;
  /** Adds text: viewers have it at once, the journal within a second. Ignored after the end. */
  write(text: string): void;
  /** Adds what the model thinks, which is kept and shown apart from the text [MODEL-5]. */
  think(thoughts: string): void;
  /** All text so far was thoughts, as it turns out. */
  takeBackText(): void;
  /**
   * Ends the turn in one transaction; resolves once it is durable, which waits for a database that is away. The first call counts,
   * later ones wait for it. Where the reply was ended elsewhere, that end stands. Rejects only where the engine closes or has lost its storage.
   */
  end(ending: ReplyEnding): Promise<void>;
}

/** A message that comes whole, outside of a turn. */
export interface AppendedMessage extends Readonly<Pick<Message, "role" | "content">> {
  /** Chosen by the caller where a repeat must not append twice. */
  readonly id?: MessageId;
  /** `complete` where it is left out. */
  readonly status?: Message["status"];
  readonly model?: string;
}

/** A version with the message that it stood behind; 0 at the beginning, and one that was replaced too may be meant. */
export interface PlacedVersion extends MessageVersion {
  readonly after_seq: number;
}

/** A page of them; as in a `VersionList`, the last one may go on in the next page. */
export interface PlacedVersions extends Pick<VersionList, "next_cursor"> {
  readonly versions: readonly PlacedVersion[];
}

export interface Engine extends EnginePresets {
  readonly epoch: string;
  /** The account of that id, made if it is not there yet. Doesn't tick the clock. */
  ensureAccount(account: Account): Promise<Account>;
  account(accountId: AccountId): Promise<Account | null>;
  /** Changes name or preferences; choosing scope `account` first marks everything read [DEV-3]. */
  updateAccount(
    accountId: AccountId,
    change: { readonly name?: string; readonly unreadScope?: UnreadScope },
  ): Promise<Account>;

  /** Erases the account with all that it has; what it is told of meanwhile, and afterwards, is nothing. */
  eraseAccount(accountId: AccountId): Promise<void>;

  /**
   * The answer's JSON where nothing changed and nobody waits: most of what is ever asked, without SQL or a promise. Null where it
   * takes more to tell: ask `sync`.
   */
  idleAnswer(accountId: AccountId, question: SyncQuery): string | null;

  /** The one question. Holds up to `waitS` where there is nothing to say; `signal` abandons the hold and frees everything [WAIT-1, WAIT-2]. */
  sync(accountId: AccountId, question: SyncQuery, signal?: AbortSignal): Promise<Outcome<WrittenSync>>;

  list(
    accountId: AccountId,
    page: { readonly limit: number; readonly cursor: string | null; readonly archived: boolean },
  ): Promise<Outcome<Dated<ConversationList>>>;
  /** Live ones, archived too, in id order, which no change disturbs: for exports. `nextAfterId` null: there are no more. */
  listById(
    accountId: AccountId,
    page: { readonly afterId: string; readonly limit: number },
  ): Promise<{ readonly conversations: readonly ConversationSummary[]; readonly nextAfterId: string | null }>;
  /** How many there are, the trash included; no more than `atMost` are counted. */
  countConversations(accountId: AccountId, atMost: number): Promise<number>;
  /** One without its messages, and as it is by itself: for exports. */
  standing(accountId: AccountId, id: ConversationId): Promise<Outcome<StandingConversation>>;
  create(
    accountId: AccountId,
    input: CreateConversation,
  ): Promise<Outcome<{ readonly created: boolean; readonly conversation: Dated<ConversationSummary> }>>;
  open(accountId: AccountId, id: ConversationId, messageLimit: number): Promise<Outcome<Dated<ConversationDetail>>>;
  messages(
    accountId: AccountId,
    id: ConversationId,
    page: {
      readonly before: number | null;
      readonly after: number | null;
      /** A page with the message of this seq in its middle; `before` and `after` are null then. */
      readonly around?: number | null;
      readonly limit: number;
    },
  ): Promise<Outcome<Dated<MessagePage>>>;
  patch(
    accountId: AccountId,
    id: ConversationId,
    change: PatchConversation,
  ): Promise<Outcome<Dated<ConversationSummary>>>;
  trash(accountId: AccountId, id: ConversationId): Promise<Outcome<Dated<Deleted>>>;
  /** Erases at once, from the list or from the trash; the tombstone stays until the horizon. */
  erase(accountId: AccountId, id: ConversationId): Promise<Outcome<Dated<Deleted>>>;
  restore(accountId: AccountId, id: ConversationId): Promise<Outcome<Dated<ConversationSummary>>>;
  trashList(
    accountId: AccountId,
    page: { readonly limit: number; readonly cursor: string | null },
  ): Promise<Outcome<Dated<TrashList>>>;
  /** The newest messages of one that is in the trash, or those before a seq: a look at what would come back. */
  trashMessages(
    accountId: AccountId,
    id: ConversationId,
    page: { readonly before: number | null; readonly limit: number },
  ): Promise<Outcome<Dated<MessagePage>>>;
  /** Erases all that is in the trash when it is asked; what is restored or deleted meanwhile stays [TICK-1]. */
  emptyTrash(accountId: AccountId): Promise<Outcome<Dated<Deleted>>>;
  markRead(accountId: AccountId, id: ConversationId, position: MarkRead): Promise<Outcome<Dated<ConversationSummary>>>;
  /** Does the same to many, in one transaction: to each what the call on one does [CLOCK-1, TICK-1]. */
  act(
    accountId: AccountId,
    actions: { readonly action: ConversationAction; readonly ids: readonly ConversationId[] },
  ): Promise<Outcome<Dated<ActionsAnswer>>>;
  /** Reads all that is unread, some conversations in each transaction; tells of the first of them, and whether there were more [SAFE-2]. */
  readAll(accountId: AccountId): Promise<Outcome<Dated<ActionsAnswer>>>;
  /** Appends a message outside of a turn, exactly once by its id; for programs that mount the engine [MSG-1, MSG-2]. */
  append(
    accountId: AccountId,
    id: ConversationId,
    message: AppendedMessage,
  ): Promise<Outcome<{ readonly message: Message; readonly conversation: ConversationSummary }>>;
  unreadAfter(accountId: AccountId, id: ConversationId, afterSeq: number): Promise<Outcome<Dated<UnreadCount>>>;
  /** What once stood where the live message `seq` stands, oldest first, a page at a time [MSG-5, SAFE-2]. */
  versions(
    accountId: AccountId,
    id: ConversationId,
    place: { readonly seq: number; readonly cursor: string | null },
  ): Promise<Outcome<Dated<VersionList>>>;
  /** Every version of a conversation, place by place, with the seq of the message that it stood behind: for exports. */
  allVersions(accountId: AccountId, id: ConversationId, cursor: string | null): Promise<Outcome<PlacedVersions>>;
  /** Brings a version back as new messages; what stood in its place becomes a version. Returns what is new [MSG-5]. */
  restoreVersion(
    accountId: AccountId,
    id: ConversationId,
    version: { readonly versionId: VersionId; readonly expectedLastSeq: number },
  ): Promise<Outcome<Dated<MessagePage>>>;
  search(
    accountId: AccountId,
    page: { readonly query: string; readonly limit: number; readonly cursor: string | null },
  ): Promise<Outcome<Dated<SearchAnswer>>>;

  /** Commits the user message and opens the reply, or joins the turn that the same `clientMessageId` began [TURN-1, TURN-3]. */
  beginTurn(accountId: AccountId, turn: BeginTurn): Promise<Outcome<BegunTurn>>;
  /** The writer of a reply that this engine's `beginTurn` started; null for any other. */
  replyWriter(accountId: AccountId, replyId: ReplyId): ReplyWriter | null;
  /**
   * The reply's events after `after`, then live ones, up to the one that ends it, which comes whatever `after` is [TURN-4]. Nothing is
   * buffered for a viewer: it holds its place, so it may be as slow as it likes. Stops early when `signal` aborts.
   */
  viewReply(
    accountId: AccountId,
    conversationId: ConversationId,
    replyId: ReplyId,
    after: number,
    signal: AbortSignal,
  ): Promise<Outcome<AsyncIterable<TurnEvent>>>;
  /** Ends a running reply from anywhere, keeping its text; `ended` where it had ended already [TURN-5]. */
  stopReply(
    accountId: AccountId,
    conversationId: ConversationId,
    replyId: ReplyId,
  ): Promise<Outcome<"stopped" | "ended">>;
  /** The reply that runs in a conversation; null where none does [MSG-4]. */
  activeReply(accountId: AccountId, conversationId: ConversationId): Promise<ActiveReply | null>;
  /** Sets a title that was made for the conversation, unless a person has named it meanwhile. */
  setGeneratedTitle(accountId: AccountId, id: ConversationId, title: string): Promise<Outcome<ConversationSummary>>;

  /** Adds conversations that are not there yet, and to those that are there what is new, in one transaction. */
  importConversations(accountId: AccountId, conversations: readonly ImportedConversation[]): Promise<Imported>;

  /** Erases what has been in the trash too long, tombstones past the horizon and journals and versions past their keep. Ticks no clock [TICK-1]. */
  sweep(): Promise<void>;
  /** Makes a new epoch: history may have been rewound [EPOCH-1]. */
  renewEpoch(): Promise<string>;
  /**
   * A program begins to answer on this database. A device that then shows a clock between the last tick and this start has seen what
   * is gone: history was rewound, however that was done, and a new epoch tells every device [EPOCH-1].
   */
  noteStart(): Promise<void>;
  /** How many requests are held and replies run, for metrics. */
  statistics(): { readonly heldRequests: number; readonly runningReplies: number };
  /** Whether the database answers, and can still be written to. */
  isReady(): Promise<boolean>;
  /** Answers held requests and takes no new ones; then `close` waits for what was begun. */
  beginStop(): void;
  close(): Promise<void>;
}
