/** The real browser behind the page's port: what is taken back is taken back, and what the browser refuses breaks nothing. */
import { afterEach, expect, test, vi } from "vitest";
import { browserEnvironment } from "./environment.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
});

const soon = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

test("a timer and a frame call back once, or not at all once they were taken back", async () => {
  const { after, onNextFrame } = browserEnvironment();
  const called: string[] = [];
  after(1, () => void called.push("timer"));
  after(1, () => void called.push("cancelled timer"))();
  onNextFrame(() => void called.push("frame"));
  onNextFrame(() => void called.push("cancelled frame"))();
  await soon(60);
  expect(called.toSorted()).toEqual(["frame", "timer"]);
});

test("a media query is followed until that is taken back", () => {
  const listeners = new Set<() => void>();
  vi.stubGlobal("matchMedia", () => ({
    matches: true,
    addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
  }));
  const environment = browserEnvironment();
  const end = environment.onMatchesChange("(max-width: 45rem)", () => undefined);
  expect([environment.matches("x"), listeners.size]).toEqual([true, 1]);
  end();
  expect(listeners.size).toBe(0);
});

test.each([
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", true],
  ["Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)", true],
  ["Mozilla/5.0 (X11; Linux x86_64)", false],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", false],
])("the keys of %s are a Mac's: %s", (userAgent, isMac) => {
  vi.stubGlobal("navigator", { userAgent });
  expect(browserEnvironment().isMac()).toBe(isMac);
});

test.each([
  [false, undefined, false],
  [false, { saveData: false }, false],
  [false, { saveData: true }, true],
  [true, undefined, true],
])("data is dear where the system says so (%s) or the connection (%o): %s", (matches, connection, isDear) => {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: matches && query.includes("prefers-reduced-data") }));
  vi.stubGlobal("navigator", { connection });
  expect(browserEnvironment().isDataDear()).toBe(isDear);
});

test("the app's icon shows the count where the browser can, and nothing breaks where it can't or refuses", async () => {
  const counts: number[] = [];
  const setAppBadge = async (count: number) => {
    counts.push(count);
    throw new TypeError("Not installed");
  };
  for (const navigator of [{ setAppBadge }, {}]) {
    vi.stubGlobal("navigator", navigator);
    browserEnvironment().setBadge(3);
  }
  await soon();
  expect(counts).toEqual([3]);
});

test("a browser without notifications says so, and shows and asks for none", async () => {
  expect("Notification" in window).toBe(false);
  const { notifications } = browserEnvironment();
  notifications.show({ title: "t", body: "b", tag: "a", onClick: () => undefined });
  expect([notifications.permission(), await notifications.request()]).toEqual(["unsupported", "unsupported"]);
});

test("a store that the browser refuses answers nothing and throws nothing", () => {
  const refuse = () => {
    throw new Error("refused");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse, clear: () => undefined });
  const { keyValue } = browserEnvironment();
  keyValue.set("a", "b");
  keyValue.remove("a");
  expect(keyValue.get("a")).toBeNull();
});

test("a tab in front is known to the others, until it is left; leaving one takes nothing from another", () => {
  const hasFocus = vi.spyOn(document, "hasFocus").mockReturnValue(true);
  const { isAnyTabFocused } = browserEnvironment();
  expect([isAnyTabFocused(), localStorage.getItem("instep.focused") === null]).toEqual([true, false]);
  hasFocus.mockReturnValue(false);
  expect(isAnyTabFocused()).toBe(false);
  window.dispatchEvent(new Event("blur"));
  expect(localStorage.getItem("instep.focused")).toBeNull();
  localStorage.setItem("instep.focused", "another tab");
  expect(isAnyTabFocused()).toBe(true);
  for (const type of ["blur", "pagehide"]) window.dispatchEvent(new Event(type));
  expect(isAnyTabFocused()).toBe(true);
  window.dispatchEvent(new Event("focus"));
  window.dispatchEvent(new Event("pagehide"));
  expect(isAnyTabFocused()).toBe(false);
});

