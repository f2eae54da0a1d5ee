/** The tests' `test`: a server of its own for each, and as many devices as it asks for. */
import { setTimeout } from "node:timers/promises";
import {
  expect,
  test as base,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Request,
} from "@playwright/test";
import { ChatPage } from "./chat-page.ts";
import { ProgramHost } from "./program-host.ts";
import { startServer, type Variables, type TestServer } from "./server.ts";

export { expect } from "@playwright/test";

/** One browser profile: its tabs share storage and hear each other. */
class Device {
  readonly context: BrowserContext;
  readonly #url: string;

  constructor(context: BrowserContext, url: string) {
    this.context = context;
    this.#url = url;
  }

  /** Opens a tab at a path and waits until its list is in step. */
  async openTab(path = "/"): Promise<ChatPage> {
    const chat = new ChatPage(await this.context.newPage());
    await chat.page.goto(this.#url + path);
    await chat.page.locator("#sidebar").waitFor({ state: "attached" });
    await chat.page.locator('#sync-status[data-state="synced"]').waitFor({ state: "attached" });
    return chat;
  }
}

interface Fixtures {
  /** Whatever a test has opened by itself is closed at its end: a page that stays asks for ever. */
  readonly closesEveryPage: void;
  /** Settings of the server, over the quick ones. */
  readonly serverEnv: Variables;
  readonly server: TestServer;
  readonly openDevice: (options?: BrowserContextOptions) => Promise<Device>;
  /** A first tab on a first device. */
  readonly chat: ChatPage;
}

interface WorkerFixtures {
  /** Where the servers of a worker's tests run. */
  readonly host: ProgramHost;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  host: [
    async ({ browserName: _browserName }, use) => {
      const host = new ProgramHost();
      await use(host);
      await host.close();
    },
    { scope: "worker" },
  ],
  closesEveryPage: [
    async ({ browser }, use) => {
      await use();
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],
  serverEnv: [{}, { option: true }],
  server: async ({ host, serverEnv }, use, testInfo) => {
    const printed = host.output.length;
    const server = await startServer(host, serverEnv);
    await use(server);
    await server.dispose();
    const body = host.output.slice(printed);
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach("server", { body });
  },
  openDevice: async ({ browser, server, contextOptions }, use, testInfo) => {
    const contexts: BrowserContext[] = [];
    const trespasses: string[] = [];
    const unanswered = new Set<Request>();
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      contexts.push(context);
      watch(context, server.url, trespasses);
      watchAnswers(context, unanswered);
      return new Device(context, server.url);
    });
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("pages", { body: await pagesOf(contexts) });
      const waiting = [...unanswered].map((request) => `${request.method()} ${new URL(request.url()).pathname}`);
      await testInfo.attach("requests without an end", { body: waiting.join("\n") });
    }
    for (const context of contexts) await context.close();
    expect(trespasses, "whatever is shown, the page keeps to its policy and asks no other server").toEqual([]);
  },
  chat: async ({ openDevice }, use) => {
    const device = await openDevice();
    await use(await device.openTab());
  },
});

/** What no picture of a page shows, for whoever looks into a failure: what it was told last, whether the browser gives it the focus, and what has it there. */
async function pagesOf(contexts: readonly BrowserContext[]): Promise<string> {
  const pages = contexts.flatMap((context) => context.pages());
  const states = pages.map((page) =>
    Promise.race([stateOf(page), setTimeout(2000, { path: page.url(), hangs: true })]),
  );
  return JSON.stringify(await Promise.all(states), null, 2);
}

async function stateOf(page: Page): Promise<unknown> {
  const state = page.evaluate(() => ({
    path: location.pathname,
    // The list of a run shows only the beginning of what is attached.
    shown: document.querySelector<HTMLElement>("#messages")?.innerText.slice(-100),
    visibilityState: document.visibilityState,
    hasFocus: document.hasFocus(),
    activeElement: document.activeElement?.outerHTML.slice(0, 200),
  }));
  return state.catch((error: unknown) => ({ error: String(error) }));
}

/** Notes what a page did against its own policy, and what it asked of others [SAFE-4]. */
function watch(context: BrowserContext, url: string, trespasses: string[]): void {
  context.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) trespasses.push(message.text());
  });
  context.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith("http") && asked.origin !== url) trespasses.push(`asked ${asked.href}`);
  });
}

/** Notes what the browser asks and has no whole answer to yet. */
function watchAnswers(context: BrowserContext, unanswered: Set<Request>): void {
  context.on("request", (request) => unanswered.add(request));
  context.on("requestfinished", (request) => unanswered.delete(request));
  context.on("requestfailed", (request) => unanswered.delete(request));
}
