/** Conversations that syncs leave alone; whoever holds one lets go of it without ending another's hold [DEV-4, MSG-5]. */

/** A turn of this tab's own, or a version that is being brought back; a turn may begin meanwhile, and outlast it. */
export type Holder = "turn" | "version";

export class Holds {
  readonly #held = new Set<string>();
  readonly #by = { turn: new Set<string>(), version: new Set<string>() };

  /** Those that anybody holds. */
  get all(): ReadonlySet<string> {
    return this.#held;
  }

  set(id: string, by: Holder, on: boolean): void {
    if (on) this.#by[by].add(id);
    else this.#by[by].delete(id);
    if (this.#by.turn.has(id) || this.#by.version.has(id)) this.#held.add(id);
    else this.#held.delete(id);
  }
}
