/** What BroadcastChannel does, over the events of the storage that the tabs share: for browsers that lack it [DEV-13]. */
import type { TabMessage } from "./tabs.ts";

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  postMessage(message: TabMessage): void;
  addEventListener(type: "message", listener: (event: { readonly data: TabMessage }) => void): void;
  close(): void;
}

/** Null where that is missing too, or forbidden. */
export function storageChannel(name: string): Channel | null {
  const storage = sharedStorage();
  if (!storage) return null;
  const ending = new AbortController();
  return {
    postMessage(message) {
      // Taken away at once: others are told of a change, not of what stands there.
      storage.setItem(name, JSON.stringify(message));
      storage.removeItem(name);
    },
    addEventListener(_type, listener) {
      const onStorage = ({ key, newValue }: StorageEvent): void => {
        // Removed again, or another key's.
        if (key === name && newValue) listener({ data: JSON.parse(newValue) });
      };
      globalThis.addEventListener("storage", onStorage, { signal: ending.signal });
    },
    close: () => ending.abort(),
  };
}

function sharedStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
