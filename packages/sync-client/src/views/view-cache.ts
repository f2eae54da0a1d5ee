/** What is loaded of conversations, and who looks at it: the views of the ones that were opened last. */
import type { LoadedConversation } from "./conversation-view.ts";
import type { ConversationView } from "../device.ts";
import { joined } from "./found-window.ts";
import { Listeners } from "../listeners.ts";
import type { LocalStore } from "../local-store/local-store.ts";
import { KEPT_OVER_RESTART } from "./page-sizes.ts";

/** How many conversations' messages are kept in memory. */
const MAX_VIEWS = 20;

export class ViewCache {
  readonly #localStore: LocalStore;
  readonly #compose: (id: string, loaded: LoadedConversation) => ConversationView;
  readonly #loaded = new Map<string, LoadedConversation>();
  readonly #views = new Map<string, ConversationView>();
  readonly #listeners = new Listeners();

  constructor(localStore: LocalStore, compose: (id: string, loaded: LoadedConversation) => ConversationView) {
    this.#localStore = localStore;
    this.#compose = compose;
  }

  subscribe = (id: string, listener: () => void): (() => void) => this.#listeners.add(id, listener);

  /** The same object until something in it changes. */
  get = (id: string): ConversationView | undefined => {
    const loaded = this.#loaded.get(id);
    if (!loaded) return undefined;
    const view = this.#views.get(id) ?? this.#compose(id, loaded);
    this.#views.set(id, view);
    return view;
  };

  loaded(id: string): LoadedConversation | undefined {
    return this.#loaded.get(id);
  }

  ids(): string[] {
    return [...this.#loaded.keys()];
  }

  /** Puts what is loaded; it is the newest now. */
  put(id: string, loaded: LoadedConversation): void {
    this.#loaded.delete(id);
    this.#loaded.set(id, loaded);
    this.refresh(id);
  }

  /** Changes what is loaded, if anything is, and keeps its messages over a restart. */
  change(id: string, update: (loaded: LoadedConversation) => LoadedConversation): void {
    const loaded = this.#loaded.get(id);
    if (!loaded) return;
    const next = joined(update(loaded));
    this.#loaded.set(id, next);
    this.refresh(id);
    const [before, kept] = [loaded.messages.slice(-KEPT_OVER_RESTART), next.messages.slice(-KEPT_OVER_RESTART)];
    // What was only cut, or has older messages before it now, is stored already, unless another tab has forgotten the account since.
    const isNews = kept.length !== before.length || kept.some((message, index) => message !== before[index]);
    if (isNews && kept.length > 0) void this.#localStore.saveMessages(id, kept);
  }

  /** Something besides the messages has changed. */
  refresh(id: string): void {
    this.#views.delete(id);
    this.#listeners.notify(id);
  }

  remove(id: string): void {
    this.#loaded.delete(id);
    this.#views.delete(id);
  }

  /** Lets the oldest go, but for those that are needed. */
  keepNewest(isNeeded: (id: string) => boolean): void {
    const spare = this.ids().filter((id) => !isNeeded(id));
    for (const id of spare.slice(0, Math.max(0, this.#loaded.size - MAX_VIEWS))) this.remove(id);
  }
}
