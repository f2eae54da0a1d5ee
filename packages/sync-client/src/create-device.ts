/** A device over the given ports, as a page sees it: the composition root of whoever brings the ports. */
import type { ConversationViews, Device, DeviceOptions } from "./device.ts";
import { DeviceLife } from "./device-life.ts";
import type { DeviceParts } from "./device-parts.ts";
import { type DevicePorts, patientPorts } from "./device-ports.ts";
import { failure } from "./failure.ts";

export function createDevice(options: DeviceOptions, ports: DevicePorts): Device {
  const life: DeviceLife = new DeviceLife(
    options,
    patientPorts(ports, () => void life.readAgain()),
  );
  const { parts, status, pages } = life;
  const { manager, store, turns, versions, actions, box, transport, tabs } = parts;
  return {
    sync: manager,
    conversations: store.conversations,
    views: viewsOf(parts),
    turns,
    actions,
    transport,
    outbox: box,
    versions,
    start: () => life.start(),
    stop: () => life.stop(),
    subscribeStatus: status.subscribe,
    status: status.get,
    setDefaultModel: (model) => {
      // Of a conversation whose person chose the former default, only a full answer says so now [TURN-10].
      if (store.setDefaultModel(model)) void manager.fullSync();
    },
    loadMoreConversations: async () => {
      const { restoring } = life;
      return restoring && !(await restoring) ? failure("aborted", "Given up.") : pages.loadMore();
    },
    syncNow: () => {
      void manager.incrementalSync();
      box.sender.sendNow();
    },
    signedIn: () => {
      manager.tell({ kind: "signed-in" });
      box.sender.sendNow();
      tabs.tell({ kind: "signed-in" });
    },
  };
}

/** What is on screen, from the parts that know it: what is loaded, its further pages, and what opening means. */
function viewsOf({ viewCache, furtherPages, views }: DeviceParts): ConversationViews {
  return {
    subscribe: viewCache.subscribe,
    get: viewCache.get,
    openConversation: (id, foundSeq) => views.openConversation(id, foundSeq),
    closeConversation: () => views.closeConversation(),
    loadOlder: (id) => furtherPages.loadOlder(id),
    loadLater: (id) => furtherPages.loadLater(id),
    showLatest: (id) => furtherPages.showLatest(id),
    loadNewer: (id) => views.loadNewer(id),
  };
}
