/** The browser as the page needs it: storage, time, clipboard, media queries, notifications. Everything else gets it by context. */
import { createContext } from "preact";
import { useSyncExternalStore } from "preact/compat";
import { useCallback, useContext } from "preact/hooks";
import type { Notice } from "./show-notification.ts";

/** Small texts that stay on the device; writing never throws, since a full or blocked store must not stop a person from typing. */
export interface KeyValue {
  readonly get: (key: string) => string | null;
  readonly set: (key: string, value: string) => void;
  readonly remove: (key: string) => void;
  readonly keys: () => readonly string[];
  /** Called when what is stored may be another tab's by now; the returned function ends that. */
  readonly onOtherTab: (listener: () => void) => () => void;
}

export type NotificationPermissionState = "granted" | "denied" | "default" | "unsupported";

export interface Notifications {
  readonly permission: () => NotificationPermissionState;
  readonly request: () => Promise<NotificationPermissionState>;
  /** Shows one notification a tag; a second one with the tag replaces the first. */
  readonly show: (notice: Notice) => void;
}

export interface PageEnvironment {
  readonly keyValue: KeyValue;
  readonly notifications: Notifications;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls back once after `ms`; the returned function takes it back. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Calls back before the next frame is painted; in a hidden page, where none is, after a while. */
  readonly onNextFrame: (callback: () => void) => () => void;
  /** Resolves to whether the text is on the clipboard now. */
  readonly copy: (text: string) => Promise<boolean>;
  /** Fetches a file of the server's into the person's downloads; the page stays. */
  readonly download: (address: string) => void;
  readonly matches: (query: string) => boolean;
  /** Called each time that a media query begins or ceases to match; the returned function takes it back. */
  readonly onMatchesChange: (query: string, callback: () => void) => () => void;
  readonly isMac: () => boolean;
  /** What the person reads, most wanted first, as in `["de-AT", "en"]`. */
  readonly languages: () => readonly string[];
  /** Whether the person has told the browser to save data. */
  readonly isDataDear: () => boolean;
  /** Shows a number on the icon of the installed app, where there is one; 0 takes it away. */
  readonly setBadge: (count: number) => void;
  /** Whether this tab, or another one of this browser, is in front of the person. */
  readonly isAnyTabFocused: () => boolean;
}

const EnvironmentContext = createContext<PageEnvironment | null>(null);
export const EnvironmentProvider = EnvironmentContext.Provider;

/** The environment of this page. */
export function useEnvironment(): PageEnvironment {
  const environment = useContext(EnvironmentContext);
  if (!environment) throw new Error("no provider");
  return environment;
}

/** Whether a media query matches, also when that changes. */
export function useMatches(query: string): boolean {
  const environment = useEnvironment();
  return useSyncExternalStore(
    useCallback((listener) => environment.onMatchesChange(query, listener), [environment, query]),
    () => environment.matches(query),
  );
}

const HIDDEN_FRAME_MS = 500;

/** The real browser. */
export function browserEnvironment(): PageEnvironment {
  const keyValue = browserKeyValue();
  return {
    keyValue,
    notifications: browserNotifications(),
    now: () => Date.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    onNextFrame: (callback) => {
      if (document.hidden) {
        const timer = setTimeout(callback, HIDDEN_FRAME_MS);
        return () => clearTimeout(timer);
      }
      const frame = requestAnimationFrame(callback);
      return () => cancelAnimationFrame(frame);
    },
    copy: copyText,
    download: downloadFile,
    matches: (query) => matchMedia(query).matches,
    onMatchesChange: (query, callback) => {
      const list = matchMedia(query);
      list.addEventListener("change", callback);
      return () => list.removeEventListener("change", callback);
    },
    languages: () => navigator.languages,
    isMac: () => /mac|iphone|ipad/i.test(navigator.userAgent),
    isDataDear: () => matchMedia("(prefers-reduced-data: reduce)").matches || isSavingData(),
    setBadge: (count) => {
      // Refused where the page is not installed.
      if ("setAppBadge" in navigator) void navigator.setAppBadge(count).catch(() => undefined);
    },
    isAnyTabFocused: watchFocus(keyValue),
  };
}

/** Storage that answers null and forgets where the browser refuses it. */
function browserKeyValue(): KeyValue {
  const attempt = <T>(action: () => T): T | null => {
    try {
      return action();
    } catch {
      return null;
    }
  };
  return {
    get: (key) => attempt(() => localStorage.getItem(key)),
    set: (key, value) => void attempt(() => localStorage.setItem(key, value)),
    remove: (key) => void attempt(() => localStorage.removeItem(key)),
    keys: () => attempt(() => Object.keys(localStorage)) ?? [],
    onOtherTab: (listener) => {
      // A page that was put aside by the browser is told nothing of what was stored meanwhile.
      const onShown = ({ persisted }: PageTransitionEvent) => void (persisted && listener());
      window.addEventListener("storage", listener);
      window.addEventListener("pageshow", onShown);
      return () => {
        window.removeEventListener("storage", listener);
        window.removeEventListener("pageshow", onShown);
      };
    },
  };
}

function browserNotifications(): Notifications {
  const isSupported = "Notification" in window;
  return {
    permission: () => (isSupported ? Notification.permission : "unsupported"),
    request: async () => (isSupported ? await Notification.requestPermission() : "unsupported"),
    // Without it nothing is shown.
    show: (notice) => {
      if (!isSupported || Notification.permission !== "granted") return;
      void import("./show-notification.ts")
        .then(({ showNotification }) => showNotification(notice))
        .catch(() => undefined);
    },
  };
}

const FOCUS_KEY = "instep.focused";

/** Tabs tell each other by a stored name which one has the focus; a tab that was killed while it had it is forgotten when any other is left. */
function watchFocus(keyValue: KeyValue): () => boolean {
  const tab = String(performance.timeOrigin);
  const enter = () => keyValue.set(FOCUS_KEY, tab);
  const leave = () => {
    if (keyValue.get(FOCUS_KEY) === tab) keyValue.remove(FOCUS_KEY);
  };
  window.addEventListener("focus", enter);
  window.addEventListener("blur", leave);
  window.addEventListener("pagehide", leave);
  if (document.hasFocus()) enter();
  return () => document.hasFocus() || (keyValue.get(FOCUS_KEY) ?? tab) !== tab;
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const other = await import("./copy-selected.ts").catch(() => null);
    return other?.copySelected(text) ?? false;
  }
}

/** Not in every browser, and not among the page's types. */
function isSavingData(): boolean {
  const connection: unknown = Reflect.get(navigator, "connection");
  return typeof connection === "object" && connection !== null && Reflect.get(connection, "saveData") === true;
}

function downloadFile(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
