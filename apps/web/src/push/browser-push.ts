/** Pushes in the real browser: its subscription, the calls of an account, and what is kept of the choice. */
import type { PushKey, PushSubscribe } from "@instep/protocol";
import type { KeyValue, PageEnvironment } from "../environment.ts";
import { askAs } from "../sync/ask-as.ts";
import { createPushChoice, type KeptChoice, type PushBrowser, type PushCalls, type PushChoice } from "./push-choice.ts";

/** With the account's id behind it, as all that is an account's own. */
const CHOICE_KEY = "instep.push@";
const ADDRESS = "push/subscriptions";
/** A browser that hangs keeps nobody from leaving. */
const END_MS = 3000;

/** The choice of an account in this browser. */
export function browserPush(keyValue: KeyValue, accountId: string): PushChoice {
  return createPushChoice({ browser: realBrowser(), calls: callsOf(accountId), kept: keptOf(keyValue, accountId) });
}

/** Ends what the browser has, for whoever signs out of it: the server has ended its part with the session. */
export async function endPush(
  { keyValue, after }: Pick<PageEnvironment, "keyValue" | "after">,
  accountId: string,
): Promise<void> {
  keptOf(keyValue, accountId).remove();
  const ended = realBrowser().unsubscribe();
  const deadline = new Promise<void>((resolve) => after(END_MS, resolve));
  await Promise.race([ended, deadline]).catch(() => undefined);
}

/** For each account that has chosen it in this browser; of these the server takes the one that is signed in. */
export async function renewPushes(keyValue: KeyValue): Promise<void> {
  const chosen = keyValue.keys().filter((key) => key.startsWith(CHOICE_KEY));
  const choices = chosen.map((key) => browserPush(keyValue, key.slice(CHOICE_KEY.length)));
  let hasEnded = false;
  for (const choice of choices) hasEnded = (await choice.renew()) || hasEnded;
  // What has ended may have been the subscription of another of them too.
  if (hasEnded) for (const choice of choices) await choice.renew();
}

function keptOf(keyValue: KeyValue, accountId: string): KeptChoice {
  const key = CHOICE_KEY + accountId;
  return {
    get: () => keyValue.get(key),
    set: (endpoint) => keyValue.set(key, endpoint),
    remove: () => keyValue.remove(key),
  };
}

function callsOf(accountId: string): PushCalls {
  const ask = askAs(accountId);
  return {
    key: () => ask<PushKey>("push/key"),
    add: (body) => ask(ADDRESS, { method: "POST", body }),
    remove: (endpoint) => ask(ADDRESS, { method: "DELETE", body: { endpoint } }),
  };
}

function realBrowser(): PushBrowser {
  return {
    refusal() {
      if (!window.isSecureContext) return "insecure";
      const canPush = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
      if (!canPush) return isApplePhone() ? "not-installed" : "unsupported";
      return Notification.permission === "denied" ? "denied" : null;
    },
    isGranted: () => Notification.permission === "granted",
    ask: async () => (await Notification.requestPermission()) === "granted",
    async subscription() {
      const subscription = await (await manager())?.getSubscription();
      return subscription ? wireOf(subscription) : null;
    },
    async subscribe(key) {
      const pushes = await manager();
      if (pushes === null) throw new Error("The page's worker is not there");
      return wireOf(await pushes.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    },
    async unsubscribe() {
      await (await (await manager())?.getSubscription())?.unsubscribe();
    },
  };
}

/** Null where the page has no worker: it was not loaded long ago, or the browser refuses one. */
async function manager(): Promise<PushManager | null> {
  if (!("serviceWorker" in navigator)) return null;
  return (await navigator.serviceWorker.getRegistration())?.pushManager ?? null;
}

function wireOf(subscription: PushSubscription): PushSubscribe {
  const { p256dh = "", auth = "" } = subscription.toJSON().keys ?? {};
  return { endpoint: subscription.endpoint, keys: { p256dh, auth } };
}

/** These take pushes only for a page that was put on the home screen; tablets say that they are desks, but have a touch screen. */
function isApplePhone(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iphone|ipad|ipod/i.test(userAgent) || (/macintosh/i.test(userAgent) && maxTouchPoints > 1);
}
