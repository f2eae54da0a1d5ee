/** What of the outbox is in the store, as far as this tab knows: what was there and is no more went out from another tab. */
import { isOutgoing } from "./is-outgoing.ts";
import type { LocalStore } from "../local-store/local-store.ts";
import type { Outbox, Outgoing } from "./outbox.ts";

export class StoredOutbox {
  readonly #localStore: LocalStore;
  /** Entries that this tab wrote, or sent last: it needs no store to know them, and what they leave is no news here. */
  readonly #own = new Set<string>();
  readonly #stored = new Set<string>();
  /** Entries that were there before the store could not be read, and may be still. */
  readonly #doubted = new Set<string>();

  /** Entries that are over, and may be there still: the store of the tab that is through with them hangs, or failed just then. */
  readonly #over = new Set<string>();

  constructor(localStore: LocalStore) {
    this.#localStore = localStore;
  }

  isOwn = (id: string): boolean => this.#own.has(id);
  isStored = (id: string): boolean => this.#stored.has(id);

  /** These are written in this tab, or go out from it. */
  own(entries: Outbox): void {
    for (const { id } of entries) this.#own.add(id);
  }

  /** These went out from another tab. */
  disown(entries: Outbox): void {
    for (const { id } of entries) this.#own.delete(id);
  }

  /** All that is there and not over, but for what another version has left; null where the store can't be read. */
  async load(): Promise<Outbox | null> {
    const overBefore = [...this.#over];
    const stored = await this.#localStore.loadOutbox();
    if (stored === null) {
      this.#doubt();
      return null;
    }
    const left = stored.filter(isOutgoing);
    const understood = left.filter(({ id }) => !this.#over.has(id));
    for (const id of overBefore) if (left.every((entry) => entry.id !== id)) this.#over.delete(id);
    // What could not be taken out then is taken out now.
    const over = left.filter((entry) => !understood.includes(entry)).map(({ id }) => id);
    if (over.length > 0) void this.save([], over);
    for (const { id } of understood) this.#stored.add(id);
    return understood;
  }

  /** It is over, whatever the store says. */
  end(id: string): void {
    this.#over.add(id);
  }

  /** Nothing of what was in doubt is any more. */
  trust(): void {
    this.#doubted.clear();
  }

  /** The store hung, and has what it had: what is in it no more has gone out from another tab, unheard. */
  believe(): void {
    for (const id of this.#doubted) this.#stored.add(id);
  }

  /** An entry as it is stored, undefined where it never was; null: another tab has sent it, and was not heard yet. */
  async find(id: string): Promise<Outgoing | undefined | null> {
    if (this.#over.has(id)) return null;
    const stored = await this.#localStore.loadOutgoing(id);
    // Where nobody knows, everything goes from here: a send that arrives twice is one [TURN-3].
    if (stored === null) this.#doubt();
    return stored ?? (this.#stored.has(id) ? null : undefined);
  }

  /** Resolves with whether it is stored. */
  async save(put: Outbox, removed: readonly string[]): Promise<boolean> {
    const isStored = await this.#localStore.saveOutgoing(put, removed);
    if (isStored) for (const { id } of put) this.#stored.add(id);
    for (const id of removed) {
      // It may be there still.
      if (!isStored) this.end(id);
      this.#own.delete(id);
      this.#stored.delete(id);
      this.#doubted.delete(id);
    }
    return isStored;
  }

  #doubt(): void {
    for (const id of this.#stored) this.#doubted.add(id);
    this.#stored.clear();
  }
}
