/** What of the outbox is in the store, as far as this tab knows: what was there and is no more went out from another tab. */
import { isOutgoing } from "./is-outgoing.ts";
import type { Emptied, LocalStore } from "../local-store/local-store.ts";
import type { Outbox, Outgoing } from "./outbox.ts";

export class StoredOutbox {
  /** Entries that are over, whatever the store says: that of the tab that is through with them hangs, or failed just then. */
  readonly over = new Set<string>();
  readonly #localStore: LocalStore;
  /** Entries that this tab wrote, or sent last: it needs no store to know them, and what they leave is no news here. */
  readonly #own = new Set<string>();
  readonly #stored = new Set<string>();

  #isUnread = false;

  constructor(localStore: LocalStore) {
    this.#localStore = localStore;
  }

  /** Whether it has to be read again: it could not be when that was tried last, or what is over may be there still. */
  get isInDoubt(): boolean {
    return this.#isUnread || this.over.size > 0;
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
    const overBefore = [...this.over];
    const stored = this.#read(await this.#localStore.loadOutbox());
    this.#isUnread = stored === null;
    if (stored === null) return null;
    const left = stored.filter(isOutgoing);
    const understood = left.filter(({ id }) => !this.over.has(id));
    for (const id of overBefore) if (left.every((entry) => entry.id !== id)) this.over.delete(id);
    // What could not be taken out then is taken out now.
    const over = left.filter((entry) => !understood.includes(entry)).map(({ id }) => id);
    if (over.length > 0) void this.save([], over);
    for (const { id } of understood) this.#stored.add(id);
    return understood;
  }

  /** An entry as it is stored, undefined where it never was; null: another tab has sent it, and was not heard yet. */
  async find(id: string): Promise<Outgoing | undefined | null> {
    if (this.over.has(id)) return null;
    const stored = this.#read(await this.#localStore.loadOutgoing(id));
    // Where nobody knows, it goes from here: a send that arrives twice is one [TURN-3].
    if (stored === null) return undefined;
    return stored ?? (this.#stored.has(id) ? null : undefined);
  }

  /** Resolves with whether it is stored. */
  async save(put: Outbox, removed: readonly string[]): Promise<boolean> {
    const isStored = await this.#localStore.saveOutgoing(put, removed);
    if (isStored) for (const { id } of put) this.#stored.add(id);
    for (const id of removed) {
      // It may be there still, if it ever was.
      if (!isStored && this.isStored(id)) this.over.add(id);
      this.#own.delete(id);
      this.#stored.delete(id);
    }
    return isStored;
  }

  /** What is there no more went out from another tab, unless the browser has taken all of it. */
  #read<T>(found: T | Emptied | null): T | null {
    if (found !== "emptied") return found;
    this.#stored.clear();
    return null;
  }
}
