/** The page's worker: opens it offline. It keeps the page's own files and nothing of any account; the API is none of its business. */
import { answerFile, answerPage } from "./answer-request.ts";
import { isHashed, type KeptFiles, wayOf } from "./kept-files.ts";
import { keepAll } from "./keep-all.ts";
import { type OpenPage, type OpenPages, openNoticed } from "./open-noticed.ts";
import { type PushWordsPlace, readPushWords } from "./push-words.ts";
import { renewPush } from "./renew-push.ts";
import { showPush } from "./show-push.ts";
import { isWorkerMessage } from "./worker-message.ts";

/** Put in by the build. */
declare const BUILT_FILES: KeptFiles;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Installing extends Lasting {
  /** Not in every browser: requests that the worker is not even started for. */
  addRoutes?(routes: unknown): Promise<void>;
}

interface Fetching extends Lasting {
  readonly request: Request;
  readonly preloadResponse?: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface Pressed extends Lasting {
  readonly notification: Notification;
}

interface Pushed extends Lasting {
  readonly data: { text(): string } | null;
}

/** Not every browser says what there was, or is. */
interface Resubscribed extends Lasting {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

/** What of the worker's surroundings is used; the page's types know none of it. */
interface WorkerScope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: OpenPages<OpenPage & { readonly visibilityState: string }> & { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install", listener: (event: Installing) => void): void;
  addEventListener(type: "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Pressed) => void): void;
  addEventListener(type: "push", listener: (event: Pushed) => void): void;
  addEventListener(type: "pushsubscriptionchange", listener: (event: Resubscribed) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent & Lasting) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const files = BUILT_FILES;
const PREFIX = "instep-page-";
const CACHE = PREFIX + files.version;
const PUSH_WORDS: PushWordsPlace = "/push-words";

scope.addEventListener("install", (event) => {
  event.waitUntil(keepAll(files, { fetch: (path, how) => fetch(path, how), open: () => caches.open(CACHE) }));
  event.addRoutes?.([{ condition: { urlPattern: "/api/*" }, source: "network" }]).catch(() => undefined);
});

scope.addEventListener("activate", (event) => event.waitUntil(takeUp()));

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { method, mode, url, headers } = request;
  const way = wayOf({ method, mode, url, isRange: headers.has("range") }, scope.location.origin, files);
  if (way === null) return;
  const { pathname } = new URL(url);
  const kept = async () => (await caches.open(CACHE)).match(way === "page" ? "/" : pathname);
  const ask = async () => (await event.preloadResponse) ?? fetch(request);
  const keep = async (answer: Response) => {
    if (isHashed(pathname)) await (await caches.open(CACHE)).put(pathname, answer);
  };
  event.respondWith(way === "page" ? answerPage({ ask, kept, wait }) : answerFile({ ask, kept, keep, wait }));
});

scope.addEventListener("message", (event) => {
  if (!isWorkerMessage(event.data)) return;
  if (event.data.kind === "take-over") event.waitUntil(scope.skipWaiting());
  else event.ports[0]?.postMessage({ version: files.version, entry: files.entry });
});

// What the page shows by its worker is a conversation's, whose id is the tag.
scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openNoticed(event.notification.tag, scope.clients, wait));
});

scope.addEventListener("push", (event) => {
  const showing = {
    pages: () => scope.clients.matchAll({ type: "window", includeUncontrolled: true }),
    words: () => readPushWords(caches.match(PUSH_WORDS)),
    show: (title: string, how: NotificationOptions) => scope.registration.showNotification(title, how),
  };
  event.waitUntil(showPush(event.data?.text() ?? "", showing));
});

scope.addEventListener("pushsubscriptionchange", (event) => {
  const { pushManager } = scope.registration;
  const headers = { "content-type": "application/json" };
  const change = {
    old: event.oldSubscription,
    next: event.newSubscription,
    subscribe: (applicationServerKey: ArrayBuffer) =>
      pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }),
    post: (body: object) => fetch("/api/push/subscriptions", { method: "POST", headers, body: JSON.stringify(body) }),
  };
  event.waitUntil(renewPush(change));
});

async function takeUp(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The question for the page goes out while the worker still starts.
  await scope.registration.navigationPreload?.enable().catch(() => undefined);
  await scope.clients.claim();
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
