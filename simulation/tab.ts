/** One tab: a real device of the sync client in a simulated page, and what its person did and saw. */
import { type AccountId, type ConversationId, type Micros, SYNC_FULL_SYNC_THRESHOLD_MS } from "@instep/protocol";
import type { Boot, Device } from "@instep/sync-client";
import type { SimulatedApi } from "./api.ts";
import { makeDevice, type SharedParts } from "./device-parts.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Link } from "./network.ts";
import { type Machine, PageModel } from "./page-model.ts";
import { PageStore } from "./page-store.ts";
import type { StoreMood } from "./step.ts";
import { serverTransport } from "./server-transport.ts";
import { TabWitness } from "./tab-witness.ts";
import type { ChangeCall, Thing } from "./change-call.ts";

/** What a tab says, by asking, that it knows. */
export interface Claim {
  readonly since: Micros;
  /** When the request left whose answer made it say so. */
  readonly leftAt: number;
}

export interface TabOptions {
  readonly name: string;
  readonly machine: Machine;
  readonly link: Link;
  readonly shared: SharedParts;
  /** How the browser's store is when the page is loaded. */
  readonly storeMood: StoreMood;
  readonly accountId: AccountId;
  readonly boot: Boot;
  readonly api: () => SimulatedApi;
  readonly knowledge: Knowledge;
  readonly replyOwner: (replyId: string) => string | undefined;
  readonly onSend: (clientMessageId: string, tab: Tab) => void;
  /** Called with the text of a message that was given back to its person. */
  readonly onOrphaned: (text: string) => void;
  /** A change leaves; returns what hears of it at the server. */
  readonly onChange: (id: string, thing: Thing) => ChangeCall;
  /** The name of the tab that alone sent a message. */
  readonly sender: (clientMessageId: string) => string | undefined;
  /** The epoch of the server's database. */
  readonly epoch: () => string;
  readonly complete: Set<string>;
  readonly log: (line: () => string) => void;
  readonly report: <T>(check: () => T) => T | null;
}

/** What a page's listeners throw, which is nobody's fault but the page's. */
export class PageError extends Error {}

export class Tab {
  readonly name: string;
  readonly page: PageModel;
  readonly store: PageStore;
  readonly device: Device;
  readonly knowledge: Knowledge;
  readonly witness: TabWitness;
  /** The conversation that the person put on screen, as far as it is still there. */
  current: string | null = null;
  claim: Claim | null = null;
  /** Whether the list had what is on screen when it was opened: then its deletion is told, and not only found. */
  wasListed = false;
  /** How many toasts there were for each deletion's conversation since it was put on screen. */
  readonly toasts = new Map<string, number>();
  /** What the page was told of the conversation on screen since the last check. */
  banners: { readonly id: string; readonly count: number | null }[] = [];
  /** Conversations that were opened with a badge, and how far they reached. */
  readonly toBeRead = new Map<string, number>();
  /** What the latest turn of this tab's own has replaced, and nobody has taken back [MSG-5]. */
  replaced: { readonly id: ConversationId; readonly versionId: string } | null = null;
  /** How many full syncs were asked for and have not come. */
  fullSyncs = 0;
  readonly #options: TabOptions;
  #isThrowing = false;
  /** By the device's clock; a device that has not started yet knows of no hiding. */
  #startedAt = Number.POSITIVE_INFINITY;

  constructor(options: TabOptions) {
    this.#options = options;
    const { name, machine, link, shared, accountId, boot, api, knowledge } = options;
    this.name = name;
    this.knowledge = knowledge;
    this.page = new PageModel(machine);
    this.store = new PageStore(this.page, options.storeMood);
    this.witness = new TabWitness({
      name,
      now: () => machine.time.now(),
      knowledge,
      position: () => this.device.sync.store.state.watermark,
      onScreen: () => this.current,
      isLookedAt: (id) => this.current === id && this.page.isVisible,
      complete: options.complete,
      // A view that a restore has dropped reads nothing.
      isReading: (id, replyId) => this.isOwn(options.replyOwner(replyId)) && Boolean(this.device.views.get(id)?.reply),
      onClaim: (since, epoch, leftAt) => {
        if (epoch !== options.epoch()) this.claim = null;
        // What another tab was answered says nothing of what this one had changed by then.
        else if (this.claim?.since !== since) this.claim = { since, leftAt: leftAt ?? this.claim?.leftAt ?? 0 };
      },
      onSend: (clientMessageId) => options.onSend(clientMessageId, this),
    });
    const transport = serverTransport({
      link,
      caller: this.page,
      accountId,
      api,
      witness: this.witness,
      log: (line) => options.log(() => `${name} ${line()}`),
      report: options.report,
      onChange: options.onChange,
    });
    this.device = makeDevice({
      shared,
      page: this.page,
      store: this.store,
      boot,
      transport,
      onHeard: (message) => this.witness.isFed(message),
      callbacks: {
        onConversationsUpdated: () => this.#mayThrow(),
        onCurrentConversationDeleted: (id) => {
          options.log(() => `${name} is told that ${id} was deleted`);
          this.#onDeleted(id);
          this.#mayThrow();
        },
        onReplaced: (id, { version_id: versionId }) => {
          this.replaced = { id, versionId };
          this.#mayThrow();
        },
        onMessageOrphaned: (id, text) => {
          options.onOrphaned(text);
          this.witness.givesBack(id);
          this.#mayThrow();
        },
        onCurrentConversationExternalUpdate: (id, count) => {
          this.banners.push({ id, count });
          this.#mayThrow();
        },
      },
    });
    const listener = (): void => this.#mayThrow();
    this.device.conversations.subscribeList(listener);
    this.device.conversations.subscribeUnread(listener);
    this.device.subscribeStatus(listener);
  }

