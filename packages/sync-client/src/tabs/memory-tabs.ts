/** Tabs of one browser within one program: for tests and simulations. */
import type { TabMessage, Tabs } from "./tabs.ts";

interface Waiting {
  readonly onChange: (isServedByOther: boolean) => void;
}

interface MemoryTab {
  isOpen: boolean;
  readonly listeners: Set<(message: TabMessage) => void>;
  readonly holders: Set<Waiting>;
}

/** One browser: each call of the function it returns opens a tab. */
export function memoryTabs(): () => Tabs {
  const tabs: MemoryTab[] = [];
  const queue: Waiting[] = [];
  const busy = new Map<string, { readonly tab: MemoryTab }>();
  const join = (waiting: Waiting): void => {
    if (queue.includes(waiting)) return;
    queue.push(waiting);
    waiting.onChange(queue[0] !== waiting);
  };
  const leave = (waiting: Waiting): void => {
    const place = queue.indexOf(waiting);
    if (place < 0) return;
    queue.splice(place, 1);
    if (place === 0) queue[0]?.onChange(false);
  };
  return () => {
    const tab: MemoryTab = { isOpen: true, listeners: new Set(), holders: new Set() };
    tabs.push(tab);
    return {
      hasOthers: true,
      tell(message) {
        if (!tab.isOpen) return;
        for (const other of tabs) if (other !== tab) deliver(other, structuredClone(message));
      },
      subscribe(listener) {
        tab.listeners.add(listener);
        return () => void tab.listeners.delete(listener);
      },
      holdForAll(onChange) {
        const waiting = { onChange };
        tab.holders.add(waiting);
        join(waiting);
        return () => {
          tab.holders.delete(waiting);
          leave(waiting);
        };
      },
      async exclusively(name, run) {
        if (busy.has(name)) return false;
        const task = { tab };
        busy.set(name, task);
        await run().finally(() => busy.get(name) === task && busy.delete(name));
        return true;
      },
      close() {
        tab.isOpen = false;
        for (const waiting of tab.holders) leave(waiting);
        for (const [name, task] of busy) if (task.tab === tab) busy.delete(name);
      },
      open() {
        tab.isOpen = true;
        for (const waiting of tab.holders) join(waiting);
      },
    };
  };
}

/** Later, as a browser does, and not to a tab that is closed by then. */
function deliver(tab: MemoryTab, message: TabMessage): void {
  queueMicrotask(() => {
    if (tab.isOpen) for (const listener of tab.listeners) listener(message);
  });
}
