/** Conversations that syncs leave alone; whoever holds one lets go of it without ending another's hold [DEV-4, MSG-5]. */

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

  /** Those that anybody holds. */
  get all(): ReadonlySet<string> {
    return this.#held;
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
  }
}
