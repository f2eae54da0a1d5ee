/** What waits to be sent: kept in the store, and sent one by one. The edge of `outbox.ts`. */
import type { OutboxReader, StuckSend } from "../device.ts";
import type { Environment } from "../environment.ts";
import type { Failure } from "../failure.ts";
import { brokenBy } from "../guarded.ts";
import { Listeners } from "../listeners.ts";
import type { LocalStore } from "../local-store/local-store.ts";
import {
  afterRestart,
  enqueue,
  isSend,
  type NewOutgoing,
  nextOrder,
  type Outbox,
  type Outgoing,
  sendsOf,
  stuckIn,
  update,
  withFindings,
} from "./outbox.ts";
import type { OutgoingSend } from "./outgoing-send.ts";
import { OutboxSender } from "./outbox-sender.ts";
import { StoredOutbox } from "./stored-outbox.ts";
import type { Tabs } from "../tabs/tabs.ts";

export interface OutgoingPorts {
  readonly environment: Environment;
  readonly localStore: LocalStore;
  readonly tabs: Tabs;
}

/** What the outbox needs of the rest of the device, once it is open. */
export interface OutboxListeners {
  /** Sends one entry; resolves with why it has to wait, or null. */
  readonly run: (entry: Outgoing) => Promise<Failure | null>;
  /** The store may know more than this tab has heard: another one sent something, or should have by now. */
  readonly onStale: () => void;
  /** These went out from another tab, those of this one too; they are about to leave the outbox. */
  readonly onWentElsewhere: (entries: Outbox, isOwn: (id: string) => boolean) => void;
  /** The outbox has changed. */
  readonly onChange: () => void;
}

/** What reading the store has found. */
export interface StoreFindings {
  /** What went out from another tab. */
  readonly gone: Outbox;
  /** Those of it that were written in this one. */
  readonly takenOver: readonly OutgoingSend[];
}

export class OutgoingBox implements OutboxReader {
  /** What of it goes when. */
  readonly sender: OutboxSender;
  readonly #ports: OutgoingPorts;
  readonly #listeners: OutboxListeners;
  readonly #subscribers = new Listeners();
  readonly #stored: StoredOutbox;
  #entries: Outbox = [];

