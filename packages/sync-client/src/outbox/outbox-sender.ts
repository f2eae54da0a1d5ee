/** Which entries of the outbox are on their way, and when which may go. */
import { Backoff } from "../backoff.ts";
import type { Environment, Timer } from "../environment.ts";
import type { Failure } from "../failure.ts";
import { lockOf, nextToGo, type Outbox, type Outgoing, sendsOf, takesNoRequest, withFindings } from "./outbox.ts";
import { waitsForReply } from "./outgoing-send.ts";
import type { StoredOutbox } from "./stored-outbox.ts";
import type { Tabs } from "../tabs/tabs.ts";

export interface SenderPorts {
  readonly environment: Environment;
  readonly tabs: Tabs;
  readonly storedOutbox: StoredOutbox;
  readonly entries: () => Outbox;
  /** Sends one entry; resolves with why it has to wait, or null. */
  readonly run: (entry: Outgoing) => Promise<Failure | null>;
  /** The store may know more than this tab has heard. */
  readonly onStale: () => void;
}

const MAX_CHANGES_AT_ONCE = 4;
/** How soon to look again at what another tab is sending, or what a reply keeps waiting. */
const LEFT_FOR_MS = 5000;

export class OutboxSender {
  readonly #ports: SenderPorts;
  readonly #onTheirWay = new Set<string>();
  /** Entries that are left alone for now: another tab is sending them, or a reply runs in their conversation. */
  readonly #leftForNow = new Map<string, Timer>();
  readonly #backoff: Backoff;
  #changesGoing = 0;
  #isOpen = false;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#backoff = new Backoff(ports.environment, () => this.sendDue());
  }

  /** Starts sending. */
  open(): void {
    this.#isOpen = true;
    this.sendDue();
  }

  close(): void {
    this.#isOpen = false;
    this.#backoff.close();
    for (const id of this.#leftForNow.keys()) this.#takeUp(id);
  }

  isOnItsWay = (id: string): boolean => this.#onTheirWay.has(id);
  /** Whether another tab is sending it, as far as this one knows, or a reply keeps it waiting. */
  isLeftForNow = (id: string): boolean => this.#leftForNow.has(id);

  /** Something is new: it goes, whatever the last try asked for. */
  sendNew(): void {
    this.#backoff.end();
    this.sendDue();
  }

  /** The network is back, or somebody asks: whatever waits goes now. */
  sendNow(): void {
    this.#backoff.succeeded();
    this.#backoff.end();
    for (const id of this.#leftForNow.keys()) this.#takeUp(id);
    this.sendDue();
  }

  /** The server has answered: what it refused for want of a session goes. */
  signedIn(): void {
    this.#backoff.signedIn();
  }

  /** No reply runs in the conversation now: what waited for that goes. */
  sendAfterReply(conversationId: string): void {
    if (this.#leftForNow.size === 0) return;
    for (const { id } of sendsOf(this.#ports.entries(), conversationId)) this.#takeUp(id);
    this.sendDue();
  }

  /** Sets on its way what may go, unless the last try asked for patience. */
  sendDue(): void {
    if (!this.#isOpen || this.#backoff.isPausing) return;
    for (const entry of nextToGo(this.#ports.entries())) {
      const isTaken = this.isOnItsWay(entry.id) || this.isLeftForNow(entry.id);
      // Everything marked as read at once must not become a thousand requests at once; a turn waits for nobody.
      const hasRoom = takesNoRequest(entry) || this.#changesGoing < MAX_CHANGES_AT_ONCE;
      if (!isTaken && hasRoom) void this.#send(entry);
    }
  }

  /** Does it while the entry can't go, from here or another tab. Resolves with what it comes to, or that another tab has the entry. */
  async keeping<T>(id: string, work: () => Promise<T>): Promise<T | "elsewhere"> {
    let outcome: T | "elsewhere" = "elsewhere";
    this.#onTheirWay.add(id);
    try {
      await this.#ports.tabs.exclusively(lockOf(id), async () => void (outcome = await work()));
      return outcome;
    } finally {
      this.#onTheirWay.delete(id);
    }
  }

  async #send(entry: Outgoing): Promise<void> {
    const weight = takesNoRequest(entry) ? 0 : 1;
    this.#changesGoing += weight;
    const sent = this.keeping(entry.id, () => this.#run(entry));
    const outcome = await sent.finally(() => (this.#changesGoing -= weight));
    if (outcome === "gone" || outcome === "elsewhere" || waitsForReply(outcome)) this.#leaveForNow(entry.id);
    else if (outcome) this.#backoff.failed(outcome);
    else {
      this.#backoff.succeeded();
      this.sendDue();
    }
    // Left before the store is read, which keeps what is on its way: looked up meanwhile, it would be kept and looked up by turns for ever.
    if (outcome === "gone") this.#ports.onStale();
  }

  /** Resolves with why it has to wait, or null; `gone` where another tab has sent it. */
  async #run(entry: Outgoing): Promise<Failure | "gone" | null> {
    const { storedOutbox, entries, run } = this.#ports;
    const stored = await storedOutbox.find(entry.id);
    if (stored === null) return "gone";
    // A later one may have taken its place while the lock and the store were waited for.
    const isReplaced = !entries().some(({ id }) => id === entry.id);
    return isReplaced ? null : run(withFindings(entry, stored));
  }

  /** Looks again later: that tab may be closed before it is through, nothing may tell of the reply's end, and the store may fail. */
  #leaveForNow(id: string): void {
    if (!this.#isOpen) return;
    const { environment, onStale } = this.#ports;
    const lookAgain = (): void => {
      this.#leftForNow.delete(id);
      onStale();
    };
    this.#leftForNow.set(id, environment.setTimer(lookAgain, LEFT_FOR_MS));
  }

  #takeUp(id: string): void {
    this.#ports.environment.clearTimer(this.#leftForNow.get(id));
    this.#leftForNow.delete(id);
  }
}
