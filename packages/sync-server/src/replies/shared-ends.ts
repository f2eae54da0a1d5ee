/** The ends of replies that are being read: one copy for all their readers, however many there are and however slow [SAFE-2]. */
import type { ReplyId } from "@instep/protocol";
import { packEnd } from "./reply-end.ts";
import type { EndEvent } from "./reply-feed.ts";

export class SharedEnds {
  readonly #ends = new Map<ReplyId, WeakRef<EndEvent>>();
  readonly #gone = new FinalizationRegistry<ReplyId>((replyId) => {
    if (this.#ends.get(replyId)?.deref() === undefined) this.#ends.delete(replyId);
  });

  /** The same end where a reader has it already; what was changed since is another one. */
  share(replyId: ReplyId, end: EndEvent): EndEvent {
    const known = this.#ends.get(replyId)?.deref();
    if (known && isSame(known, end)) return known;
    this.#ends.set(replyId, new WeakRef(end));
    this.#gone.register(end, replyId);
    return end;
  }
}

function isSame(one: EndEvent, other: EndEvent): boolean {
  const [message, otherMessage] = [one.data.message, other.data.message];
  const isSameText = message?.content === otherMessage?.content && message?.thoughts === otherMessage?.thoughts;
  return one.id === other.id && isSameText && packEnd(one) === packEnd(other);
}
