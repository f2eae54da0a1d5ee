/** Puts the parts of a device together: the composition root of whoever brings the ports. */
import { ConversationActions } from "./actions.ts";
import { BootWatch } from "./boot-watch.ts";
import type { ConversationList } from "./conversation-list.ts";
import { ConversationStore } from "./conversation-store.ts";
import { LoadedViews } from "./conversation-views.ts";
import type { Boot, Device, DeviceCallbacks, SyncStatus, UnreadExplanation } from "./device.ts";
import { type DevicePorts, patientPorts } from "./device-ports.ts";
import type { PageEvent } from "./environment.ts";
import { explainUnread } from "./explain-unread.ts";
import type { Result } from "./failure.ts";
import { guarded } from "./guarded.ts";
import { ListKeeper } from "./list-keeper.ts";
import { ListPages } from "./list-pages.ts";
import { OutboxMirror } from "./outbox-mirror.ts";
import { OutgoingBox } from "./outgoing.ts";
import { OwnReplacements } from "./own-replacements.ts";
import { PlaceVersions } from "./place-versions.ts";
import { SyncManager } from "./sync-manager.ts";
import { settingsOf, type SyncHooks } from "./sync-options.ts";
import { StatusWatch } from "./sync-status.ts";
import { TakenOverSends } from "./taken-over.ts";
import { HeldForAll } from "./tabs/held-for-all.ts";
import { SharedReplies } from "./tabs/shared-replies.ts";
import { listenToTabs, tellTabs } from "./tabs/tab-link.ts";
import type { Transport } from "./transport/transport.ts";
import { RunningTurns } from "./turns.ts";

export interface DeviceOptions {
  readonly boot: Boot;
  readonly callbacks?: DeviceCallbacks;
}

/** A device over the given ports. */
export function createDevice(options: DeviceOptions, ports: DevicePorts): Device {
  const device: ComposedDevice = new ComposedDevice(
    options,
    patientPorts(ports, () => void device.readAgain()),
  );
  return device;
}

class ComposedDevice implements Device {
  readonly sync: SyncManager;
  readonly conversations: ConversationList;
  readonly views: LoadedViews;
  readonly turns: RunningTurns;
  readonly versions: PlaceVersions;
  readonly actions: ConversationActions;
  readonly transport: Transport;
  readonly #ports: DevicePorts;
  readonly #store: ConversationStore;
  readonly outbox: OutgoingBox;
  readonly #keeper: ListKeeper;
  readonly #status: StatusWatch;
  readonly #pages: ListPages;
  readonly #takenOver: TakenOverSends;
  readonly #mirror: OutboxMirror;
  readonly #endings: (() => void)[] = [];
  readonly #bootWatch: BootWatch;
  readonly #replies: SharedReplies;
  readonly #held: HeldForAll;
  #restored: () => void = () => {};
  /** Until what is stored has been read. */
  #restoring: Promise<void> | null = new Promise((resolve) => (this.#restored = resolve));
  #isStopped = false;
  #wasFailing = false;

