/** The parts of a device that call each other. Each is made with all of them in hand, and calls none before all are there. */
import type { ConversationId } from "@instep/protocol";
import { ConversationActions } from "./outbox/conversation-actions.ts";
import { ConversationStore } from "./conversation-store.ts";
import { LoadedViews } from "./views/loaded-views.ts";
import { viewOf } from "./views/conversation-view.ts";
import type { DeviceOptions } from "./device.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { Environment } from "./environment.ts";
import { FurtherPages } from "./views/further-pages.ts";
import type { LocalStore } from "./local-store/local-store.ts";
import { OutgoingChanges } from "./outbox/outgoing-changes.ts";
import { OutgoingBox, type OutboxListeners } from "./outbox/outgoing-box.ts";
import { OwnReplacements } from "./views/own-replacements.ts";
import { PlaceVersions } from "./views/place-versions.ts";
import { ReplyViews } from "./views/reply-views.ts";
import { SyncManager } from "./sync-manager.ts";
import { settingsOf, type SyncHooks } from "./sync-options.ts";
import { SharedReplies } from "./tabs/shared-replies.ts";
import type { Tabs } from "./tabs/tabs.ts";
import type { Transport } from "./transport/transport.ts";
import { TurnRunner } from "./turns/turn-runner.ts";
import type { TurnEvents, TurnsPorts } from "./turns/turns-ports.ts";
import { ConversationTurns } from "./turns/conversation-turns.ts";
import { ViewCache } from "./views/view-cache.ts";

/** What they tell of themselves. */
export interface PartsEvents {
  readonly hooks: SyncHooks;
  readonly turns: TurnEvents;
  readonly outbox: OutboxListeners;
  /** Until what is stored on the device has been read, what resolves then; else null. */
  readonly restoring: () => Promise<boolean> | null;
}

export class DeviceParts implements TurnsPorts {
  readonly transport: Transport;
  readonly environment: Environment;
  readonly localStore: LocalStore;
  readonly tabs: Tabs;
  /** This one among the tabs. */
  readonly tab: string;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly box: OutgoingBox;
  readonly replacements = new OwnReplacements();
  readonly streams: SharedReplies;
  readonly events: TurnEvents;
  readonly running: ReplyViews;
  readonly runner: TurnRunner;
  readonly turns: ConversationTurns;
  readonly changes: OutgoingChanges;
  readonly actions: ConversationActions;
  readonly viewCache: ViewCache;
  readonly furtherPages: FurtherPages;
  readonly views: LoadedViews;
  readonly versions: PlaceVersions;

  constructor(
    { boot, callbacks = {} }: DeviceOptions,
    ports: DevicePorts,
    { hooks, turns, outbox, restoring }: PartsEvents,
  ) {
    ({
      transport: this.transport,
      environment: this.environment,
      localStore: this.localStore,
      tabs: this.tabs,
    } = ports);
    this.tab = ports.environment.uuid();
    this.events = turns;
    const { default_model: defaultModel } = boot.config;
    this.store = new ConversationStore({ unreadScope: boot.me.preferences.unread_scope, defaultModel });
    this.manager = new SyncManager({
      ...ports,
      store: this.store,
      settings: settingsOf(boot.config),
      callbacks,
      hooks,
    });
    this.box = new OutgoingBox(ports, outbox);
    this.streams = new SharedReplies(this);
    this.viewCache = new ViewCache(this.localStore, (id, loaded) =>
      viewOf(loaded, {
        id: id as ConversationId,
        pending: this.turns.pendingOf(id),
        reply: this.running.of(id),
        newMessages: this.store.newOnScreen(id),
      }),
    );
    this.furtherPages = new FurtherPages(this);
    this.running = new ReplyViews(this);
    this.runner = new TurnRunner(this);
    this.turns = new ConversationTurns(this);
    this.changes = new OutgoingChanges(this);
    this.actions = new ConversationActions(this);
    this.views = new LoadedViews({
      ...ports,
      store: this.store,
      manager: this.manager,
      box: this.box,
      viewCache: this.viewCache,
      furtherPages: this.furtherPages,
      restoring,
      pendingOf: this.turns.pendingOf,
      forgetEmpty: this.turns.forgetEmpty,
      replyOf: this.running.of,
      unfollow: this.running.unfollow,
      follow: this.runner.follow,
      markRead: (id, seq) => void this.actions.markReadUpTo(id, seq),
    });
    this.versions = new PlaceVersions(this);
  }
}
