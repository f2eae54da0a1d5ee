/** Conversations that show nothing of what comes; whoever holds one lets go of it without ending another's hold [DEV-4, MSG-5]. */
import type { CompleteRow } from "@instep/protocol";
import type { KnownConversation } from "./apply-sync.ts";
import { withoutNews } from "./unread.ts";

const HOLDERS = ["turn", "unsure", "taken-over", "version"] as const;

/**
 * Why a conversation is left alone: a turn of this tab's own, or one that it follows; a send that may have arrived, though nobody
 * knows; a send that another tab has taken over, until what it left is known; a version that is being brought back.
 */
export type Holder = (typeof HOLDERS)[number];

export class Holds {
  readonly #held = new Set<string>();
  readonly #by: Readonly<Record<Holder, Set<string>>> = {
    turn: new Set(),
    unsure: new Set(),
    "taken-over": new Set(),
    version: new Set(),
  };
  /** The rows that those which are held show, whatever has come since, and be it that they were deleted and brought back. */
  readonly #rows = new Map<string, CompleteRow>();

  /** Those that anybody holds. */
  get all(): ReadonlySet<string> {
    return this.#held;
  }

  /** The rows that those show whose row was known. */
  get rows(): ReadonlyMap<string, CompleteRow> {
    return this.#rows;
  }

  /** Those that this one holds. */
  by(holder: Holder): ReadonlySet<string> {
    return this.#by[holder];
  }

  set(id: string, by: Holder, on: boolean): void {
    if (on) this.#by[by].add(id);
    else this.#by[by].delete(id);
    if (HOLDERS.some((holder) => this.#by[holder].has(id))) this.#held.add(id);
    else this.#held.delete(id);
    if (!this.#held.has(id)) this.#rows.delete(id);
  }

  /** Where it is held, it shows this until something else is to be shown, unless it shows something. */
  begin(id: string, row: CompleteRow): void {
    if (this.#held.has(id) && !this.#rows.has(id)) this.#rows.set(id, row);
  }

  /** Where it is held, it shows this from here on. */
  show(id: string, row: CompleteRow): void {
    if (this.#rows.has(id)) this.#rows.set(id, row);
  }

  /** They all show what is known of them, and no news, whatever they showed. */
  showLatest(entries: ReadonlyMap<string, KnownConversation>): void {
    for (const id of this.#rows.keys()) {
      const entry = entries.get(id);
      if (entry) this.#rows.set(id, withoutNews(entry.row, entry.baseline));
    }
  }
}