  constructor({ boot, callbacks = {} }: DeviceOptions, ports: DevicePorts) {
    const { transport, environment, localStore, tabs } = ports;
    const { default_model: defaultModel } = boot.config;
    this.#ports = ports;
    this.transport = transport;
    this.#bootWatch = new BootWatch({ boot, transport, environment, onChanged: callbacks.onBootChanged });
    const store = new ConversationStore({ unreadScope: boot.me.preferences.unread_scope, defaultModel });
    this.#store = store;
    this.conversations = store.conversations;
    this.#status = new StatusWatch(environment);
    this.#keeper = new ListKeeper(localStore, store);
    const box = new OutgoingBox(ports);
    this.outbox = box;
    const [settings, hooks] = [settingsOf(boot.config), this.#hooks()];
    const manager = new SyncManager({ transport, environment, store, settings, callbacks, hooks });
    this.sync = manager;
    const tab = environment.uuid();
    const onServed = (isServed: boolean): void => manager.tell({ kind: "served-by-other", isServed });
    this.#held = new HeldForAll({ tabs, environment, tab, isLive: settings.live, onServed });
    this.#replies = new SharedReplies({ transport, environment, tabs, tab });
    const shared = { ...ports, store, manager, box, replacements: new OwnReplacements() };
    this.turns = new RunningTurns({
      ...shared,
      streams: this.#replies,
      views: () => this.views,
      onEndOnScreen: (id, seq) => {
        if (store.state.unreadScope === "account") void this.actions.markReadUpTo(id, seq);
      },
      onReplaced: (id, replaced) => guarded(() => callbacks.onReplaced?.(id, replaced)),
      onUnseenEnd: (id) => guarded(() => callbacks.onReplyUnseen?.(id)),
      onOrphaned: ({ conversationId: id, text, isUnsure = false }) => {
        if (text !== null) guarded(() => callbacks.onMessageOrphaned?.(id, text, isUnsure));
        // A sync that was answered before this tab had made it may have lacked it already, and none tells of it again.
        return manager.fullSync();
      },
      onBootDoubted: () => void this.#bootWatch.doubt(),
      onSeen: (id) => {
        const baseline = store.state.entries.get(id)?.baseline;
        if (baseline) tabs.tell({ kind: "seen", id, baseline });
      },
    });
    this.#pages = new ListPages(shared);
    this.#takenOver = new TakenOverSends(shared);
    this.actions = new ConversationActions({
      ...shared,
      setDraftModel: (id, model) => this.turns.setDraftModel(id, model),
    });
    const { pendingOf, replyOf, follow, unfollow, forgetEmpty } = this.turns;
    const markRead = (id: string, seq: number): void => void this.actions.markReadUpTo(id, seq);
    const restoring = (): Promise<void> | null => this.#restoring;
    const ofTurns = { pendingOf, replyOf, follow, unfollow, forgetEmpty };
    this.views = new LoadedViews({ ...shared, ...ofTurns, restoring, markRead });
    const isRunning = (id: string): boolean => replyOf(id) !== null;
    const { reload } = this.views;
    this.versions = new PlaceVersions({ ...shared, isRunning, stop: (id) => this.turns.stop(id), reload });
    this.#mirror = new OutboxMirror({ ...shared, actions: this.actions, status: this.#status, views: this.views });
    box.run = (entry) => (entry.kind === "send" ? this.turns.run(entry) : this.actions.run(entry));
    box.onChange = () => this.#mirror.show();
    box.onTakenOver = (sends) => this.#takenOver.add(sends);
    box.onStale = () => void this.#mirror.load(false);
  }

  setDefaultModel = (model: string): void => this.#store.setDefaultModel(model);
  subscribeStatus = (listener: () => void): (() => void) => this.#status.subscribe(listener);
  status = (): SyncStatus => this.#status.get();
  explainUnread = (id: string): UnreadExplanation | null =>
    explainUnread(this.#store.state, this.conversations.get(id));

  async start(): Promise<void> {
    const { environment, tabs } = this.#ports;
    void this.#bootWatch.doubt();
    await this.#keeper.load();
    await this.#mirror.load(true);
    if (this.#isStopped) return;
    this.#restoring = null;
    this.#restored();
    const [manager, store, actions] = [this.sync, this.#store, this.actions];
    const onReached = (): void => {
      manager.reached();
      this.#reached();
    };
    this.#endings.push(
      listenToTabs(tabs, { manager, store, actions, onOutbox: () => void this.#mirror.load(false), onReached }),
      environment.page.subscribe((event) => this.#onPage(event)),
    );
    manager.start();
    void this.loadMoreConversations();
    this.#held.want();
    this.outbox.open();
  }

  stop(): void {
    this.#isStopped = true;
    this.#bootWatch.stop();
    this.#held.close();
    for (const end of this.#endings.splice(0)) end();
    this.sync.stop();
    this.outbox.close();
    this.turns.close();
    this.actions.close();
    this.#replies.close();
    this.#ports.tabs.close();
    this.#ports.localStore.close();
  }

  syncNow(): void {
    void this.sync.incrementalSync();
    this.outbox.goNow();
  }

  signedIn(): void {
    this.sync.tell({ kind: "signed-in" });
    this.outbox.goNow();
    this.#ports.tabs.tell({ kind: "signed-in" });
  }

  async loadMoreConversations(): Promise<Result<{ readonly hasMore: boolean }>> {
    await this.#restoring;
    return this.#pages.loadMore();
  }

  /** The server has answered, this tab or another: what could not be had before can be now. */
  #reached(): void {
    this.#takenOver.look();
    // What was refused here may have been sent again by a tab that can't tell.
    if (this.outbox.entries.some(({ state }) => state === "rejected")) void this.#mirror.load(false);
    this.views.retryCurrent();
  }

  /** The store has answered late. */
  async readAgain(): Promise<void> {
    await this.#restoring;
    if (this.#isStopped) return;
    this.outbox.believeStore();
    await this.#mirror.load(true);
  }

  #onPage(event: PageEvent): void {
    const { tabs } = this.#ports;
    if (event === "hide" || event === "suspend") this.#held.letGo();
    if (event === "suspend") tabs.close();
    if (event === "resume") {
      tabs.open();
      void this.#mirror.catchUp();
    }
    if (event === "show" || event === "resume") this.#held.want();
    if (event === "online" || event === "show" || event === "resume") {
      this.outbox.goNow();
      void this.#bootWatch.doubt();
    }
  }

  #hooks(): SyncHooks {
    return {
      onShown: () => this.views.seeCurrent(),
      onChange: (change, answered) => {
        void this.#keeper.save(change, answered);
        if (answered) tellTabs(this.#ports.tabs, answered);
        for (const id of change.removed) this.views.drop(id);
        for (const [id, { row }] of change.put) {
          this.views.renew(id);
          if (row.active_reply_id === null) this.outbox.goIn(id);
        }
        // Its banner depends on what was counted too, which is no part of a change.
        const { current } = this.#store.state;
        if (current) this.views.refresh(current.id);
      },
      onAnswered: (retryAfterMs) => {
        this.#status.onSynced();
        // What answers after a stop is another start of the server, perhaps with other settings.
        if (retryAfterMs !== null) this.#bootWatch.doubtIn(retryAfterMs);
        this.#bootWatch.reached();
        this.#reached();
      },
      onSchedule: (schedule, failed) => {
        this.#status.onSchedule(schedule, failed);
        this.#held.setHolding(schedule.isHolding);
        if (schedule.isRunning && schedule.failures === 0 && this.#wasFailing) {
          this.outbox.goNow();
          this.views.retryCurrent();
          void this.#bootWatch.doubt();
        }
        this.#wasFailing = schedule.failures > 0;
      },
      onCounted: (id) => this.views.refresh(id),
      onRewound: () => this.views.forgetAll(),
      onRead: (id, messageCount) => void this.actions.markReadCount(id, messageCount),
    };
  }
}
