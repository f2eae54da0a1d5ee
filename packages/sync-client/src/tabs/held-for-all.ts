/** Which tab holds the request for all tabs of its browser, as one of them sees it [DEV-13]. */
import type { Environment, Timer } from "../environment.ts";
import type { TabMessage, Tabs } from "./tabs.ts";

/** The tab that holds says so as often as this. */
const BEAT_MS = 3000;
/** One that is silent for so long is not relied on. */
const PATIENCE_MS = 8000;

export interface HeldForAllPorts {
  readonly tabs: Pick<Tabs, "tell" | "subscribe" | "holdForAll">;
  readonly environment: Pick<Environment, "setTimer" | "clearTimer" | "page">;
  readonly tab: string;
  /** Whether the server holds requests at all [WAIT-1]. */
  readonly isLive: boolean;
  /** Whether another tab holds it, which will tell what it learns. */
  readonly onServed: (isServedByOther: boolean) => void;
}

/**
 * The lock says who shall hold, but it may be held by a tab that hangs, or not exist; so whoever holds says so, again and again. Of
 * two that do, the one with the lock goes on, else the lower one.
 */
export class HeldForAll {
  readonly #ports: HeldForAllPorts;
  readonly #unsubscribe: () => void;
  #release: (() => void) | null = null;
  #isOwner = false;
  #isServed = false;
  #isHolding = false;
  #beat: Timer = null;
  #silence: Timer = null;

  constructor(ports: HeldForAllPorts) {
    this.#ports = ports;
    this.#unsubscribe = ports.tabs.subscribe((message) => {
      if (message.kind === "holding" && this.#release && this.#isOutranked(message)) this.#relyOnOther();
    });
  }

  /** Wants to hold, where the page is shown. */
  want(): void {
    if (this.#release || !this.#ports.isLive || !this.#ports.environment.page.isVisible()) return;
    // A lock that hangs says nothing anew.
    if (this.#isServed) this.#relyOnOther();
    this.#release = this.#ports.tabs.holdForAll((isLocked) => {
      this.#isOwner = !isLocked;
      if (isLocked) this.#relyOnOther();
      else this.#relyOnNobody();
    });
  }

  letGo(): void {
    this.#release?.();
    this.#release = null;
    this.#clear();
  }

  close(): void {
    this.letGo();
    this.#unsubscribe();
  }

  /** Whether this tab's request is held by the server just now. */
  setHolding(isHolding: boolean): void {
    if (this.#isHolding === isHolding) return;
    this.#isHolding = isHolding;
    this.#ports.environment.clearTimer(this.#beat);
    if (isHolding) this.#tellHolding();
  }

  #tellHolding(): void {
    const { tabs, tab, environment } = this.#ports;
    tabs.tell({ kind: "holding", tab, isOwner: this.#isOwner });
    this.#beat = environment.setTimer(() => this.#tellHolding(), BEAT_MS);
  }

  #isOutranked({ tab, isOwner }: TabMessage & { kind: "holding" }): boolean {
    return isOwner === this.#isOwner ? tab < this.#ports.tab : isOwner;
  }

  #relyOnOther(): void {
    this.#clear();
    this.#silence = this.#ports.environment.setTimer(() => this.#relyOnNobody(), PATIENCE_MS);
    this.#serve(true);
  }

  #relyOnNobody(): void {
    this.#clear();
    this.#serve(false);
  }

  #serve(isServed: boolean): void {
    if (this.#isServed !== isServed) this.#ports.onServed((this.#isServed = isServed));
  }

  #clear(): void {
    this.#ports.environment.clearTimer(this.#silence);
    this.#silence = null;
  }
}
