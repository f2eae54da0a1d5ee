/** The engine's face: what a program that mounts it can ask. No HTTP, no accounts' passwords, no models. */
import type {
  AccountId,
  ActionsAnswer,
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
  MessageId,
  MessagePage,
  MessageVersion,
  Micros,
  PatchConversation,
  ReplyId,
  SearchAnswer,
  TrashList,
  UnreadCount,
  UnreadScope,
  VersionId,
  VersionList,
} from "@instep/protocol";
import type { Imported, ImportedConversation } from "./imported.ts";
import type { EnginePresets } from "./presets.ts";
import type { PackedConversations } from "./packed-conversations.ts";
import type { Outcome } from "./refusal.ts";
import type { EngineTurns } from "./turns.ts";

export type { NamedInstructions } from "./presets.ts";
export type { Outcome, Refusal } from "./refusal.ts";
export type { Imported, ImportedConversation, ImportedMessage, ImportedVersion } from "./imported.ts";
export type { BeginTurn, BegunTurn, JoinedTurn, ReplyEnding, ReplyWriter, StartedTurn } from "./turns.ts";

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
  /** The clock that the last answer told. */
  readonly since: Micros | null;
  /** Asks for everything, whatever `since` is. */
  readonly full: boolean;
  /** The history that `since` is of; another one than the engine's is answered by everything [EPOCH-1]. */
  readonly epoch: string | null;
  /** For how many seconds it may be held where there is nothing to say; `maxWaitS` at most. 0: it is answered at once. */
  readonly waitS: number;
  /** How many rows an answer has at most. */
  readonly limit: number;
  /** The `next_page` of a full answer, which alone is enough to go on; else null [SYNC-4]. */
  readonly page: string | null;
  /** The header of the request; a full answer with that tag is told as `not-modified` [SYNC-8]. */
  readonly ifNoneMatch: string | null;
}

/** An answer to a sync question. */
export interface SyncJson {
  readonly kind: "answer";
  /** The `SyncResponse`, already written as JSON: it is built in the database and sent as it is. */
  readonly json: string;
  readonly etag: string | null;
  /** Set where a stop answered early: seconds, jittered [WAIT-2]. */
  readonly retryAfterS: number | null;
}

/** Whoever asks has the full answer with that tag already [SYNC-8]. */
export interface SyncNotModified {
  readonly kind: "not-modified";
  readonly etag: string;
}

export type WrittenSync = SyncJson | SyncNotModified;

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

/**
 * All that a program can ask of the engine. What can be refused resolves with a refusal and never throws one; what takes a database
 * that is away or busy rejects with an error whose `code` says why.
 */
export interface Engine extends EnginePresets, EngineTurns {
  /** The history that its database is in now [EPOCH-1]. */
  readonly epoch: string;
  /** The account of that id, made if it is not there yet. Doesn't tick the clock. */
  ensureAccount(account: Account): Promise<Account>;
  /** Null where there is none of that id. */
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

  /** Live ones, the pinned first, then the newest: those that are archived, or those that are not. */
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
  /** With the id that is given, once: the same again is answered with what stands, and `created` false [ID-1]. */
  create(
    accountId: AccountId,
    input: CreateConversation,
  ): Promise<Outcome<{ readonly created: boolean; readonly conversation: Dated<ConversationSummary> }>>;
  /** One with its newest messages, the reply that runs in it and its instructions. */
  open(accountId: AccountId, id: ConversationId, messageLimit: number): Promise<Outcome<Dated<ConversationDetail>>>;
  /** A page of messages, oldest first: the newest, or those before or after a seq. */
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
  /** Changes what is named; the values that stand change nothing [TICK-1]. */
  patch(
    accountId: AccountId,
    id: ConversationId,
    change: PatchConversation,
  ): Promise<Outcome<Dated<ConversationSummary>>>;
  /** Moves it to the trash, where it stays for `trashDays`; a reply that runs in it ends [TURN-8]. */
  trash(accountId: AccountId, id: ConversationId): Promise<Outcome<Dated<Deleted>>>;
  /** Erases at once, from the list or from the trash; the tombstone stays until the horizon. */
  erase(accountId: AccountId, id: ConversationId): Promise<Outcome<Dated<Deleted>>>;
  /** Back from the trash, as an ordinary change; of a live one, nothing happens. */
  restore(accountId: AccountId, id: ConversationId): Promise<Outcome<Dated<ConversationSummary>>>;
  /** What is in the trash, the last that came there first. */
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
  /** Moves the read position, forward only, or marks as unread. */
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
  /** How many live messages there are after a seq; 1,000 at most are counted. */
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
  /** Where every word of the query is found: titles first, then messages, the newest first. */
  search(
    accountId: AccountId,
    page: { readonly query: string; readonly limit: number; readonly cursor: string | null },
  ): Promise<Outcome<Dated<SearchAnswer>>>;

  /** Sets a title that was made for the conversation, unless a person has named it meanwhile, or replaced the reply that it was made of. */
  setGeneratedTitle(
    accountId: AccountId,
    id: ConversationId,
    made: { readonly title: string; readonly replyId?: ReplyId },
  ): Promise<Outcome<ConversationSummary>>;

  /** Adds conversations that are not there yet, and to those that are there what is new, in one transaction. */
  importConversations(accountId: AccountId, conversations: readonly ImportedConversation[]): Promise<Imported>;
  /** The same, where another thread has read and packed them: this one is not held up, however long they are [SAFE-2]. */
  importPacked(accountId: AccountId, conversations: PackedConversations): Promise<Imported>;

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
  /** Ends what is held, hands running replies over to the journal, and closes the storage. */
  close(): Promise<void>;
}
