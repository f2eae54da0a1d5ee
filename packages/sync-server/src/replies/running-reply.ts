/** A reply that this process generates. */
import type { AccountId, ConversationId, ReplyId, StartEvent } from "@instep/protocol";
import { ReplyFeed } from "./reply-feed.ts";

/** Whose reply, and of which conversation; a reply of another one is not found by it. */
export interface ReplyKey {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly replyId: ReplyId;
}

export class RunningReply implements ReplyKey {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly replyId: ReplyId;
  readonly feed: ReplyFeed;
  readonly #abort = new AbortController();
  #ending: Promise<void> | null = null;

  constructor(key: ReplyKey, start: StartEvent) {
    this.accountId = key.accountId;
    this.conversationId = key.conversationId;
    this.replyId = key.replyId;
    this.feed = new ReplyFeed(key.replyId, start);
  }

  /** Aborts where nobody wants more of the model. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether its end is being written or stands: nothing else may be added. */
  get isEnding(): boolean {
    return this.#ending !== null;
  }

  /** Asks the model for no more. */
  abort(): void {
    this.#abort.abort();
  }

  /** Ends it the first way that is asked for; every caller waits for that one. */
  endOnce(end: () => Promise<void>): Promise<void> {
    this.feed.close();
    if (this.#ending === null) {
      this.#ending = end();
      // An end that fails is told to whoever waits for it; often nobody does.
      void Promise.allSettled([this.#ending]);
    }
    return this.#ending;
  }
}
