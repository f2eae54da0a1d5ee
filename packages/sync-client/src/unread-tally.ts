/** How many conversations are unread in this browser, in the list and in the archive: the same in every tab. */
import type { ConversationItem } from "./conversation-item.ts";

export class UnreadTally {
  readonly #listed = new Set<string>();
  readonly #archived = new Set<string>();
  /** Up to which number other tabs of this browser have seen it, by conversation. */
  readonly #seenElsewhere = new Map<string, number>();

  /** How many of those that the list shows. */
  get listed(): number {
    return this.#listed.size;
  }

  /** How many of those that are archived. */
  get archived(): number {
    return this.#archived.size;
  }

  /** Another tab has seen it up to a number; never less than before. */
  seeElsewhere(id: string, seq: number): void {
    this.#seenElsewhere.set(id, Math.max(seq, this.seenElsewhere(id)));
  }

  /** History was rewound: no higher than there are numbers in the one that stands now [EPOCH-1]. */
  rewound(lastSeqOf: (id: string) => number): void {
    for (const [id, seq] of this.#seenElsewhere) this.#seenElsewhere.set(id, Math.min(seq, lastSeqOf(id)));
  }

  /** The number up to which other tabs have seen it; 0 where none has told. */
  seenElsewhere(id: string): number {
    return this.#seenElsewhere.get(id) ?? 0;
  }

  /** Counts a conversation as it is now; undefined where it is no more. Returns whether a count may have changed. */
  count(id: string, item: ConversationItem | undefined): boolean {
    const before = [this.#listed.size, this.#archived.size];
    this.#listed.delete(id);
    this.#archived.delete(id);
    if (item?.isUnread) (item.archived ? this.#archived : this.#listed).add(id);
    return before[0] !== this.#listed.size || before[1] !== this.#archived.size;
  }
}
