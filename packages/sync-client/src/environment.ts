/** What the device asks of the world around it: time, chance, and the page's life. */

/** What happens to a page. `focus`: somebody is at it who sees it. `suspend` (frozen, or kept for back and forward) allows no work after it; `resume` ends it. */
export type PageEvent = "show" | "hide" | "focus" | "online" | "offline" | "suspend" | "resume";

export interface Page {
  isVisible(): boolean;
  isOnline(): boolean;
  /** Returns what ends the subscription. */
  subscribe(listener: (event: PageEvent) => void): () => void;
}

export type Timer = unknown;

export interface Environment {
  /** Unix milliseconds by the device's clock, which may be wrong and may step: for intervals and for the eye, never for what is newer. */
  now(): number;
  setTimer(run: () => void, delayMs: number): Timer;
  clearTimer(timer: Timer): void;
  /** From 0 up to, but not, 1. */
  random(): number;
  uuid(): string;
  readonly page: Page;
}

/** The real one: in a browser with its page's events; in Node and workers, always visible. */
export function realEnvironment(): Environment {
  return {
    now: () => Date.now(),
    setTimer: (run, delayMs) => setTimeout(run, delayMs),
    clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    random: () => Math.random(),
    uuid: newUuid,
    page: typeof document === "undefined" ? alwaysVisible : realPage,
  };
}

/** Tells of an error that nobody catches, as the platform does, and stops nothing that runs. */
export function reportError(error: unknown): void {
  if (typeof globalThis.reportError === "function") return globalThis.reportError(error);
  queueMicrotask(() => {
    throw error;
  });
}

const alwaysVisible: Page = { isVisible: () => true, isOnline: () => true, subscribe: () => () => {} };

const realPage: Page = {
  isVisible: () => !document.hidden && document.visibilityState !== "hidden",
  isOnline: () => navigator.onLine,
  subscribe(listener) {
    const ending = new AbortController();
    const on = (target: EventTarget, type: string, toEvent: (event: Event) => PageEvent | null): void => {
      const report = (event: Event): void => {
        const meaning = toEvent(event);
        if (meaning) listener(meaning);
      };
      target.addEventListener(type, report, { signal: ending.signal });
    };
    on(document, "visibilitychange", () => (realPage.isVisible() ? "show" : "hide"));
    on(document, "freeze", () => "suspend");
    on(document, "resume", () => "resume");
    on(window, "pagehide", () => "suspend");
    // The first pageshow of a page is its start; only a return from the back/forward cache is news.
    on(window, "pageshow", (event) => ((event as PageTransitionEvent).persisted ? "resume" : null));
    on(window, "focus", () => (realPage.isVisible() ? "focus" : null));
    on(window, "online", () => "online");
    on(window, "offline", () => "offline");
    return () => ending.abort();
  },
};

/** A random id, also where the page is not served securely and the browser makes none [ID-1]. */
export function newUuid(): string {
  return crypto.randomUUID?.() ?? uuidFromBytes(crypto.getRandomValues(new Uint8Array(16)));
}

function uuidFromBytes(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, "0");
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
