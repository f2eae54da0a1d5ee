/** Gives every component the device, and the events that its callbacks tell. */
import type { ConversationId, Replaced } from "@instep/protocol";
import type { DeviceCallbacks } from "@instep/sync-client";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Device } from "./device.ts";

const DeviceContext = createContext<Device | null>(null);
export const DeviceProvider = DeviceContext.Provider;

/** The device of this page. */
export function useDevice(): Device {
  const device = useContext(DeviceContext);
  if (!device) throw new Error("DeviceProvider is missing above this component");
  return device;
}

type Orphaned = NonNullable<DeviceCallbacks["onMessageOrphaned"]>;

export interface DeviceEvents {
  /** To be handed to the device. */
  readonly callbacks: DeviceCallbacks;
  readonly onUpdated: (listener: (ids: readonly ConversationId[]) => void) => () => void;
  readonly onCurrentDeleted: (listener: (id: ConversationId, title: string) => void) => () => void;
  readonly onOrphaned: (listener: Orphaned) => () => void;
  readonly onReplaced: (listener: (id: ConversationId, replaced: Replaced) => void) => () => void;
  readonly onReplyUnseen: (listener: (id: ConversationId) => void) => () => void;
}

/** Lets components that come later hear what the device was told to call before they were there. */
export function createDeviceEvents(): DeviceEvents {
  const updated = new Set<(ids: readonly ConversationId[]) => void>();
  const deleted = new Set<(id: ConversationId, title: string) => void>();
  const orphaned = new Set<Orphaned>();
  const replaced = new Set<(id: ConversationId, replaced: Replaced) => void>();
  const unseen = new Set<(id: ConversationId) => void>();
  return {
    callbacks: {
      onConversationsUpdated: (ids) => {
        for (const listener of updated) listener(ids);
      },
      onCurrentConversationDeleted: (id, title) => {
        for (const listener of deleted) listener(id, title);
      },
      onMessageOrphaned: (id, text, isUnsure) => {
        for (const listener of orphaned) listener(id, text, isUnsure);
      },
      onReplaced: (id, version) => {
        for (const listener of replaced) listener(id, version);
      },
      onReplyUnseen: (id) => {
        for (const listener of unseen) listener(id);
      },
    },
    onUpdated: (listener) => {
      updated.add(listener);
      return () => updated.delete(listener);
    },
    onCurrentDeleted: (listener) => {
      deleted.add(listener);
      return () => deleted.delete(listener);
    },
    onOrphaned: (listener) => {
      orphaned.add(listener);
      return () => orphaned.delete(listener);
    },
    onReplaced: (listener) => {
      replaced.add(listener);
      return () => replaced.delete(listener);
    },
    onReplyUnseen: (listener) => {
      unseen.add(listener);
      return () => unseen.delete(listener);
    },
  };
}

const EventsContext = createContext<DeviceEvents | null>(null);
export const DeviceEventsProvider = EventsContext.Provider;

/** The events of this page's device. */
export function useDeviceEvents(): DeviceEvents {
  const events = useContext(EventsContext);
  if (!events) throw new Error("DeviceEventsProvider is missing above this component");
  return events;
}