  constructor(ports: OutgoingPorts, listeners: OutboxListeners) {
    const { environment, localStore, tabs } = ports;
    const { onStale } = listeners;
    this.#ports = ports;
    this.#listeners = listeners;
    this.#stored = new StoredOutbox(localStore);
    const [storedOutbox, entries] = [this.#stored, (): Outbox => this.#entries];
    // Where it breaks, it waits as it did before: what stays on its way for ever would keep others from going [DEV-14].
    const run = async (entry: Outgoing): Promise<Failure | null> => {
      try {
        return await listeners.run(entry);
      } catch (error) {
        const isLeft = this.#entries.some(({ id, state }) => id === entry.id && state === "sending");
        if (isLeft) await this.change(entry.id, { state: "waiting" });
        return brokenBy(error);
      }
    };
    this.sender = new OutboxSender({ environment, tabs, storedOutbox, entries, run, onStale });
  }

  get entries(): Outbox {
    return this.#entries;
  }

  subscribe = (listener: () => void): (() => void) => this.#subscribers.add("", listener);
  stateOf = (conversationId: string): StuckSend | null => stuckIn(this.#entries, conversationId);
  /** Whether what is stored has to be read again. */
  isInDoubt = (): boolean => this.#stored.isInDoubt;
  hasUnstored = (): boolean => this.#entries.some((entry) => isSend(entry) && !this.#stored.isStored(entry.id));

  /** Takes what an earlier page, or another tab, has left. */
  async load(): Promise<StoreFindings> {
    const before = this.#entries;
    const stored = await this.#stored.load();
    if (stored === null) {
      // A tab that was opened since has heard of none of it, and would do it again if it could read the store first [DEV-14].
      for (const operationId of this.#stored.over) this.#ports.tabs.tell({ kind: "refused", operationId });
      return { gone: [], takenOver: [] };
    }
    // What was over here while the store was read is no news, though it stood there still.
    const known = new Set([...before, ...this.#entries].map(({ id }) => id));
    const news = stored.filter(({ id }) => !known.has(id));
    const storedById = new Map(afterRestart(stored).map((entry) => [entry.id, entry]));
    // What was stored and is no more has gone out from another tab, whosever it was.
    const isHere = ({ id }: Outgoing): boolean => this.sender.isOnItsWay(id) || !this.#stored.isStored(id);
    const left = this.#entries.filter((entry) => storedById.has(entry.id) || isHere(entry));
    const gone = this.#entries.filter((entry) => !left.includes(entry));
    const takenOver = gone.filter(isSend).filter(({ id }) => this.#stored.isOwn(id));
    this.#listeners.onWentElsewhere(gone, this.#stored.isOwn);
    this.#stored.disown(gone);
    const all = [...left.map((entry) => this.#newer(entry, storedById.get(entry.id))), ...afterRestart(news)];
    // What tabs have written by turns goes in that order, whoever heard of it when.
    this.#set(all.toSorted((one, other) => one.order - other.order));
    return { gone, takenOver };
  }

  /** Stores entries, and only then lets them go [DEV-12]. Resolves with whether they are stored: then they outlive their page. */
  async add(...added: readonly NewOutgoing[]): Promise<boolean> {
    const before = this.#entries;
    const first = nextOrder(before, this.#ports.environment.now());
    const entries = added.map((entry, index): Outgoing => ({ ...entry, order: first + index }));
    this.#stored.own(entries);
    this.#set(entries.reduce((outbox: Outbox, entry) => enqueue(outbox, entry, this.sender.isLeftForNow), before));
    const replaced = before.filter((other) => !this.#entries.includes(other));
    const isStored = await this.#stored.save(
      entries,
      replaced.map(({ id }) => id),
    );
    // Before the others hear of it, so that it goes from here, where somebody waits for it.
    this.sender.sendNew();
    this.#ports.tabs.tell({ kind: "outbox" });
    return isStored;
  }

  /** Changes an entry, or takes it out. */
  async change(id: string, change: Partial<OutgoingSend> | null): Promise<void> {
    const isLeft = change?.state === "rejected" || change?.state === "waiting";
    if (isLeft && (await this.#stored.find(id)) === null) return this.wentElsewhere(id);
    this.#set(update(this.#entries, id, change));
    const entry = this.#entries.find((each) => each.id === id);
    // Whoever wrote it, what it leaves comes from here now.
    if (entry?.state === "sending") this.#stored.own([entry]);
    if (entry) await this.#stored.save([entry], []);
    else await this.#stored.save([], [id]);
    if (change === null || change.state === "rejected") this.#ports.tabs.tell({ kind: "outbox" });
  }

  /** Another tab says that it is over, whatever that one's store keeps: nobody sends it again [DEV-14]. */
  async forget(id: string): Promise<void> {
    this.#stored.over.add(id);
    const entry = this.#entries.find((each) => each.id === id);
    if (!entry) return;
    if (isSend(entry)) return this.wentElsewhere(id);
    this.#set(update(this.#entries, id, null));
    await this.#stored.save([], [id]);
  }

  /** The server has told of it: no send makes it anew, once it is deleted and nobody knows of it any more [ID-1]. */
  wasMade(conversationId: string): void {
    for (const { id, isFirst } of sendsOf(this.#entries, conversationId)) {
      if (isFirst && this.#stored.isOwn(id)) void this.change(id, { isFirst: false });
    }
  }

  /** Refused here, or failed, but another tab has sent it meanwhile: putting it back would send it again. */
  wentElsewhere(id: string): Promise<void> {
    const gone = this.#entries.filter((entry) => entry.id === id);
    this.#listeners.onWentElsewhere(gone, this.#stored.isOwn);
    return this.change(id, null);
  }

  /** Takes a send out before it goes; null where it is on its way, from here or another tab, or gone: then it can't be had back. */
  async withdraw(id: string): Promise<OutgoingSend | null> {
    if (this.sender.isOnItsWay(id)) return null;
    const withdrawn = await this.sender.keeping(id, async () => {
      const isThere = (await this.#stored.find(id)) !== null;
      const entry = this.#entries.find((each) => each.id === id);
      if (!isThere || !entry || !isSend(entry)) return null;
      await this.change(id, null);
      // Whatever the store keeps of it, no other tab may send what its person has back.
      this.#ports.tabs.tell({ kind: "refused", operationId: id });
      return entry;
    });
    if (withdrawn === null) this.#listeners.onStale();
    this.sender.sendDue();
    return withdrawn === "elsewhere" ? null : withdrawn;
  }

  /** What another tab made of an entry; of one's own, only that it was rejected there, and what it found out. */
  #newer(entry: Outgoing, stored: Outgoing | undefined): Outgoing {
    if (stored === undefined || this.sender.isOnItsWay(entry.id)) return entry;
    return this.#stored.isOwn(entry.id) && stored.state !== "rejected" ? withFindings(entry, stored) : stored;
  }

  #set(entries: Outbox): void {
    this.#entries = entries;
    this.#listeners.onChange();
    this.#subscribers.notify("");
  }
}
