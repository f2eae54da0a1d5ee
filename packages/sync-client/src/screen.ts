/** What is on screen: one conversation, how much of it is shown there, and whether anybody can see the page [DEV-5]. */
import type { ConversationId } from "@instep/protocol";
import type { OnScreen } from "./apply-sync.ts";
import type { Baseline } from "./unread.ts";

export interface ScreenPorts {
  /** How much of a conversation was seen when it was left. */
  readonly seenOf: (id: string) => Baseline | undefined;
  /** What is on screen has no badge: these may have another one. */
  readonly onChange: (ids: readonly ConversationId[]) => void;
}

const NOTHING: Baseline = { count: 0, seq: 0, skipped: null };

export class Screen {
  readonly #ports: ScreenPorts;
  #current: OnScreen | null = null;
  #isVisible = true;

  constructor(ports: ScreenPorts) {
    this.#ports = ports;
  }

  /** What is open, whether anybody sees it or not. */
  get current(): OnScreen | null {
    return this.#current;
  }

  /** This conversation is open from here on; null: none is. */
  open(id: string | null): void {
    const left = this.#current?.id ?? null;
    if (left === id) return;
    const opened = id as ConversationId | null;
    this.#current = opened === null ? null : { id: opened, shown: this.#ports.seenOf(opened) ?? NOTHING };
    this.#ports.onChange([left, opened].filter((each) => each !== null));
  }

  /** Whether anybody can see the page: what is open on a hidden one is not on screen. */
  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    if (this.#current) this.#ports.onChange([this.#current.id]);
  }

  /** Whether the conversation is open where somebody can see it. */
  has(id: string): boolean {
    return this.#isVisible && this.#current?.id === id;
  }

  /** How much of the open conversation is shown; null for any other one. */
  shownOf(id: string): Baseline | null {
    return this.#current?.id === id ? this.#current.shown : null;
  }

  /** So much of the open conversation is shown; of another one this does nothing. */
  setShown(id: string, shown: Baseline): void {
    if (this.#current?.id === id) this.#current = { id: this.#current.id, shown };
  }
}
