/** The real browser's part of pushes: who can't, and whose choice is told to the server again. */
import { afterEach, expect, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { browserPush, endPush, renewPushes } from "./browser-push.ts";

const ANN = "5f0e9a52-0c0f-4a64-8a0e-3f7d2b1c4e03";

afterEach(() => vi.unstubAllGlobals());

interface Browser {
  readonly isSecure?: boolean;
  readonly hasPush?: boolean;
  readonly permission?: NotificationPermission;
  readonly userAgent?: string;
  readonly maxTouchPoints?: number;
}

/** A browser that is subscribed, and a server that takes everything. */
function stub(browser: Browser = {}) {
  const { isSecure = true, hasPush = true, permission = "granted", userAgent = "Chrome", maxTouchPoints = 0 } = browser;
  const asked: (readonly [string, string | undefined, unknown])[] = [];
  const bodies: unknown[] = [];
  let ended = 0;
  const subscription = {
    endpoint: "https://push.example/a",
    toJSON: () => ({ keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: async () => (ended += 1) > 0,
  };
  const pushManager = { getSubscription: async () => subscription, subscribe: async () => subscription };
  const serviceWorker = { getRegistration: async () => ({ pushManager }) };
  vi.stubGlobal("isSecureContext", isSecure);
  vi.stubGlobal("PushManager", () => undefined);
  vi.stubGlobal("Notification", { permission, requestPermission: async () => permission });
  vi.stubGlobal("navigator", { userAgent, maxTouchPoints, ...(hasPush && { serviceWorker }) });
  vi.stubGlobal("fetch", async (url: string, { method, headers, body }: RequestInit = {}) => {
    if (typeof body === "string") bodies.push(JSON.parse(body));
    asked.push([url, method, new Headers(headers).get("instep-account")]);
    return Response.json({ public_key: "BAAA" });
  });
  return { asked, bodies, ended: () => ended };
}

test.each([
  [{ isSecure: false }, "insecure"],
  [{ hasPush: false }, "unsupported"],
  [{ hasPush: false, userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)" }, "not-installed"],
  [{ hasPush: false, userAgent: "Mozilla/5.0 (Macintosh)", maxTouchPoints: 5 }, "not-installed"],
  [{ hasPush: false, userAgent: "Mozilla/5.0 (Macintosh)" }, "unsupported"],
  [{ permission: "denied" }, "denied"],
  [{}, null],
] as const)("a browser says why it can't: %o", async (browser, problem) => {
  stub(browser);
  expect(await browserPush(testEnvironment().keyValue, ANN).state()).toEqual({ isOn: false, problem });
});

test("[PUSH-1] what an account has chosen is told to the server as that account's, and nothing where none has", async () => {
  const { asked, bodies } = stub();
  const { keyValue } = testEnvironment();
  await renewPushes(keyValue);
  expect(asked).toEqual([]);
  expect(await browserPush(keyValue, ANN).turnOn()).toEqual({ isOn: true, problem: null });
  asked.length = 0;
  await renewPushes(keyValue);
  expect(asked).toEqual([["/api/push/subscriptions", "POST", ANN]]);
  expect(bodies.at(-1)).toEqual({ endpoint: "https://push.example/a", keys: { p256dh: "p", auth: "a" } });
});

test("[PUSH-1] a browser that never says that its subscription has ended keeps nobody from leaving", async () => {
  stub();
  const environment = testEnvironment();
  const { keyValue } = environment;
  await browserPush(keyValue, ANN).turnOn();
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: () => new Promise(() => undefined) } });
  let hasLeft = false;
  const leaving = endPush(environment, ANN).then(() => (hasLeft = true));
  environment.advance(2999);
  await Promise.resolve();
  expect([hasLeft, keyValue.keys()]).toEqual([false, []]);
  environment.advance(1);
  await leaving;
  expect(hasLeft).toBe(true);
});

test("[PUSH-1] whoever signs out is told no more, and another account in this browser has chosen nothing", async () => {
  const { asked, ended } = stub();
  const environment = testEnvironment();
  const { keyValue } = environment;
  await browserPush(keyValue, ANN).turnOn();
  expect((await browserPush(keyValue, "another").state()).isOn).toBe(false);
  const before = ended();
  await endPush(environment, ANN);
  expect([ended(), keyValue.keys()]).toEqual([before + 1, []]);
  asked.length = 0;
  await renewPushes(keyValue);
  expect(asked).toEqual([]);
});

test("[PUSH-1] where one account's pushes end since nobody is signed in for it, another's in this browser begin anew", async () => {
  stub();
  const { keyValue } = testEnvironment();
  for (const account of ["another", ANN]) await browserPush(keyValue, account).turnOn();
  let [isSubscribed, endpoint] = [true, "https://push.example/a"];
  const unsubscribe = async () => !(isSubscribed = false);
  const made = () => ({ endpoint, toJSON: () => ({ keys: { p256dh: "p", auth: "a" } }), unsubscribe });
  const subscribe = async () => {
    [isSubscribed, endpoint] = [true, "https://push.example/b"];
    return made();
  };
  const getSubscription = async () => (isSubscribed ? made() : null);
  const serviceWorker = { getRegistration: async () => ({ pushManager: { getSubscription, subscribe } }) };
  vi.stubGlobal("navigator", { userAgent: "Chrome", serviceWorker });
  const told: (string | null)[] = [];
  vi.stubGlobal("fetch", async (url: string, { headers }: RequestInit = {}) => {
    const account = new Headers(headers).get("instep-account");
    if (account === ANN) return Response.json({ code: "unauthorized", status: 401, title: "No." }, { status: 401 });
    if (url.endsWith("subscriptions")) told.push(account);
    return Response.json({ public_key: "BAAA" });
  });
  await renewPushes(keyValue);
  expect([isSubscribed, told.at(-1)]).toEqual([true, "another"]);
});
