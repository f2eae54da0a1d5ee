/** A notification by the page itself, and where only a worker may show one. */
import { afterEach, expect, test, vi } from "vitest";
import { showNotification } from "./show-notification.ts";

afterEach(() => vi.unstubAllGlobals());

test("a press on it brings the page to the front, closes it and goes there, once", () => {
  const shown: (EventTarget & { readonly said: unknown })[] = [];
  const done: string[] = [];
  vi.stubGlobal(
    "Notification",
    class extends EventTarget {
      readonly said: unknown;

      constructor(...said: readonly unknown[]) {
        super();
        this.said = said;
        shown.push(this);
      }

      close(): void {
        done.push("close");
      }
    },
  );
  vi.spyOn(window, "focus").mockImplementation(() => void done.push("focus"));
  showNotification({ title: "Trip", body: "The reply has ended.", tag: "a", onClick: () => void done.push("go") });
  expect(shown[0]?.said).toEqual(["Trip", { body: "The reply has ended.", tag: "a", icon: "/favicon.svg" }]);
  expect(done).toEqual([]);
  shown[0]?.dispatchEvent(new Event("click"));
  expect(done.toSorted()).toEqual(["close", "focus", "go"]);
});

test("where the page may show none by itself, its worker does, and without one nothing is shown", async () => {
  vi.stubGlobal("Notification", () => {
    throw new TypeError("Illegal constructor");
  });
  const byWorker: unknown[] = [];
  const registration = { showNotification: async (...said: readonly unknown[]) => void byWorker.push(said) };
  const notice = { title: "Trip", body: "Ended.", tag: "a", onClick: () => undefined };
  for (const found of [registration, undefined]) {
    vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => found } });
    showNotification(notice);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  expect(byWorker).toEqual([["Trip", { body: "Ended.", tag: "a", icon: "/favicon.svg" }]]);
});
