/** What a talker did, and what it was told of that. */
import type { Message, TurnEvent } from "@instep/protocol";

/** A token as its first viewer saw it. */
export interface SeenToken {
  readonly text: string;
  readonly at: number;
  readonly life: number;
}

export type ReplyEnd = Extract<TurnEvent, { event: "done" | "error" }>;

/** What a send asks for. */
export interface AskedSend {
  readonly clientMessageId: string;
  /** Null asks a reply again. */
  readonly text: string | null;
  /** From where on it replaces what stands; null replaces nothing. */
  readonly fromSeq: number | null;
  /** The user message that it is about: its own, or the one that stands. */
  readonly question: { readonly clientMessageId: string; readonly text: string };
}

/** One send, however often it was tried. */
export interface Turn extends AskedSend {
  readonly kind: "turn";
  readonly conversation: Conversation;
  readonly tokens: Map<number, SeenToken>;
  attempts: number;
  /** When it was tried last. */
  triedAt: number;
  /** The first life in which the reply was seen. */
  firstLife: number;
  userMessage: Message | null;
  replyId: string | null;
  end: ReplyEnd["data"] | null;
  isStopAcknowledged: boolean;
}

/** A version that was brought back: the one at `index` of those that were kept behind a message. */
export interface Restoration {
  readonly kind: "restoration";
  readonly afterSeq: number;
  readonly index: number;
}

export interface Conversation {
  readonly id: string;
  /** In the order in which they were done. */
  readonly deeds: (Turn | Restoration)[];
  /** The newest title that was acknowledged; null where it was never named. */
  title: string | null;
  readSeq: number;
  state: "live" | "trashed";
  /** How often a deletion was begun. */
  deletions: number;
}
