/** The port to the server: one method a call, outcomes as values, nothing thrown. */
import type {
  Actions,
  ActionsAnswer,
  AsOf,
  Config,
  ConversationDetail,
  ConversationId,
  ConversationList,
  ConversationSummary,
  CreateConversation,
  Deleted,
  MarkRead,
  Me,
  MessagePage,
  PatchConversation,
  PatchMe,
  ReplyId,
  SearchAnswer,
  Send,
  StopAnswer,
  SyncResponse,
  TrashList,
  TurnEvent,
  TurnResult,
  UnreadCount,
  VersionList,
} from "@instep/protocol";
import type { Result } from "../failure.ts";

/** The one question, as the device asks it (SPEC section 3). */
export interface SyncQuestion {
  /** Null asks for everything [SYNC-1]. */
  readonly since: string | null;
  readonly epoch: string | null;
  /** Whole seconds that the server may hold the request; 0 asks for an answer at once [WAIT-1]. */
  readonly waitS: number;
  readonly page: string | null;
  /** Sent only where the local state is exactly that answer's [SYNC-8]. */
  readonly etag: string | null;
}

export type SyncAnswer =
  | {
      readonly kind: "answer";
      readonly response: SyncResponse;
      readonly etag: string | null;
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: "not-modified" };

/** A reply's events in the order that they come. */
export interface EventStream {
  /** `alive` where something came that is no event; null when the connection ends, cut or not. */
  next(): Promise<TurnEvent | "alive" | null>;
  /** Lets go of the connection; the reply goes on [TURN-2]. */
  close(): void;
}

/** An answer that says as of when it is true; a server of before 1.1 doesn't [SYNC-11]. */
export type Told<T> = T & Partial<AsOf>;

/** The server. A signal abandons its call, which gives `aborted`. */
export interface Transport {
  sync(question: SyncQuestion, signal: AbortSignal): Promise<Result<SyncAnswer>>;
  config(): Promise<Result<Config>>;
  me(): Promise<Result<Me>>;
  patchMe(change: PatchMe): Promise<Result<Me>>;
  list(page: { readonly cursor: string | null; readonly archived: boolean }): Promise<Result<ConversationList>>;
  create(input: CreateConversation): Promise<Result<Told<ConversationSummary>>>;
  open(id: ConversationId, messageLimit: number): Promise<Result<ConversationDetail>>;
  messages(
    id: ConversationId,
    page: {
      readonly before?: string | number;
      readonly after?: string | number;
      /** A message's seq: the page has it in its middle. */
      readonly around?: number;
      readonly limit: number;
    },
  ): Promise<Result<MessagePage>>;
  patch(id: ConversationId, change: PatchConversation): Promise<Result<Told<ConversationSummary>>>;
  /** The same done to many, in one transaction. */
  act(actions: Actions): Promise<Result<Told<ActionsAnswer>>>;
  remove(id: ConversationId, permanent: boolean): Promise<Result<Deleted>>;
  restore(id: ConversationId): Promise<Result<Told<ConversationSummary>>>;
  /** A page of what once stood where the message `seq` stands, oldest first [MSG-5]. */
  versions(id: ConversationId, seq: number, cursor: string | null): Promise<Result<VersionList>>;
  restoreVersion(id: ConversationId, versionId: string, expectedLastSeq: number): Promise<Result<MessagePage>>;
  trash(cursor: string | null): Promise<Result<TrashList>>;
  /** The newest messages of one that is in the trash, or those before a cursor. */
  trashMessages(id: ConversationId, before: string | null): Promise<Result<MessagePage>>;
  emptyTrash(): Promise<Result<Deleted>>;
  markRead(id: ConversationId, position: MarkRead): Promise<Result<Told<ConversationSummary>>>;
  unreadAfter(id: ConversationId, afterSeq: number, signal: AbortSignal): Promise<Result<UnreadCount>>;
  search(query: string, cursor: string | null): Promise<Result<SearchAnswer>>;
  sendBatch(id: ConversationId, send: Send, signal: AbortSignal): Promise<Result<TurnResult>>;
  sendStream(id: ConversationId, send: Send, signal: AbortSignal): Promise<Result<EventStream>>;
  resumeStream(
    id: ConversationId,
    from: { readonly replyId: ReplyId; readonly after: number },
    signal: AbortSignal,
  ): Promise<Result<EventStream>>;
  stopReply(id: ConversationId, replyId: ReplyId): Promise<Result<StopAnswer>>;
}
