/** An environment whose time stands still until a test moves it, and whose storage is a map. */
import type { PageEnvironment, NotificationPermissionState } from "../src/environment.ts";

export interface TestEnvironment extends PageEnvironment {
  /** Moves the clock on and calls what became due, in order. */
  advance(ms: number): void;
  /** How many wait for their time, or for a media query to change. */
  readonly waiting: () => number;
  /** Makes the window narrow or wide. */
  setNarrow(isNarrow: boolean): void;
  readonly copied: string[];
  readonly downloaded: string[];
  /** What the app's icon was told to show, in order. */
  readonly badges: number[];
  readonly shown: {
    readonly title: string;
    readonly body: string;
    readonly tag: string;
    readonly onClick: () => void;
  }[];
}

/** A storage that is a map, of which no other tab knows. */
export function memoryKeyValue(): PageEnvironment["keyValue"] {
  const stored = new Map<string, string>();
  return {
    get: (key) => stored.get(key) ?? null,
    set: (key, value) => void stored.set(key, value),
    remove: (key) => void stored.delete(key),
    keys: () => [...stored.keys()],
    onOtherTab: () => () => undefined,
  };
}

export function testEnvironment(
  options: {
    readonly isTouch?: boolean;
    readonly isNarrow?: boolean;
    readonly permission?: NotificationPermissionState;
    readonly isFocused?: boolean;
    readonly isDataDear?: boolean;
    readonly languages?: readonly string[];
    /** What is stored already; empty where nothing is given. */
    readonly keyValue?: PageEnvironment["keyValue"];
    /** Frames come a moment later, as they do in a browser, and not at once. */
    readonly hasFrames?: boolean;
    /** What the person says when asked for notifications. */
    readonly answer?: NotificationPermissionState;
  } = {},
): TestEnvironment {
  let isNarrow = options.isNarrow === true;
  const widthListeners = new Set<() => void>();
  let time = 1_780_000_000_000;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const copied: string[] = [];
  const downloaded: string[] = [];
  const badges: number[] = [];
  const shown: TestEnvironment["shown"] = [];
  return {
    copied,
    downloaded,
    badges,
    shown,
    keyValue: options.keyValue ?? memoryKeyValue(),
    notifications: {
      permission: () => options.permission ?? "default",
      request: () => Promise.resolve(options.answer ?? "granted"),
      show: ({ title, body, tag, onClick }) => void shown.push({ title, body, tag, onClick }),
    },
    now: () => time,
    after: (ms, callback) => {
      const timer = { at: time + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    onNextFrame: (callback) => {
      if (options.hasFrames) {
        const timer = setTimeout(callback, 0);
        return () => clearTimeout(timer);
      }
      callback();
      return () => undefined;
    },
    copy: (text) => {
      copied.push(text);
      return Promise.resolve(true);
    },
    download: (address) => void downloaded.push(address),
    matches: (query) => (query === "(pointer: coarse)" ? options.isTouch === true : isNarrow),
    onMatchesChange: (_query, listener) => {
      widthListeners.add(listener);
      return () => widthListeners.delete(listener);
    },
    setNarrow: (next) => {
      isNarrow = next;
      for (const listener of widthListeners) listener();
    },
    isMac: () => false,
    languages: () => options.languages ?? ["en-GB"],
    isDataDear: () => options.isDataDear === true,
    setBadge: (count) => void badges.push(count),
    isAnyTabFocused: () => options.isFocused === true,
    waiting: () => timers.size + widthListeners.size,
    advance: (ms) => {
      time += ms;
      const due = [...timers].filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
      for (const timer of due) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}
