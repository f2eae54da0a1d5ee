/** What follows, all over the device, from what its sync and its turns tell. */
import { applyGone } from "./apply-local.ts";
import type { BootWatch } from "./boot-watch.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { DeviceCallbacks } from "./device.ts";
import type { DeviceParts } from "./device-parts.ts";
import { guarded } from "./guarded.ts";
import type { ListKeeper } from "./list-keeper.ts";
import { sendsOf } from "./outbox/outbox.ts";
import type { SyncHooks } from "./sync-options.ts";
import type { StatusWatch } from "./status-watch.ts";
import type { HeldForAll } from "./tabs/held-for-all.ts";
import { tellTabs } from "./tabs/tab-link.ts";
import type { TurnEvents } from "./turns/turns-ports.ts";

/** Where it follows; nothing of it is read before something is told. */
export interface WholeDevice {
  readonly parts: DeviceParts;
  readonly status: StatusWatch;
  readonly keeper: ListKeeper;
  readonly bootWatch: BootWatch;
  readonly heldForAll: HeldForAll;
  /** The server has answered: what could not be had before can be now. */
  reached(): void;
}

export function syncHooks(whole: WholeDevice): SyncHooks {
  let wasFailing = false;
  return {
    onShown: () => whole.parts.views.seeCurrent(),
    onChange: (change, answered) => {
      const { tabs, viewCache, views, box, store, events } = whole.parts;
      void whole.keeper.save(change, answered);
      if (answered) tellTabs(tabs, answered);
      for (const id of change.removed) {
        views.drop(id);
        box.wasMade(id);
        // What was refused there shows nowhere any more, and would begin the chat anew with the next visit.
        for (const { id: sendId, state } of sendsOf(box.entries, id)) {
          if (state === "rejected") void box.withdraw(sendId).then((taken) => taken && events.onOrphaned(taken));
        }
      }
      for (const [id, { row, isLocal }] of change.put) {
        if (!isLocal) box.wasMade(id);
        views.renew(id);
        if (row.active_reply_id === null) box.sender.sendAfterReply(id);
      }
      // Its banner depends on what was counted too, which is no part of a change.
      const { current } = store.state;
      if (current) viewCache.refresh(current.id);
    },
    onAnswered: ({ retryAfterMs, hasMore }) => {
      whole.status.onAnswered(hasMore);
      // What answers after a stop is another start of the server, perhaps with other settings.
      if (retryAfterMs !== null) whole.bootWatch.doubtIn(retryAfterMs);
      whole.bootWatch.reached();
      whole.reached();
    },
    onSchedule: (schedule, failed) => {
      whole.status.onSchedule(schedule, failed);
      whole.heldForAll.setHolding(schedule.isHolding);
      if (schedule.isRunning && schedule.failures === 0 && wasFailing) {
        whole.parts.box.sender.sendNow();
        whole.parts.views.retryCurrent();
        void whole.bootWatch.doubt();
      }
      wasFailing = schedule.failures > 0;
    },
    onCounted: (id) => whole.parts.viewCache.refresh(id),
    onRewound: () => {
      whole.parts.changes.rewound();
      whole.parts.views.forgetAll();
    },
    onRead: (id, messageCount) => void whole.parts.actions.markReadCount(id, messageCount),
  };
}

export function turnEvents(whole: WholeDevice, callbacks: DeviceCallbacks): TurnEvents {
  const storeOf = (): ConversationStore => whole.parts.store;
  return {
    onEndOnScreen: (id, seq) => {
      if (storeOf().state.unreadScope === "account") void whole.parts.actions.markReadUpTo(id, seq);
    },
    onSeen: (id) => {
      const { entries, watermark } = storeOf().state;
      const baseline = entries.get(id)?.baseline;
      if (baseline) whole.parts.tabs.tell({ kind: "seen", id, baseline, epoch: watermark.epoch });
    },
    onReplaced: (id, replaced) => guarded(() => callbacks.onReplaced?.(id, replaced)),
    onUnseenEnd: (id) => guarded(() => callbacks.onReplyUnseen?.(id)),
    onOrphaned: ({ conversationId: id, text, isUnsure = false }) => {
      if (text !== null) guarded(() => callbacks.onMessageOrphaned?.(id, text, isUnsure));
      const { manager, store } = whole.parts;
      // What was begun here may be named by no answer any more.
      manager.commit(applyGone(store.state, id));
      // A sync that was answered before this tab had made it may have lacked it already, and none tells of it again.
      return manager.fullSync();
    },
    onBootDoubted: () => void whole.bootWatch.doubt(),
  };
}
