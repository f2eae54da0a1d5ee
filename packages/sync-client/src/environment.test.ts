/** The real environment, as far as this runtime has it; the page's events are tried in browsers. */
import { isUuid } from "@instep/protocol";
import { describe, expect, it } from "vitest";
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
