/** A store that is waited for, but never for long: what it doesn't answer in time goes on without it [DEV-14]. */
import type { Environment } from "../environment.ts";
import type { Outbox, Outgoing } from "../outbox/outbox.ts";
import type { Emptied, LocalStore } from "./local-store.ts";

/** So long a store may take; one that takes longer is left alone until it has answered. */
export const STORE_PATIENCE_MS = 3500;

export interface Patience {
  readonly environment: Pick<Environment, "setTimer" | "clearTimer">;
  /** The store has answered after all, and may know what nobody has read yet. */
  readonly onReturn: () => void;
}

/** The same store, of which every method answers in time, with nothing where it must, and none rejects. */
export function patientLocalStore(store: LocalStore, patience: Patience): LocalStore {
  const kept = new Set<string>();
  const waits = new Waits(patience, (owed) => payOutbox(store, owed, kept));
  return {
    loadList: () => waits.within(() => store.loadList(), null),
    saveList: (list) => waits.within(() => store.saveList(list), undefined),
    saveChange: (change) => waits.within(() => store.saveChange(change), false),
    saveSeen: (seen, position) => waits.within(() => store.saveSeen(seen, position), undefined),
    loadMessages: (id) => waits.within(() => store.loadMessages(id), null),
    saveMessages: (id, messages) => waits.within(() => store.saveMessages(id, messages), undefined),
    removeMessages: (ids) => waits.within(() => store.removeMessages(ids), undefined),
    loadOutbox: () => waits.within(() => loadKept(store, kept), null),
    loadOutgoing: (id) => waits.within(() => store.loadOutgoing(id), null),
    saveOutgoing: async (put, removed) => {
      const newest = waits.begin(put, removed);
      // A tab that is opened later would do again what is over.
      if (removed.length > 0) waits.tellWhileHanging(() => store.saveOutgoing([], removed));
      const isStored = await waits.within(() => saveKept(store, { put, removed }, kept), null);
      if (isStored === null) waits.owe(newest);
      else waits.forget(newest);
      return isStored ?? false;
    },
    clear: () => waits.within(() => store.clear(), undefined),
    close() {
      waits.close();
      try {
        store.close();
      } catch {
        // It is of no more use either way.
      }
    },
  };
}

/** What the outbox was not told. */
interface Owed {
  readonly put: Outbox;
  readonly removed: readonly string[];
}

type Pay = (owed: Owed) => Promise<boolean>;

/** `kept` are the ids of which it is known that the outbox has had them. */
async function loadKept(store: LocalStore, kept: Set<string>): Promise<Outbox | Emptied | null> {
  const outbox = await store.loadOutbox();
  if (outbox === "emptied") kept.clear();
  else for (const { id } of outbox ?? []) kept.add(id);
  return outbox;
}

/** Also where it answers too late to be heard. */
async function saveKept(store: LocalStore, { put, removed }: Owed, kept: Set<string>): Promise<boolean> {
  const isStored = await store.saveOutgoing(put, removed);
  if (isStored) for (const { id } of put) kept.add(id);
  for (const id of removed) kept.delete(id);
  return isStored;
}

/** What the outbox had and has no more, another tab is through with: it doesn't come back. */
async function payOutbox(store: LocalStore, { put, removed }: Owed, kept: Set<string>): Promise<boolean> {
  const outbox = await loadKept(store, kept);
  if (outbox === null) return false;
  const there = new Set(outbox === "emptied" ? [] : outbox.map(({ id }) => id));
  const left = put.filter(({ id }) => there.has(id) || !kept.has(id));
  return saveKept(store, { put: left, removed }, kept);
}

/** The state of an entry as it was told last; null where it is over. */
interface Newest {
  readonly state: Outgoing | null;
}

type NewestById = ReadonlyMap<string, Newest | undefined>;

class Waits {
  readonly #patience: Patience;
  readonly #pay: Pay;
  readonly #ends = new Set<() => void>();
  /** What the outbox should hold, and was not told: null where it should hold nothing of that id. */
  #owed = new Map<string, Outgoing | null>();
  readonly #newest = new Map<string, Newest>();
  #overdue = 0;
  #isClosed = false;

  constructor(patience: Patience, pay: Pay) {
    this.#patience = patience;
    this.#pay = pay;
  }

  within<T>(call: () => Promise<T>, otherwise: T): Promise<T> {
    if (this.#overdue > 0 || this.#isClosed) return Promise.resolve(otherwise);
    const { environment } = this.#patience;
    return new Promise((resolve) => {
      let isLate = false;
      const giveUp = (): void => {
        environment.clearTimer(timer);
        resolve(otherwise);
      };
      const end = (result: T): void => {
        environment.clearTimer(timer);
        this.#ends.delete(giveUp);
        resolve(result);
        if (isLate) void this.#returned();
      };
      const late = (): void => {
        isLate = true;
        this.#overdue++;
        giveUp();
      };
      // In two halves: after a freeze a timer fires before the answer that has long been there is heard.
      let timer = environment.setTimer(() => {
        timer = environment.setTimer(late, STORE_PATIENCE_MS / 2);
      }, STORE_PATIENCE_MS / 2);
      this.#ends.add(giveUp);
      // At once, since the page may end any moment; a store may also throw before it has a promise to reject.
      new Promise<T>((answer) => answer(call())).then(end, () => end(otherwise));
    });
  }

  /** It may hear what it doesn't answer; where it hangs, it is told this all the same. */
  tellWhileHanging(call: () => Promise<unknown>): void {
    if (this.#overdue > 0) new Promise((answer) => answer(call())).catch(() => undefined);
  }

  /** The outbox is told something; until it has heard it, this is the newest state of these entries. */
  begin(put: Outbox, removed: readonly string[]): NewestById {
    const states = new Map<string, Outgoing | null>(put.map((entry) => [entry.id, entry]));
    for (const id of removed) states.set(id, null);
    for (const [id, state] of states) this.#newest.set(id, { state });
    return new Map([...states.keys()].map((id) => [id, this.#newest.get(id)]));
  }

  /** It wasn't heard. What was told later stands, also where that was given up sooner. */
  owe(unheard: NewestById): void {
    for (const [id, newest] of unheard) if (newest && this.#newest.get(id) === newest) this.#owed.set(id, newest.state);
  }

  /** It was heard. */
  forget(heard: NewestById): void {
    for (const [id, newest] of heard) {
      if (this.#newest.get(id) !== newest) continue;
      this.#newest.delete(id);
      this.#owed.delete(id);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  /** It is relied on again once it has been told what it missed. */
  async #returned(): Promise<void> {
    this.#overdue--;
    if (this.#overdue > 0 || this.#isClosed) return;
    const owed = [...this.#owed];
    this.#owed = new Map();
    const put = owed.map(([, entry]) => entry).filter((entry) => entry !== null);
    const removed = owed.filter(([, entry]) => entry === null).map(([id]) => id);
    const isPaid = owed.length === 0 || (await this.within(() => this.#pay({ put, removed }), false));
    if (isPaid) this.#patience.onReturn();
    else for (const [id, entry] of owed) if (!this.#owed.has(id)) this.#owed.set(id, entry);
  }
}