  /** Whether the send is one of this very tab. */
  isOwn(clientMessageId: string | null | undefined): boolean {
    if (clientMessageId === null || clientMessageId === undefined) return false;
    return this.#options.sender(clientMessageId) === this.name;
  }

  /** Until what is stored is read, nothing is on screen, whatever the address. */
  get hasStarted(): boolean {
    return this.#startedAt !== Number.POSITIVE_INFINITY;
  }

  /** Crashed, or closed in good order: nobody sits at it any more. */
  get isClosed(): boolean {
    return this.page.isGone || this.witness.isStopped;
  }

  async start(): Promise<void> {
    await this.device.start();
    this.#startedAt = this.page.environment.now();
  }

  /** The person puts a conversation on screen, at its end or at a message that was found. */
  open(id: string, foundSeq?: number): void {
    this.noteShown();
    const item = this.device.conversations.get(id);
    // A badge of a history that was rewound, and of that it has not been told, may have nothing to read.
    if (item && item.unread > 0 && this.claim !== null) this.toBeRead.set(id, item.last_seq);
    if (this.current !== id) {
      this.toasts.delete(id);
      this.wasListed = item !== undefined;
    }
    this.current = id;
    void this.device.views.openConversation(id, foundSeq);
    this.noteShown();
  }

  /** What is painted is seen, though it may be left within the same moment. */
  noteShown(): void {
    const view = this.current === null ? undefined : this.device.views.get(this.current);
    if (view?.phase === "ready") this.witness.showsUpTo(view.id, view.messages.at(-1)?.seq ?? 0, this.claim !== null);
  }

  close(): void {
    this.noteShown();
    this.current = null;
    this.device.views.closeConversation();
  }

  /** The page is closed, or crashes: no farewell. */
  kill(): void {
    this.page.kill();
    this.#options.shared.channel?.bury(this.page);
    this.#options.link.cut(this.page);
  }

  /** The page is shown again. */
  show(): void {
    const { hiddenAt, environment } = this.page;
    const since = Math.max(hiddenAt ?? Number.POSITIVE_INFINITY, this.#startedAt);
    const isLong = environment.now() - since > SYNC_FULL_SYNC_THRESHOLD_MS;
    if (isLong && !this.page.isVisible && !this.page.isFrozen) this.witness.expectsFull = true;
    this.page.show();
  }

  /** Closed in good order: nothing is asked any more, and the browser frees what the page held. */
  leave(): void {
    this.device.stop();
    this.#options.shared.channel?.bury(this.page);
    this.witness.isStopped = true;
  }

  /** The page has an error of its own: whatever it gave to be called throws from here on. */
  throwFromListeners(): void {
    this.#isThrowing = true;
    if (this.current !== null) this.device.views.subscribe(this.current, () => this.#mayThrow());
  }

  #mayThrow(): void {
    if (this.#isThrowing) throw new PageError("The page's own error");
  }

  /** Asks for everything; counts until it has come. */
  async fullSync(): Promise<void> {
    this.fullSyncs += 1;
    await this.device.sync.fullSync();
    this.fullSyncs -= 1;
  }

  /** Whether a turn keeps syncs away from the conversation [DEV-4]. */
  isBusyWith(id: ConversationId): boolean {
    const view = this.device.views.get(id);
    // A reply that it only follows keeps them away as well, and so does a send of which nobody knows whether it arrived.
    if (view && (view.pending.length > 0 || view.reply !== null)) return true;
    // What the store holds back is no part of the device's face.
    return this.device.sync.store.state.held.has(id);
  }

  #onDeleted(id: ConversationId): void {
    this.toasts.set(id, (this.toasts.get(id) ?? 0) + 1);
    if (this.current === id) this.current = null;
  }
}
