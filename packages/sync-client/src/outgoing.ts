/** What waits to be sent, kept in the store and sent one by one: the edge of `outbox.ts`. */
import { Backoff } from "./backoff.ts";
import type { Environment, Timer } from "./environment.ts";
import type { OutboxReader, StuckSend } from "./device.ts";
import type { Failure } from "./failure.ts";
import { Listeners } from "./listeners.ts";
import type { LocalStore } from "./local-store/local-store.ts";
import {
  afterRestart,
  enqueue,
  isFree,
  isSend,
  lockOf,
  type NewOutgoing,
  nextOrder,
  nextToGo,
  type Outbox,
  type Outgoing,
  type OutgoingSend,
  sendsOf,
  stuckIn,
  update,
  withFindings,
} from "./outbox.ts";
import type { Tabs } from "./tabs/tabs.ts";

export interface OutgoingPorts {
  readonly environment: Environment;
  readonly localStore: LocalStore;
  readonly tabs: Tabs;
}

/** What reading the store has found. */
export interface Found {
  /** What went out from another tab. */
  readonly gone: Outbox;
  /** Those of it that were written in this one. */
  readonly takenOver: readonly OutgoingSend[];
}

const MAX_CHANGES_AT_ONCE = 4;
/** How soon to look again at what another tab is sending, or what a reply keeps waiting. */
const REST_MS = 5000;

/** Keeps the outbox and sets what may go on its way. */
export class OutgoingBox implements OutboxReader {
  readonly #ports: OutgoingPorts;
  readonly #going = new Set<string>();
  /** Entries of this tab, which needs no store to know them. */
  readonly #own = new Set<string>();
  /** Entries that are in the store, as far as is known: gone from there, they went out from another tab. */
  readonly #stored = new Set<string>();
  /** Entries that were there before the store could not be read, and may be still. */
  readonly #doubted = new Set<string>();
  /** Entries that are left alone for now: another tab is sending them, or a reply runs in their conversation. */
  readonly #resting = new Map<string, Timer>();
  readonly #listeners = new Listeners();
  /** Sends one entry; resolves with why it has to wait, or null. Set before anything goes. */
  run: (entry: Outgoing) => Promise<Failure | null> = async () => null;
  /** Called where the store may know more than this tab has heard: another one sent something, or should have by now. */
  onStale: () => void = () => {};
  /** Called with sends of this tab that another one has taken over, before they leave the outbox. */
  onTakenOver: (sends: readonly OutgoingSend[]) => void = () => {};
  /** Called after every change of the outbox. */
  onChange: () => void = () => {};
  #entries: Outbox = [];
  readonly #backoff: Backoff;
  #changesGoing = 0;
  #isOpen = false;

  constructor(ports: OutgoingPorts) {
    this.#ports = ports;
    this.#backoff = new Backoff(ports.environment, () => this.go());
  }

  get entries(): Outbox {
    return this.#entries;
  }

