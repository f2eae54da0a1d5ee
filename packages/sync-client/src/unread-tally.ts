/** How many conversations are unread in this browser, in the list and in the archive: the same in every tab. */
import type { ConversationItem } from "./conversation-item.ts";

export class UnreadTally {
  readonly #listed = new Set<string>();
  readonly #archived = new Set<string>();

  /** How many of those that the list shows. */
  get listed(): number {
    return this.#listed.size;
  }

  /** How many of those that are archived. */
  get archived(): number {
    return this.#archived.size;
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
