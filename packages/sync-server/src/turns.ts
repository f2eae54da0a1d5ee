/** Turns: what the engine can be asked of a message and the reply to it. */
import type {
  AccountId,
  ActiveReply,
  ClientMessageId,
  ConversationId,
  Message,
  MessageError,
  MessageUsage,
  ReplyId,
  TurnEvent,
} from "@instep/protocol";
import type { Outcome } from "./refusal.ts";

/** What a turn begins with. */
export interface BeginTurn {
  readonly conversationId: ConversationId;
  /** Null where a reply is asked again without a new message (`replaceFromSeq` names the reply) [MSG-3]. */
  readonly text: string | null;
  /** The same one joins the turn that it began, however often it comes [TURN-3]. */
  readonly clientMessageId: ClientMessageId;
  /** The model that was asked for; null means the conversation's, and where that has none that is offered, the engine's default. */
  readonly model: string | null;
  /** The last `seq` that the sender knew of: where there are later ones, the turn is refused. Null: whatever is there. */
  readonly expectedLastSeq: number | null;
  /** Takes the place of the live messages from this `seq` on; null: comes behind them [MSG-3]. */
  readonly replaceFromSeq: number | null;
}

interface StandingTurn {
  readonly conversationId: ConversationId;
  readonly replyId: ReplyId;
  readonly userMessage: Message;
  readonly model: string;
  readonly title: string;
}

/** A turn that is this call's to generate. */
export interface StartedTurn extends StandingTurn {
  readonly kind: "started";
  /** Live messages up to and with the user message, oldest first: what the model is asked with. */
  readonly history: readonly Message[];
  /** How many live messages stand before those of the history; other replies to the question stand behind it, and are none of them. */
  readonly olderCount: number;
  /** What the model is told before the history; null where there is nothing. */
  readonly instructions: string | null;
}

/** One that another call began: it runs or has ended already [TURN-3]. */
export interface JoinedTurn extends StandingTurn {
  readonly kind: "joined";
}

/** How a turn came to be. */
export type BegunTurn = StartedTurn | JoinedTurn;

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

export interface EngineTurns {
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
    from: { readonly conversationId: ConversationId; readonly replyId: ReplyId; readonly after: number },
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
}
