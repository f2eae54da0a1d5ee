/** The list in its order, kept by binary search: a change moves one entry, and a snapshot is made only when asked for. */
import type { ConversationId } from "@instep/protocol";

/** What decides the place in the list. */
export interface Sortable {
  readonly id: ConversationId;
  readonly pinned: boolean;
  readonly updated_at: string;
}

/** Pinned first, then newest `updated_at`, then id. */
export function compareConversations(one: Sortable, other: Sortable): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  if (one.updated_at !== other.updated_at) return one.updated_at > other.updated_at ? -1 : 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

export class SortedList {
  #items: Sortable[] = [];
  /** The ids beside the items: copying one array of strings is all that a snapshot costs. */
  #ids: ConversationId[] = [];
  #snapshot: readonly ConversationId[] | null = null;

  /** The ids in order; the same array until ids, or what decides a place, change. */
  ids(): readonly ConversationId[] {
    return (this.#snapshot ??= this.#ids.slice());
  }

  /** Puts `next` where `previous` was, or where it sorts. Returns whether ids, or what decides its place, changed. */
  replace(previous: Sortable | undefined, next: Sortable | undefined): boolean {
    if (!previous && !next) return false;
    const from = previous ? this.#indexOf(previous) : -1;
    if (previous && next && compareConversations(previous, next) === 0) {
      this.#items[from] = next;
      return false;
    }
    if (previous) this.#splice(from, 1);
    if (next) this.#splice(this.#indexOf(next), 0, next);
    this.#snapshot = null;
    return true;
  }

  /** Everything anew: for changes so many that moving each would cost more than sorting all. */
  rebuild(items: Sortable[]): void {
    this.#items = items.sort(compareConversations);
    this.#ids = this.#items.map(({ id }) => id);
    this.#snapshot = null;
  }

  #splice(at: number, removed: number, ...added: Sortable[]): void {
    this.#items.splice(at, removed, ...added);
    this.#ids.splice(at, removed, ...added.map(({ id }) => id));
  }

  #indexOf(item: Sortable): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#items[middle];
      if (candidate && compareConversations(candidate, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
