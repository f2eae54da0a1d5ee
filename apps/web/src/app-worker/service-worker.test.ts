/** The page's worker as the browser calls it: what it does with a press, a subscription that changes, and what an earlier build has left. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

type Listener = (event: object) => void;

const heard = new Map<string, Listener>();
const done: string[] = [];
const log =
  (what: string) =>
  async (...values: unknown[]) =>
    void done.push([what, ...values].join(" "));

const clients = { matchAll: async () => [], openWindow: log("open"), claim: log("claim") };
const registration = {
  navigationPreload: { enable: log("preload") },
  showNotification: async (title: string, { tag = "" }: NotificationOptions) => log("show")(title, tag),
};
const caches = {
  keys: async () => ["instep-page-1", "instep-page-2", "/push-words", "another-app"],
  delete: log("delete"),
  match: async () => undefined,
};

beforeAll(async () => {
  vi.stubGlobal("BUILT_FILES", { version: "2", entry: "/assets/index-2.js", paths: ["/"] });
  const add = vi.spyOn(globalThis, "addEventListener").mockImplementation((type: string, listener: unknown) => {
    heard.set(type, listener as Listener);
  });
  for (const [name, value] of Object.entries({ clients, registration, caches, skipWaiting: log("take over") })) {
    vi.stubGlobal(name, value);
  }
  await import("./service-worker.ts");
  add.mockRestore();
});
afterAll(() => void vi.unstubAllGlobals());
beforeEach(() => void (done.length = 0));

/** Resolves when the worker has done what the event asks for. */
async function tell(type: string, event: object): Promise<void> {
  const work: Promise<unknown>[] = [];
  heard.get(type)?.({ waitUntil: (lasting: Promise<unknown>) => void work.push(lasting), ...event });
  await Promise.all(work);
}

test("a press on a notification takes it away and leads to its conversation, whatever its title says", async () => {
  await tell("notificationclick", {
    notification: { tag: "a", title: "Garlic", close: () => void done.push("close") },
  });
  expect(done).toEqual(["close", "open /c/a"]);
});

test("[PUSH-1] a push is shown under its conversation, which a press on it leads to", async () => {
  await tell("push", {
    data: { text: () => JSON.stringify({ conversation_id: "a", title: "Garlic", kind: "complete" }) },
  });
  expect(done).toEqual(["show Garlic a"]);
});

test("[PUSH-1] the server is told of the browser's new subscription in the place of the old one", async () => {
  const subscription = (name: string) => ({
    endpoint: `https://push.example/${name}`,
    options: { applicationServerKey: new ArrayBuffer(1) },
    toJSON: () => ({ keys: { p256dh: name, auth: name } }),
  });
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (address: string, { method, body }: { method: string; body: string }) => {
    asked.push([method, address, JSON.parse(body)]);
  });
  await tell("pushsubscriptionchange", {
    oldSubscription: subscription("old"),
    newSubscription: subscription("new"),
  });
  const keys = { p256dh: "new", auth: "new" };
  const replaced = { endpoint: "https://push.example/new", keys, replaces: "https://push.example/old" };
  expect(asked).toEqual([["POST", "/api/push/subscriptions", replaced]]);
});

test("what earlier builds have kept is given up, and nothing that is anybody else's", async () => {
  await tell("activate", {});
  expect(done).toEqual(["delete instep-page-1", "preload", "claim"]);
});

test("a page is told which build the worker is of, and lets it take over", async () => {
  const { port1, port2 } = new MessageChannel();
  const build = new Promise((resolve) => port1.addEventListener("message", ({ data }) => resolve(data)));
  port1.start();
  await tell("message", { data: { kind: "which-build" }, ports: [port2] });
  expect(await build).toEqual({ version: "2", entry: "/assets/index-2.js" });
  await tell("message", { data: { kind: "take-over" }, ports: [] });
  expect(done).toEqual(["take over"]);
  port1.close();
});