test("a notification is shown only where it was granted, and a press on it opens the page and closes it", async () => {
  const shown: EventTarget[] = [];
  let closed = 0;
  class Fake extends EventTarget {
    static permission = "denied";
    constructor() {
      super();
      shown.push(this);
    }
    close(): void {
      closed++;
    }
  }
  vi.stubGlobal("Notification", Fake);
  const { notifications } = browserEnvironment();
  let opened = 0;
  const notice = { title: "t", body: "b", tag: "a", onClick: () => void opened++ };
  notifications.show(notice);
  expect([shown.length, notifications.permission()]).toEqual([0, "denied"]);
  Fake.permission = "granted";
  notifications.show(notice);
  await vi.dynamicImportSettled();
  shown[0]?.dispatchEvent(new Event("click"));
  expect([shown.length, opened, closed]).toEqual([1, 1, 1]);
});

test.each(["shows it", "refuses it", "is not there", "can't be had"])(
  "where only a worker may show notifications, as on phones, the page asks it, and goes on where it %s",
  async (worker) => {
    class Refused {
      static permission = "granted";
      constructor() {
        throw new TypeError("Illegal constructor");
      }
    }
    vi.stubGlobal("Notification", Refused);
    const shown: unknown[] = [];
    const showNotification = async (...what: unknown[]) => {
      if (worker === "refuses it") throw new TypeError("No permission");
      shown.push(what);
    };
    const getRegistration = async () => (worker === "is not there" ? undefined : { showNotification });
    const serviceWorker = worker === "can't be had" ? undefined : { getRegistration };
    vi.stubGlobal("navigator", { serviceWorker });
    const { notifications } = browserEnvironment();
    notifications.show({ title: "t", body: "b", tag: "a", onClick: () => undefined });
    await vi.dynamicImportSettled();
    await soon();
    expect(shown).toEqual(worker === "shows it" ? [["t", { body: "b", tag: "a", icon: "/favicon.svg" }]] : []);
  },
);

test("what another tab stored is told, also to a page that the browser had put aside, until that is ended", () => {
  const { keyValue } = browserEnvironment();
  let told = 0;
  const end = keyValue.onOtherTab(() => void told++);
  const events = [
    new StorageEvent("storage", { key: "a" }),
    Object.assign(new Event("pageshow"), { persisted: true }),
    Object.assign(new Event("pageshow"), { persisted: false }),
  ];
  for (const event of events) window.dispatchEvent(event);
  expect(told).toBe(2);
  end();
  for (const event of events) window.dispatchEvent(event);
  expect(told).toBe(2);
});

test("where the page has no clipboard, as over plain HTTP, a selection is copied, from within a dialog that lies over the page; the focus stays", async () => {
  vi.stubGlobal("navigator", {});
  const copied: unknown[] = [];
  let answer = true;
  const execCommand = (command: string) => {
    const { activeElement: field } = document;
    if (!(field instanceof HTMLTextAreaElement)) return false;
    const selected = field.value.slice(field.selectionStart, field.selectionEnd);
    copied.push([command, selected, field.parentElement?.tagName]);
    return answer;
  };
  Object.defineProperty(document, "execCommand", { configurable: true, value: execCommand });
  const { copy } = browserEnvironment();
  document.body.innerHTML = "<button>Copy</button><dialog open></dialog>";
  document.querySelector("button")?.focus();
  expect(await copy("some\nlines")).toBe(true);
  document.querySelector("dialog")?.remove();
  answer = false;
  expect(await copy("more")).toBe(false);
  expect(copied).toEqual([
    ["copy", "some\nlines", "DIALOG"],
    ["copy", "more", "BODY"],
  ]);
  expect([document.activeElement?.tagName, document.querySelector("textarea")]).toEqual(["BUTTON", null]);
  Reflect.deleteProperty(document, "execCommand");
  expect([await copy("nothing"), document.querySelector("textarea")]).toEqual([false, null]);
});
