/** Gives every component the device, and the events that its callbacks tell. */
import type { DeviceCallbacks } from "@instep/sync-client";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Device } from "./device.ts";

const DeviceContext = createContext<Device | null>(null);
export const DeviceProvider = DeviceContext.Provider;

/** The device of this page. */
export function useDevice(): Device {
  const device = useContext(DeviceContext);
  if (!device) throw new Error("no provider");
  return device;
}

/** Hears one kind of event until the returned function is called. */
type Hear<Args extends readonly unknown[]> = (listener: (...args: Args) => void) => () => void;
type ArgsOf<Name extends keyof DeviceCallbacks> = Parameters<NonNullable<DeviceCallbacks[Name]>>;

export interface DeviceEvents {
  /** To be handed to the device. */
  readonly callbacks: DeviceCallbacks;
  readonly onUpdated: Hear<ArgsOf<"onConversationsUpdated">>;
  readonly onCurrentDeleted: Hear<ArgsOf<"onCurrentConversationDeleted">>;
  readonly onOrphaned: Hear<ArgsOf<"onMessageOrphaned">>;
  readonly onReplaced: Hear<ArgsOf<"onReplaced">>;
  readonly onReplyUnseen: Hear<ArgsOf<"onReplyUnseen">>;
}

/** Lets components that come later hear what the device was told to call before they were there. */
export function createDeviceEvents(): DeviceEvents {
  const updated = createEvent<ArgsOf<"onConversationsUpdated">>();
  const deleted = createEvent<ArgsOf<"onCurrentConversationDeleted">>();
  // Sign-in may stand in the page's place, and nothing else has the text any longer.
  const orphaned = createEvent<ArgsOf<"onMessageOrphaned">>(true);
  // Who tells of these is loaded a moment later than the page.
  const replaced = createEvent<ArgsOf<"onReplaced">>(true);
  const unseen = createEvent<ArgsOf<"onReplyUnseen">>(true);
  return {
    callbacks: {
      onConversationsUpdated: updated.notify,
      onCurrentConversationDeleted: deleted.notify,
      onMessageOrphaned: orphaned.notify,
      onReplaced: replaced.notify,
      onReplyUnseen: unseen.notify,
    },
    onUpdated: updated.hear,
    onCurrentDeleted: deleted.hear,
    onOrphaned: orphaned.hear,
    onReplaced: replaced.hear,
    onReplyUnseen: unseen.hear,
  };
}

/** `isKept`: what nobody hears waits for whoever comes first. */
function createEvent<Args extends readonly unknown[]>(isKept = false) {
  const listeners = new Set<(...args: Args) => void>();
  const unheard: Args[] = [];
  const hear: Hear<Args> = (listener) => {
    listeners.add(listener);
    for (const args of unheard.splice(0)) listener(...args);
    return () => listeners.delete(listener);
  };
  const notify = (...args: Args): void => {
    if (isKept && listeners.size === 0) unheard.push(args);
    for (const listener of listeners) listener(...args);
  };
  return { hear, notify };
}

const EventsContext = createContext<DeviceEvents | null>(null);
export const DeviceEventsProvider = EventsContext.Provider;

/** The events of this page's device. */
export function useDeviceEvents(): DeviceEvents {
  const events = useContext(EventsContext);
  if (!events) throw new Error("no provider");
  return events;
}
