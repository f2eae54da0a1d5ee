/** The real environment, as far as this runtime has it; the page's events are tried in browsers. */
import { isUuid } from "@instep/protocol";
import { describe, expect, it, vi } from "vitest";
import { realEnvironment } from "./environment.ts";

describe("the real environment", () => {
  it("is always visible and online where there is no page", () => {
    const { page } = realEnvironment();
    expect([page.isVisible(), page.isOnline()]).toEqual([true, true]);
    expect(page.subscribe(() => {})()).toBeUndefined();
  });

  it("gives UUIDs, also where the page was not loaded securely", () => {
    const environment = realEnvironment();
    const uuid = (): string => environment.uuid();
    expect(isUuid(uuid())).toBe(true);
    const secure = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
      const ids = [uuid(), uuid()];
      expect(ids.every(isUuid)).toBe(true);
      expect(ids[0]?.charAt(14)).toBe("4");
      expect(ids[0]).not.toBe(ids[1]);
    } finally {
      if (secure) Object.defineProperty(crypto, "randomUUID", secure);
      else Reflect.deleteProperty(crypto, "randomUUID");
    }
  });

  it("tells what happens to a page by what it means, and nothing once nobody listens", () => {
    const [page, view] = [new EventTarget(), new EventTarget()];
    let visibility = "visible";
    const state = { hidden: { get: () => visibility === "hidden" }, visibilityState: { get: () => visibility } };
    vi.stubGlobal("document", Object.defineProperties(page, state));
    vi.stubGlobal("window", view);
    const told: string[] = [];
    const end = realEnvironment().page.subscribe((event) => told.push(event));
    const happen = (): void => {
      const persisted = Object.assign(new Event("pageshow"), { persisted: true });
      const first = Object.assign(new Event("pageshow"), { persisted: false });
      for (visibility of ["hidden", "visible"]) page.dispatchEvent(new Event("visibilitychange"));
      visibility = "hidden";
      view.dispatchEvent(new Event("focus"));
      visibility = "visible";
      for (const type of ["freeze", "resume"]) page.dispatchEvent(new Event(type));
      for (const type of ["pagehide", "focus", "online", "offline"]) view.dispatchEvent(new Event(type));
      for (const event of [persisted, first]) view.dispatchEvent(event);
    };
    happen();
    const meant = ["hide", "show", "suspend", "resume", "suspend", "focus", "online", "offline", "resume"];
    expect(told).toEqual(meant);
    end();
    happen();
    expect(told).toEqual(meant);
    vi.unstubAllGlobals();
  });

  it("runs timers, and clears them", async () => {
    const environment = realEnvironment();
    const ran: string[] = [];
    const cleared = environment.setTimer(() => ran.push("cleared"), 0);
    environment.clearTimer(cleared);
    await new Promise<void>((resolve) => {
      environment.setTimer(() => {
        ran.push("ran");
        resolve();
      }, 1);
    });
    expect(ran).toEqual(["ran"]);
  });
});