  subscribe = (listener: () => void): (() => void) => this.#listeners.add("", listener);
  stateOf = (conversationId: string): StuckSend | null => stuckIn(this.#entries, conversationId);

  /** Takes what an earlier page, or another tab, has left. */
  async load(): Promise<Found> {
    const stored = await this.#ports.localStore.loadOutbox();
    if (stored === null) {
      this.#doubt();
      return { gone: [], takenOver: [] };
    }
    const known = new Set(this.#entries.map(({ id }) => id));
    const news = stored.filter(({ id }) => !known.has(id));
    const storedById = new Map(afterRestart(stored).map((entry) => [entry.id, entry]));
    for (const { id } of stored) this.#stored.add(id);
    // What was stored and is no more has gone out from another tab, whosever it was.
    const isHere = ({ id }: Outgoing): boolean => this.#going.has(id) || !this.#stored.has(id);
    const left = this.#entries.filter((entry) => storedById.has(entry.id) || isHere(entry));
    const gone = this.#entries.filter((entry) => !left.includes(entry));
    const takenOver = gone.filter(isSend).filter(({ id }) => this.#own.has(id));
    for (const { id } of gone) this.#own.delete(id);
    this.#doubted.clear();
    this.onTakenOver(takenOver);
    const all = [...left.map((entry) => this.#newer(entry, storedById.get(entry.id))), ...afterRestart(news)];
    // What tabs have written by turns goes in that order, whoever heard of it when.
    this.#set(all.toSorted((one, other) => one.order - other.order));
    return { gone, takenOver };
  }

  /** The store hung, and has what it had: what is in it no more has gone out from another tab, unheard. */
  believeStore(): void {
    for (const id of this.#doubted) this.#stored.add(id);
  }

  /** Starts sending. */
  open(): void {
    this.#isOpen = true;
    this.go();
  }

  close(): void {
    this.#isOpen = false;
    this.#backoff.close();
    for (const id of this.#resting.keys()) this.#wake(id);
  }

  /** Stores entries, and only then lets them go [DEV-12]. Resolves with whether they are stored: then they outlive their page. */
  async add(...added: readonly NewOutgoing[]): Promise<boolean> {
    const before = this.#entries;
    const first = nextOrder(before, this.#ports.environment.now());
    const entries = added.map((entry, index): Outgoing => ({ ...entry, order: first + index }));
    for (const { id } of entries) this.#own.add(id);
    this.#set(entries.reduce(enqueue, before));
    const replaced = before.filter((other) => !this.#entries.includes(other));
    const isStored = await this.#save(
      entries,
      replaced.map(({ id }) => id),
    );
    this.#backoff.end();
    // Before the others hear of it, so that it goes from here, where somebody waits for it.
    this.go();
    this.#ports.tabs.tell({ kind: "outbox" });
    return isStored;
  }

  /** Changes an entry, or takes it out. */
  async change(id: string, change: Partial<OutgoingSend> | null): Promise<void> {
    const isLeft = change?.state === "rejected" || change?.state === "waiting";
    if (isLeft && (await this.#stillThere(id)) === null) return this.#wentElsewhere(id);
    this.#set(update(this.#entries, id, change));
    const entry = this.#entries.find((each) => each.id === id);
    if (entry) await this.#save([entry], []);
    else await this.#save([], [id]);
    if (change === null || change.state === "rejected") this.#ports.tabs.tell({ kind: "outbox" });
  }

  /** Refused here, or failed, but another tab has sent it meanwhile: putting it back would send it again. */
  #wentElsewhere(id: string): Promise<void> {
    this.onTakenOver(this.#entries.filter(isSend).filter((send) => send.id === id && this.#own.has(id)));
    return this.change(id, null);
  }

  /** Takes a send out before it goes; null where it is on its way, from here or another tab, or gone: then it can't be had back. */
  async withdraw(id: string): Promise<OutgoingSend | null> {
    let withdrawn: OutgoingSend | null = null;
    if (this.#going.has(id)) return null;
    this.#going.add(id);
    const isHere = await this.#ports.tabs.exclusively(lockOf(id), async () => {
      const isThere = (await this.#stillThere(id)) !== null;
      const entry = this.#entries.find((each) => each.id === id);
      if (!isThere || !entry || !isSend(entry)) return;
      await this.change(id, null);
      withdrawn = entry;
    });
    this.#going.delete(id);
    if (isHere && withdrawn === null) this.onStale();
    this.go();
    return withdrawn;
  }

  /** The network is back, or somebody asks: whatever waits goes now. */
  goNow(): void {
    this.#backoff.succeeded();
    this.#backoff.end();
    for (const id of this.#resting.keys()) this.#wake(id);
    this.go();
  }

  /** No reply runs in the conversation now: what waited for that goes. */
  goIn(conversationId: string): void {
    if (this.#resting.size === 0) return;
    for (const { id } of sendsOf(this.#entries, conversationId)) this.#wake(id);
    this.go();
  }

  /** Sets on its way what may go, unless the last try asked for patience. */
  go(): void {
    if (!this.#isOpen || this.#backoff.isPausing) return;
    for (const entry of nextToGo(this.#entries)) {
      const isTaken = this.#going.has(entry.id) || this.#resting.has(entry.id);
      // Everything marked as read at once must not become a thousand requests at once; a turn waits for nobody.
      const hasRoom = isFree(entry) || this.#changesGoing < MAX_CHANGES_AT_ONCE;
      if (!isTaken && hasRoom) void this.#send(entry);
    }
  }

  /** What another tab made of an entry; of one's own, only that it was rejected there, and what it found out. */
  #newer(entry: Outgoing, stored: Outgoing | undefined): Outgoing {
    if (stored === undefined || this.#going.has(entry.id)) return entry;
    return this.#own.has(entry.id) && stored.state !== "rejected" ? withFindings(entry, stored) : stored;
  }

  async #send(entry: Outgoing): Promise<void> {
    this.#going.add(entry.id);
    const weight = isFree(entry) ? 0 : 1;
    this.#changesGoing += weight;
    const found: { isGone?: boolean; waiting?: Failure | null } = {};
    const isHere = await this.#ports.tabs.exclusively(lockOf(entry.id), async () => {
      const stored = await this.#stillThere(entry.id);
      found.isGone = stored === null;
      if (stored !== null) found.waiting = await this.run(withFindings(entry, stored));
    });
    this.#going.delete(entry.id);
    this.#changesGoing -= weight;
    if (found.isGone) this.onStale();
    else if (!isHere || found.waiting?.failed === "reply_running") this.#rest(entry.id);
    else if (found.waiting) this.#backoff.failed(found.waiting);
    else {
      this.#backoff.succeeded();
      this.go();
    }
  }

  /** An entry as it is stored, undefined where it never was; null: another tab has sent it, and was not heard yet. */
  async #stillThere(id: string): Promise<Outgoing | undefined | null> {
    const stored = await this.#ports.localStore.loadOutgoing(id);
    // Where nobody knows, everything goes from here: a send that arrives twice is one [TURN-3].
    if (stored === null) this.#doubt();
    return stored ?? (this.#stored.has(id) ? null : undefined);
  }

  #doubt(): void {
    for (const id of this.#stored) this.#doubted.add(id);
    this.#stored.clear();
  }

  async #save(put: Outbox, removed: readonly string[]): Promise<boolean> {
    const isStored = await this.#ports.localStore.saveOutgoing(put, removed);
    if (isStored) for (const { id } of put) this.#stored.add(id);
    for (const id of removed) {
      this.#own.delete(id);
      this.#stored.delete(id);
      this.#doubted.delete(id);
    }
    return isStored;
  }

  /** Looks again later: that tab may be closed before it is through, and nothing may tell of the reply's end. */
  #rest(id: string): void {
    if (!this.#isOpen) return;
    const { environment } = this.#ports;
    const look = (): void => {
      this.#resting.delete(id);
      this.onStale();
    };
    this.#resting.set(id, environment.setTimer(look, REST_MS));
  }

  #wake(id: string): void {
    this.#ports.environment.clearTimer(this.#resting.get(id));
    this.#resting.delete(id);
  }

  #set(entries: Outbox): void {
    this.#entries = entries;
    this.onChange();
    this.#listeners.notify("");
  }
}
