/** The other tabs, of which nothing is waited for and nothing is believed unseen: they may hang, throw, or be of another version [DEV-14]. */
import type { Environment } from "../environment.ts";
import { guarded } from "../guarded.ts";
import { isTabMessage } from "./is-tab-message.ts";
import type { Tabs } from "./tabs.ts";

/** So long a lock may take to be given or refused. */
const LOCK_PATIENCE_MS = 2000;

/** The same tabs: telling them never throws, hearing them never stops another listener, and a lock that hangs is done without. */
export function patientTabs(tabs: Tabs, environment: Pick<Environment, "setTimer" | "clearTimer">): Tabs {
  const waiting = new Set<() => void>();
  return {
    hasOthers: tabs.hasOthers,
    tell: (message) => attempt(() => tabs.tell(message)),
    subscribe: (listener) =>
      tabs.subscribe((message: unknown) => {
        if (isTabMessage(message)) guarded(() => listener(message));
      }),
    holdForAll(onChange) {
      const tellServed = (isServed: boolean): void => guarded(() => onChange(isServed));
      try {
        return tabs.holdForAll(tellServed);
      } catch {
        tellServed(false);
        return () => {};
      }
    },
    // Once only, however late the lock is given; a send that two tabs make is one send [TURN-3].
    exclusively: (name, run) =>
      new Promise((resolve, reject) => {
        let running: Promise<void> | null = null;
        const stopWaiting = (): void => {
          environment.clearTimer(timer);
          waiting.delete(leave);
        };
        const leave = (): void => {
          stopWaiting();
          running ??= Promise.resolve();
          resolve(false);
        };
        const begin = (): Promise<void> => {
          stopWaiting();
          return (running ??= run());
        };
        const alone = (): void => void begin().then(() => resolve(true), reject);
        const timer = environment.setTimer(alone, LOCK_PATIENCE_MS);
        waiting.add(leave);
        const answered = (isHere: boolean): void => {
          stopWaiting();
          if (isHere || !running) resolve(isHere);
        };
        new Promise<boolean>((answer) => answer(tabs.exclusively(name, begin))).then(answered, alone);
      }),
    close() {
      for (const leave of waiting) leave();
      attempt(() => tabs.close());
    },
    open: () => attempt(() => tabs.open()),
  };
}

/** A closed channel, or a message that can't be copied, costs a hint. */
function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // The other tabs ask the server themselves.
  }
}
