/** One browser on one machine: its tabs share a clock, a network, a store, a channel and locks. */
import type { AccountId } from "@instep/protocol";
import type { Boot } from "@instep/sync-client";
import type { SimulatedApi } from "./api.ts";
import { CHANNEL_MS } from "./browser-tabs.ts";
import { shareParts, type SharedParts } from "./device-parts.ts";
import { Knowledge } from "./knowledge.ts";
import type { Host } from "./exchange.ts";
import { type FaultCounts, Link } from "./network.ts";
import type { Machine } from "./page-model.ts";
import type { DeviceSetting, StoreMood } from "./step.ts";
import type { Random } from "./random.ts";
import { Tab } from "./tab.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { ChangeCall, Thing } from "./change-call.ts";

export interface BrowserOptions {
  readonly name: string;
  readonly setting: DeviceSetting;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly host: Host;
  readonly counts: FaultCounts;
  readonly accountId: AccountId;
  /** What a page that is loaded now is given. */
  readonly boot: () => Boot;
  readonly api: () => SimulatedApi;
  readonly replyOwner: (replyId: string) => string | undefined;
  readonly onSend: (clientMessageId: string, tab: Tab) => void;
  readonly onOrphaned: (text: string) => void;
  /** A change leaves; returns what hears of it at the server. */
  readonly onChange: (id: string, thing: Thing) => ChangeCall;
  readonly sender: (clientMessageId: string) => string | undefined;
  readonly epoch: () => string;
  readonly log: (line: () => string) => void;
  readonly report: <T>(check: () => T) => T | null;
}

/** What the person changes here that the server may not have yet. */
interface Touch {
  pending: number;
  /** When the last of it was settled. */
  until: number;
}

export class Browser {
  readonly options: BrowserOptions;
  readonly machine: Machine;
  readonly link: Link;
  readonly shared: SharedParts;
  readonly tabs: Tab[] = [];
  /** Every client message id that this browser has sent. */
  readonly sends = new Set<string>();
  /** Every conversation that was deleted here, whether or not the server has it yet. */
  readonly removals = new Set<string>();
  readonly #touches = new Map<string, Touch>();
  readonly #complete = new Set<string>();
  #storeMood: StoreMood = "answers";
  #opened = 0;

  constructor(options: BrowserOptions) {
    this.options = options;
    const { time, random, host, counts, name, setting } = options;
    this.machine = { time, random, clockErrorMs: 0, isOnline: true };
    this.link = new Link({ time, host, name, latencyMs: setting.latencyMs, counts });
    this.shared = shareParts(this.machine, setting);
  }

  /** Opens a tab, at a conversation's address or at none; one that takes another's place may find what that left in the store. */
  async openTab(address: string | null = null, replaced?: Tab): Promise<Tab> {
    const { options, machine, link, shared } = this;
    this.#opened += 1;
    const isFirst = this.#opened === 1;
    const isAlone = !options.setting.hasTabs && !options.setting.hasStore;
    const tab = new Tab({
      ...options,
      boot: options.boot(),
      name: `${options.name}.${this.#opened}`,
      machine,
      link,
      shared,
      storeMood: this.#storeMood,
      complete: this.#complete,
      knowledge: isFirst || isAlone ? new Knowledge(isAlone) : this.#inherited(),
      onSend: (clientMessageId, owner) => {
        this.sends.add(clientMessageId);
        options.onSend(clientMessageId, owner);
      },
    });
    const place = replaced ? this.tabs.indexOf(replaced) : -1;
    if (place === -1) this.tabs.push(tab);
    else this.tabs[place] = tab;
    // A page may put its conversation on screen before its device starts, or right after.
    const isEarly = this.#opened % 2 === 0;
    if (isEarly && address !== null) tab.open(address);
    const started = tab.start();
    if (!isEarly && address !== null) tab.open(address);
    await started;
    return tab;
  }

  /** Notes that the person changed something, until `settled` is called. */
  touch(id: string): () => void {
    const touch = this.#touches.get(id) ?? { pending: 0, until: 0 };
    this.#touches.set(id, touch);
    touch.pending += 1;
    return () => {
      touch.pending -= 1;
      touch.until = this.machine.time.now();
    };
  }

  /** What waits to be sent may still hide what the server says. */
  keepTouched(): void {
    if (!this.tabs.some(({ device }) => device.status().waitingCount > 0)) return;
    for (const touch of this.#touches.values()) touch.until = this.machine.time.now();
  }

  /** Whether something that the person did here may still hide what the server says in that tab. */
  isTouched(id: string, { page }: Tab, since: number): boolean {
    const touch = this.#touches.get(id);
    if (touch === undefined) return false;
    // A store that was not there at once may tell of what waited in it at any time [DEV-14].
    if (this.tabs.some(({ store }) => store.hasFailed)) return true;
    // Another tab may have sent the change as well, and tell of its end.
    return touch.pending > 0 || page.heardAt(touch.until + CHANNEL_MS) >= since;
  }

  /** The store, for every page that is open or comes to be. */
  storeBecomes(mood: StoreMood): void {
    this.#storeMood = mood;
    for (const { store } of this.tabs) store.become(mood);
  }

  goOffline(): void {
    if (!this.link.isOnline) return;
    this.link.isOnline = false;
    this.machine.isOnline = false;
    this.link.cut();
    this.#tell("offline");
  }

  goOnline(): void {
    if (this.link.isOnline) return;
    this.link.isOnline = true;
    this.machine.isOnline = true;
    this.#tell("online");
  }

  /** Somebody signs in, in a tab that they see; those that don't hear of it ask for themselves. */
  beginSession(): void {
    if (this.link.isSignedIn) return;
    this.link.isSignedIn = true;
    const shown = this.tabs.filter(({ page }) => page.isVisible && !page.isFrozen);
    const hearing = this.options.setting.hasTabs ? shown.slice(0, 1) : shown;
    for (const { page, device } of hearing) page.deliver(() => device.signedIn());
  }

  /** The most that any tab here may count as seen: tabs tell each other what they learnt [DEV-11]. */
  mayHaveSeen(tab: Tab, id: string): number {
    const others = this.options.setting.hasTabs ? this.tabs : [tab];
    return Math.max(...others.map(({ knowledge }) => knowledge.of(id).perhaps), tab.knowledge.of(id).perhaps);
  }

  #inherited(): Knowledge {
    const knowledge = new Knowledge(false);
    if (!this.options.setting.hasStore) return knowledge;
    for (const tab of this.tabs) tab.knowledge.leaveTo(knowledge);
    return knowledge;
  }

  #tell(event: "online" | "offline"): void {
    for (const { page } of this.tabs) page.deliver(() => page.tell(event));
  }
}
