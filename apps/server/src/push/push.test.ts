/** Whom the end of a reply is told to, how many messages are on their way at once, and what is left when the program stops. */
import type { AccountId, ConversationId, PushSubscribe, ReplyId } from "@instep/protocol";
import type { EndedReply } from "@instep/sync-server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { startPushService, type PushService } from "../../test/push-service.ts";
import { createPush, type PushParts } from "./push.ts";
import { readVapid } from "./vapid.ts";

const ANN = "ann" as AccountId;
/** Who has not subscribed. */
const BOB = "bob" as AccountId;
const ENDED: EndedReply = {
  accountId: ANN,
  conversationId: "00000000-0000-4000-8000-00000000000c" as ConversationId,
  replyId: "00000000-0000-4000-8000-00000000000d" as ReplyId,
  kind: "complete",
  title: "Quince",
};
/** Nobody listens there: each try fails at once. */
const NOWHERE = "https://127.0.0.1:1/secret";

let subscriptions: PushSubscribe[];
let removed: string[];
let logged: { readonly said: object; readonly text: string }[];
/** How many requests were begun. */
let begun: number;

beforeEach(() => {
  [subscriptions, removed, logged, begun] = [[], [], [], 0];
});

function pushWith(parts: Partial<PushParts> = {}) {
  return createPush({
    presence: { looks: () => false, beginQuestion: unused, beginWatching: unused, noteQuestion: unused },
    store: () => ({
      add: unused,
      remove: unused,
      removeEndpoint: (endpoint) => void removed.push(endpoint),
      of: (id) => (id === BOB ? [] : subscriptions),
    }),
    vapid: () => ({ publicKey: "", authorization: () => ((begun += 1), "vapid") }),
    isLetIn: () => true,
    now: () => 0,
    log: { warn: (said, text) => void logged.push({ said, text }) },
    ports: { isOpen: () => true, retryMs: 0 },
    ...parts,
  });
}

const unused = (): never => {
  throw new Error("nobody asks this");
};

function subscribe(service: PushService, count: number, endpoint = NOWHERE): void {
  const { keys } = service.subscribe();
  for (let number = 0; number < count; number += 1) subscriptions.push({ endpoint: `${endpoint}/${number}`, keys });
}

async function withService(use: (service: PushService) => Promise<void>, key = ""): Promise<void> {
  const service = await startPushService(() => key);
  try {
    await use(service);
  } finally {
    service.stop();
  }
}

const failures = () => logged.filter(({ text }) => text === "a push service took no message").length;

test("[SAFE-2] [PUSH-1] of many messages 500 are on their way at once, 20 of one account, and a stop gives them up, without a word on each", () =>
  withService(async (service) => {
    subscribe(service, 25);
    const push = pushWith({ ports: { isOpen: () => true, retryMs: 60_000 } });
    const tell = async (accountId: AccountId) => {
      push.tellOfEnd({ ...ENDED, accountId });
      await turn();
      return begun;
    };
    expect([await tell(ANN), await tell(ANN)]).toEqual([20, 20]);
    expect(await tell("cem" as AccountId), "what one account fills, it fills for itself").toBe(40);
    for (let other = 0; other < 30; other += 1) await tell(`other ${other}` as AccountId);
    expect(begun).toBe(500);
    await push.stop();
    expect([begun, logged]).toEqual([500, []]);
  }));

test("[PUSH-1] what is no longer on its way makes room, and each failure is told by the service's host alone", () =>
  withService(async (service) => {
    subscribe(service, 20);
    const push = pushWith();
    for (let round = 1; round <= 3; round += 1) {
      push.tellOfEnd(ENDED);
      await vi.waitFor(() => expect(failures()).toBe(round * 20), { timeout: 10_000 });
    }
    expect(begun, "each was tried twice").toBe(120);
    expect(logged[0]?.said).toEqual({ host: "127.0.0.1:1" });
    expect(removed).toEqual([]);
    await push.stop();
  }));

test("[PUSH-1] nobody is told who looks, may not be here, or whose reply was stopped or cut short", async () => {
  await withService(async (service) => {
    subscribe(service, 1);
    const looking = { looks: () => true, beginQuestion: unused, beginWatching: unused, noteQuestion: unused };
    const silent: readonly [Partial<PushParts>, Partial<EndedReply>][] = [
      [{ presence: looking }, {}],
      [{ isLetIn: () => false }, {}],
      [{}, { kind: "stopped" }],
      [{}, { kind: "interrupted" }],
      [{}, { accountId: BOB }],
      [{ store: () => null }, {}],
    ];
    for (const [parts, ended] of silent) {
      pushWith(parts).tellOfEnd({ ...ENDED, ...ended });
      await turn();
      expect(begun, JSON.stringify(ended)).toBe(0);
    }
    const push = pushWith();
    push.tellOfEnd({ ...ENDED, kind: "failed" });
    await turn();
    expect(begun).toBe(1);
    await push.stop();
  });
});

test("[PUSH-1] after the stop nobody is told, and nothing is said of it", async () => {
  await withService(async (service) => {
    subscribe(service, 1);
    const push = pushWith();
    await push.stop();
    push.tellOfEnd(ENDED);
    await turn();
    expect([begun, logged]).toEqual([0, []]);
  });
});

test("[PUSH-1] a store that can't be asked breaks nothing, and is said", async () => {
  const push = pushWith({ store: unused });
  push.tellOfEnd(ENDED);
  await turn();
  expect(logged.map(({ text }) => text)).toEqual(["who is to be told could not be read"]);
  await push.stop();
});

test("[PUSH-1] a title is cut to what fits, and a subscription ends by the service's own word alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "instep-push-key-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const vapid = readVapid({ dataDir: folder, publicUrl: "http://chat.example.org" }, unused);
  await withService(async (service) => {
    const { endpoint, keys } = service.subscribe();
    subscriptions = [{ endpoint, keys }];
    const push = pushWith({ ports: service.ports, vapid: () => vapid, now: () => Date.now() });
    push.tellOfEnd({ ...ENDED, title: `x${"🍐".repeat(5000)}` });
    await service.until(1);
    await vi.waitFor(() => expect(service.pushed).toHaveLength(1), { timeout: 15_000 });
    const { title } = JSON.parse(service.pushed[0]?.text ?? "{}") as { title?: string };
    expect(title).toBe(`x${"🍐".repeat(99)}`);
    service.answerWith(403, 413, 410);
    for (const [count, gone] of [
      [2, []],
      [3, []],
      [4, [endpoint]],
    ] as const) {
      push.tellOfEnd(ENDED);
      await service.until(count);
      await vi.waitFor(() => expect([failures(), removed]).toEqual([Math.min(count - 1, 2), gone]), {
        timeout: 15_000,
      });
    }
    expect(service.faults).toEqual([]);
    await push.stop();
  }, vapid.publicKey);
});

test.each(["endpoint", "keys"] as const)(
  "[PUSH-2] a subscription of which the %s is no good is kept nowhere",
  async (fault) => {
    await withService(async (service) => {
      const { endpoint, keys } = service.subscribe();
      const push = pushWith({ ports: { isOpen: () => false } });
      const asked =
        fault === "endpoint" ? { endpoint, keys } : { endpoint: "https://push.example/", keys: { ...keys, auth: "" } };
      // The service's own is at an address of this machine.
      const local = { ...asked, endpoint: asked.endpoint.replace("localhost", "127.0.0.1") };
      expect(push.subscribe({ accountId: ANN, sessionId: null }, local)).toBe(fault);
    });
  },
);
