/** The choice of pushes: what a person asked for, what the browser has, and what the server knows, kept in step. */
import type { PushSubscribe } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { type Failure, failure } from "../sync/device.ts";
import { createPushChoice, type PushRefusal } from "./push-choice.ts";

interface World {
  refusal: PushRefusal | null;
  permission: "granted" | "default" | "denied";
  answer: "granted" | "denied";
  hasService: boolean;
  serverProblem: Failure | null;
  endpoint: string | null;
  kept: string | null;
}

function world(given: Partial<World> = {}) {
  const now: World = {
    refusal: null,
    permission: "default",
    answer: "granted",
    hasService: true,
    serverProblem: null,
    endpoint: null,
    kept: null,
    ...given,
  };
  const done: string[] = [];
  let made = 0;
  const wire = (endpoint: string): PushSubscribe => ({ endpoint, keys: { p256dh: "p", auth: "a" } });
  const choice = createPushChoice({
    browser: {
      refusal: () => now.refusal ?? (now.permission === "denied" ? "denied" : null),
      isGranted: () => now.permission === "granted",
      async ask() {
        done.push("ask");
        now.permission = now.answer;
        return now.permission === "granted";
      },
      subscription: async () => (now.endpoint === null ? null : wire(now.endpoint)),
      async subscribe(key) {
        if (!now.hasService) throw new Error("no service");
        now.endpoint = `https://push.example/${(made += 1)}`;
        done.push(`subscribe ${key}`);
        return wire(now.endpoint);
      },
      async unsubscribe() {
        if (now.endpoint !== null) done.push("unsubscribe");
        now.endpoint = null;
      },
    },
    calls: {
      key: async () => now.serverProblem ?? { public_key: "key" },
      async add({ endpoint }) {
        done.push(`add ${endpoint}`);
        return now.serverProblem ?? {};
      },
      async remove(endpoint) {
        done.push(`remove ${endpoint}`);
        return now.serverProblem ?? {};
      },
    },
    kept: {
      get: () => now.kept,
      set: (endpoint) => void (now.kept = endpoint),
      remove: () => void (now.kept = null),
    },
  });
  return { choice, now, done };
}

const OLD = "https://push.example/old";
const NEW = "https://push.example/1";

describe("pushes to this device", () => {
  it("[PUSH-1] are off, and nothing is asked of anybody, until a person turns them on", async () => {
    const { choice, done } = world({ permission: "granted", endpoint: OLD });
    expect(await choice.state()).toEqual({ isOn: false, problem: null });
    await choice.renew();
    expect(done).toEqual([]);
  });

  it("[PUSH-1] are on once person, browser and server have agreed, and are found so again", async () => {
    const { choice, now, done } = world();
    expect(await choice.turnOn()).toEqual({ isOn: true, problem: null });
    expect(done).toEqual(["ask", "subscribe key", `add ${NEW}`]);
    expect([now.kept, await choice.state()]).toEqual([NEW, { isOn: true, problem: null }]);
  });

  it("[PUSH-1] end what another account had in this browser", async () => {
    const { choice, done } = world({ permission: "granted", endpoint: OLD });
    await choice.turnOn();
    expect(done).toEqual(["ask", "unsubscribe", "subscribe key", `add ${NEW}`]);
  });

  it.each(["insecure", "not-installed", "unsupported", "denied"] as const)(
    "say that they can't where it is %s, without asking",
    async (refusal) => {
      const { choice, done } = world({ refusal, kept: OLD, permission: "granted" });
      expect(await choice.state()).toEqual({ isOn: false, problem: refusal });
      expect(await choice.turnOn()).toEqual({ isOn: false, problem: refusal });
      await choice.renew();
      expect(done).toEqual([]);
    },
  );

  it("stay off where the person says no, where there is no push service, and where the server has no answer", async () => {
    const no = world({ answer: "denied" });
    expect(await no.choice.turnOn()).toEqual({ isOn: false, problem: "denied" });
    const none = world({ hasService: false });
    expect(await none.choice.turnOn()).toEqual({ isOn: false, problem: "no-service" });
    const away = world({ serverProblem: failure("unreachable", "") });
    expect(await away.choice.turnOn()).toEqual({ isOn: false, problem: failure("unreachable", "") });
    expect([no.now.kept, none.now.kept, away.now.kept]).toEqual([null, null, null]);
  });

  it("are off for good, whether the server can be asked or not", async () => {
    for (const serverProblem of [null, failure("unreachable", "")]) {
      const { choice, now, done } = world({ permission: "granted", endpoint: OLD, kept: OLD, serverProblem });
      expect(await choice.turnOff()).toEqual({ isOn: false, problem: null });
      expect(done).toEqual(["unsubscribe", `remove ${OLD}`]);
      expect([now.kept, now.endpoint, await choice.state()]).toEqual([null, null, { isOn: false, problem: null }]);
    }
  });

  it("[PUSH-1] are told to the server anew when the page begins: as they are, as the browser has changed them, or made again", async () => {
    const same = world({ permission: "granted", endpoint: OLD, kept: OLD });
    await same.choice.renew();
    expect([same.done, same.now.kept]).toEqual([[`add ${OLD}`], OLD]);
    const changed = world({ permission: "granted", endpoint: "https://push.example/changed", kept: OLD });
    await changed.choice.renew();
    expect(changed.now.kept).toBe("https://push.example/changed");
    const lost = world({ permission: "granted", kept: OLD });
    await lost.choice.renew();
    expect([lost.done, lost.now.kept]).toEqual([["subscribe key", `add ${NEW}`], NEW]);
    expect([await same.choice.renew(), same.now.endpoint]).toEqual([false, OLD]);
    const withdrawn = world({ permission: "default", endpoint: OLD, kept: OLD });
    await withdrawn.choice.renew();
    expect(withdrawn.done).toEqual([]);
  });

  it("[PUSH-1] [SYNC-9] end in a browser where somebody else is signed in by now, and begin anew when the account is back", async () => {
    const { choice, now } = world({
      permission: "granted",
      endpoint: OLD,
      kept: OLD,
      serverProblem: failure("unauthorized", ""),
    });
    expect([await choice.renew(), now.endpoint, now.kept]).toEqual([true, null, OLD]);
    expect([await choice.renew(), now.endpoint]).toEqual([false, null]);
    now.serverProblem = null;
    expect([await choice.renew(), now.endpoint, now.kept]).toEqual([false, NEW, NEW]);
  });

  it("[PUSH-1] leave alone what another account has in this browser, and what a server that is away can't judge", async () => {
    for (const given of [
      { endpoint: NEW, serverProblem: failure("unauthorized", "") },
      { endpoint: OLD, serverProblem: failure("unreachable", "") },
    ]) {
      const { choice, now } = world({ permission: "granted", kept: OLD, ...given });
      expect([await choice.renew(), now.endpoint]).toEqual([false, given.endpoint]);
    }
  });
});
