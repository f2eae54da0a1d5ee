/** One browser's store as several tabs see it: a tab is told of what another one stored, at once or when the test lets it. */
import type { KeyValue } from "../src/environment.ts";

export interface SharedStore {
  readonly tab: () => KeyValue;
  /** Tells every tab what the others stored meanwhile. */
  readonly deliver: () => void;
  /** From now on nothing is taken, as of a store that is full. */
  readonly fill: (isFull: boolean) => void;
}

export function sharedStore(): SharedStore {
  const stored = new Map<string, string>();
  const tabs: { readonly listeners: Set<() => void>; isBehind: boolean }[] = [];
  let isFull = false;
  return {
    tab: () => {
      const own = { listeners: new Set<() => void>(), isBehind: false };
      tabs.push(own);
      const tellOthers = () => {
        for (const tab of tabs) tab.isBehind ||= tab !== own;
      };
      return {
        get: (key) => stored.get(key) ?? null,
        set: (key, value) => {
          if (isFull || stored.get(key) === value) return;
          stored.set(key, value);
          tellOthers();
        },
        remove: (key) => {
          if (stored.delete(key)) tellOthers();
        },
        keys: () => [...stored.keys()],
        onOtherTab: (listener) => {
          own.listeners.add(listener);
          return () => own.listeners.delete(listener);
        },
      };
    },
    deliver: () => {
      for (const tab of tabs) {
        if (!tab.isBehind) continue;
        tab.isBehind = false;
        for (const listener of tab.listeners) listener();
      }
    },
    fill: (next) => {
      isFull = next;
    },
  };
}
