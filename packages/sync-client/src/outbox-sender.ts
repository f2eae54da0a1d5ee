/** Which entries of the outbox are on their way, and when which may go. */
import { Backoff } from "./backoff.ts";
import type { Environment, Timer } from "./environment.ts";
import type { Failure } from "./failure.ts";
import { isFree, lockOf, nextToGo, type Outbox, type Outgoing, sendsOf, withFindings } from "./outbox.ts";
import type { StoredOutbox } from "./stored-outbox.ts";
import type { Tabs } from "./tabs/tabs.ts";

export interface SenderPorts {
  readonly environment: Environment;
  readonly tabs: Tabs;
  readonly stored: StoredOutbox;
  readonly entries: () => Outbox;
  /** Sends one entry; resolves with why it has to wait, or null. */
  readonly run: (entry: Outgoing) => Promise<Failure | null>;
  /** The store may know more than this tab has heard. */
  readonly onStale: () => void;
}

const MAX_CHANGES_AT_ONCE = 4;
/** How soon to look again at what another tab is sending, or what a reply keeps waiting. */
const REST_MS = 5000;

export class OutboxSender {
  readonly #ports: SenderPorts;
  readonly #going = new Set<string>();
  /** Entries that are left alone for now: another tab is sending them, or a reply runs in their conversation. */
  readonly #resting = new Map<string, Timer>();
  readonly #backoff: Backoff;
  #changesGoing = 0;
  #isOpen = false;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#backoff = new Backoff(ports.environment, () => this.go());
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

  isGoing = (id: string): boolean => this.#going.has(id);

  /** Something is new: it goes, whatever the last try asked for. */
  goOn(): void {
    this.#backoff.end();
    this.go();
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
    for (const { id } of sendsOf(this.#ports.entries(), conversationId)) this.#wake(id);
    this.go();
  }

  /** Sets on its way what may go, unless the last try asked for patience. */
  go(): void {
    if (!this.#isOpen || this.#backoff.isPausing) return;
    for (const entry of nextToGo(this.#ports.entries())) {
      const isTaken = this.#going.has(entry.id) || this.#resting.has(entry.id);
      // Everything marked as read at once must not become a thousand requests at once; a turn waits for nobody.
      const hasRoom = isFree(entry) || this.#changesGoing < MAX_CHANGES_AT_ONCE;
      if (!isTaken && hasRoom) void this.#send(entry);
    }
  }

  /** Does it while the entry can't go, from here or another tab. Resolves with whether that could be had. */
  async keeping(id: string, work: () => Promise<void>): Promise<boolean> {
    this.#going.add(id);
    try {
      return await this.#ports.tabs.exclusively(lockOf(id), work);
    } finally {
      this.#going.delete(id);
    }
  }

  async #send(entry: Outgoing): Promise<void> {
    const { stored: store, run, onStale } = this.#ports;
    const weight = isFree(entry) ? 0 : 1;
    this.#changesGoing += weight;
    const found: { isGone?: boolean; waiting?: Failure | null } = {};
    const isHere = await this.keeping(entry.id, async () => {
      const stored = await store.find(entry.id);
      found.isGone = stored === null;
      if (stored !== null) found.waiting = await run(withFindings(entry, stored));
    });
    this.#changesGoing -= weight;
    if (found.isGone) onStale();
    else if (!isHere || found.waiting?.failed === "reply_running") this.#rest(entry.id);
    else if (found.waiting) this.#backoff.failed(found.waiting);
    else {
      this.#backoff.succeeded();
      this.go();
    }
  }

  /** Looks again later: that tab may be closed before it is through, and nothing may tell of the reply's end. */
  #rest(id: string): void {
    if (!this.#isOpen) return;
    const { environment, onStale } = this.#ports;
    const look = (): void => {
      this.#resting.delete(id);
      onStale();
    };
    this.#resting.set(id, environment.setTimer(look, REST_MS));
  }

  #wake(id: string): void {
    this.#ports.environment.clearTimer(this.#resting.get(id));
    this.#resting.delete(id);
  }
}
