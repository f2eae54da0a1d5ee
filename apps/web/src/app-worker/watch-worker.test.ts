/** When the page says that a new version is there, by what the workers say of themselves. */
import { describe, expect, it, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { watchWorker } from "./watch-worker.ts";

const OLD = { version: "1", entry: "/assets/index-1.js" };
const NEW = { version: "2", entry: "/assets/index-2.js" };
/** A page's waiting is so many times shorter here. */
const QUICKER = 50;

class FakeWorker extends EventTarget {
  state = "installing";
  readonly said: string[] = [];
  readonly #build: object | null;

  constructor(build: object | null) {
    super();
    this.#build = build;
  }

  postMessage({ kind }: { readonly kind: string }, [port]: readonly MessagePort[] = []): void {
    this.said.push(kind);
    if (this.#build) port?.postMessage(this.#build);
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

class FakeRegistration extends EventTarget {
  active: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  update = vi.fn(async () => this);
}

/** A page of a build, over a browser that has these workers. */
async function watching(
  entry: string | null,
  workers: { active?: FakeWorker; waiting?: FakeWorker } = {},
  { keyValue } = testEnvironment(),
) {
  const registration = new FakeRegistration();
  registration.active = workers.active ?? null;
  registration.waiting = workers.waiting ?? null;
  const container = Object.assign(new EventTarget(), { register: async () => registration });
  const onNew = vi.fn();
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / QUICKER));
  const ports = {
    workers: container as unknown as ServiceWorkerContainer,
    entry,
    onNew,
    wait,
    keyValue,
  };
  const watch = await watchWorker(ports);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
  await settle();
  return { watch, registration, container, onNew, settle };
}

async function install(page: Awaited<ReturnType<typeof watching>>, worker: FakeWorker): Promise<void> {
  page.registration.installing = worker;
  page.registration.dispatchEvent(new Event("updatefound"));
  page.registration.installing = null;
  page.registration.waiting = worker;
  worker.become("installed");
  await page.settle();
}

describe("a new version", () => {
  it("is told of where another worker is installed beside the one that is at work", async () => {
    const page = await watching(OLD.entry, { active: new FakeWorker(OLD) });
    expect(page.onNew).not.toHaveBeenCalled();
    await install(page, new FakeWorker(NEW));
    expect(page.onNew).toHaveBeenCalledTimes(1);
  });

  it("is told of where one waits already, and where neither says what it is [DEV-14]", async () => {
    for (const build of [NEW, null, { version: 2 }]) {
      const workers = { active: new FakeWorker(build && OLD), waiting: new FakeWorker(build) };
      expect((await watching(OLD.entry, workers)).onNew).toHaveBeenCalledTimes(1);
    }
    const same = { active: new FakeWorker(OLD), waiting: new FakeWorker({ ...OLD, version: "1b" }) };
    expect((await watching(OLD.entry, same)).onNew).toHaveBeenCalledTimes(1);
  });

  it("is none where the first worker comes, nor where the page is of the new build already", async () => {
    const first = await watching(OLD.entry);
    await install(first, new FakeWorker(OLD));
    expect(first.onNew).not.toHaveBeenCalled();
    const opened = await watching(NEW.entry, { active: new FakeWorker(OLD), waiting: new FakeWorker(NEW) });
    expect(opened.onNew).not.toHaveBeenCalled();
  });

  it("takes over when it is asked to, and nobody waits for one that hangs or is there no more", async () => {
    const waiting = new FakeWorker(NEW);
    const page = await watching(OLD.entry, { active: new FakeWorker(OLD), waiting });
    const taking = page.watch.takeOver();
    page.container.dispatchEvent(new Event("controllerchange"));
    await taking;
    expect(waiting.said).toEqual(["which-build", "take-over"]);
    await page.watch.takeOver();
    page.registration.waiting = null;
    await page.watch.takeOver();
    expect(waiting.said.filter((kind) => kind === "take-over")).toHaveLength(2);
  });

  it("is waited for where it takes over some seconds late: a page that begins anew between two workers may never be answered", async () => {
    const page = await watching(OLD.entry, { active: new FakeWorker(OLD), waiting: new FakeWorker(NEW) });
    let isOver = false;
    const taking = page.watch.takeOver().then(() => (isOver = true));
    await new Promise((resolve) => setTimeout(resolve, 5000 / QUICKER));
    expect(isOver).toBe(false);
    page.container.dispatchEvent(new Event("controllerchange"));
    await taking;
  });

  it("is looked for when asked, and a server that has none is no trouble", async () => {
    const page = await watching(OLD.entry, { active: new FakeWorker(OLD) });
    page.registration.update.mockRejectedValueOnce(new TypeError("Failed to update"));
    page.watch.askForBuild();
    await page.settle();
    expect(page.registration.update).toHaveBeenCalledTimes(1);
  });
});

it("[PUSH-1] tells the server again of the pushes that were chosen here, once, as the account's that chose them", async () => {
  const subscription = { endpoint: "https://push.example/a", toJSON: () => ({ keys: { p256dh: "p", auth: "a" } }) };
  const pushManager = { getSubscription: async () => subscription };
  const asked: unknown[] = [];
  for (const [name, value] of Object.entries({
    isSecureContext: true,
    PushManager: () => undefined,
    Notification: { permission: "granted" },
    navigator: { serviceWorker: { getRegistration: async () => ({ pushManager }) } },
    fetch: async (address: string, { method, headers }: RequestInit) => {
      asked.push([method, address, new Headers(headers).get("instep-account")]);
      return Response.json({});
    },
  })) {
    vi.stubGlobal(name, value);
  }
  const environment = testEnvironment();
  await watching(OLD.entry, {}, environment);
  expect(asked).toEqual([]);
  environment.keyValue.set("instep.push@ann", subscription.endpoint);
  await watching(OLD.entry, {}, environment);
  expect(asked).toEqual([["POST", "/api/push/subscriptions", "ann"]]);
  vi.unstubAllGlobals();
});
