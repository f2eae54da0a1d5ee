/** Many tabs of one browser, which has six connections to a server: all of them together use one held request and one stream a reply [DEV-13]. */
import type { BrowserContext, Request } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

/** Longer than any machine takes to open the tabs: whoever asks for it stops it. */
const STORY = "Write 3000 words about rain";

/** The requests of a browser that are under way, by what they wait for. */
function watchConnections(context: BrowserContext): { readonly held: () => number; readonly streams: () => number } {
  const open = new Set<Request>();
  context.on("request", (request) => void open.add(request));
  context.on("requestfinished", (request) => void open.delete(request));
  context.on("requestfailed", (request) => void open.delete(request));
  // Of a request that its page was closed with, an end is not always told.
  const isOver = (request: Request): boolean => request.serviceWorker() === null && request.frame().page().isClosed();
  const count = (pattern: RegExp): number =>
    [...open].filter((request) => pattern.test(request.url()) && !isOver(request)).length;
  return { held: () => count(/\/sync\?.*wait=[1-9]/), streams: () => count(/\/stream/) };
}

test.use({ serverEnv: { SYNC_LIVE: "true", DEMO_TOKEN_DELAY_MS: "60" } });

/** `count`: six is every connection of a browser; how tabs find each other three show as well. */
const BROWSERS = [
  { name: "six tabs of a browser", count: 6, lacks: "" },
  { name: "three tabs of a browser without BroadcastChannel", count: 3, lacks: "delete globalThis.BroadcastChannel;" },
  {
    name: "three tabs of a browser without Web Locks",
    count: 3,
    lacks: "Object.defineProperty(navigator, 'locks', { value: undefined });",
  },
];

for (const { name, count, lacks } of BROWSERS) {
  test(`${name} on one running reply: each shows every word, one more loads, and Stop arrives [DEV-13] [TURN-5]`, async ({
    openDevice,
    server,
  }) => {
    const device = await openDevice();
    await device.context.addInitScript({ content: lacks });
    const connections = watchConnections(device.context);
    const first = await device.openTab();
    await first.send(STORY);
    await expect(first.streaming()).toContainText("demo model");
    const id = first.conversationId() ?? "";
    const tabs = [first];
    while (tabs.length < count) tabs.push(await device.openTab(`/c/${id}`));
    for (const tab of tabs) await expect(tab.streaming()).toContainText("demo model");
    await expect.poll(() => [connections.streams(), connections.held()], { timeout: 30_000 }).toEqual([1, 1]);
    const oneMore = await device.openTab();
    await expect(oneMore.row(id)).toBeVisible();
    const lengths = (): Promise<number[]> =>
      Promise.all(tabs.map(async (tab) => (await tab.streaming().innerText()).length));
    const before = await lengths();
    await expect.poll(async () => (await lengths()).every((length, tab) => length > (before[tab] ?? 0))).toBe(true);
    await tabs[2]?.stopButton.click();
    for (const tab of tabs) await expect(tab.streaming()).toHaveCount(0);
    const { messages } = await server.api.open(id);
    for (const tab of tabs) await expect(tab.replies()).toHaveCount(1);
    expect(messages.map(({ status }) => status)).toEqual(["complete", "stopped"]);
  });
}

test("a hidden tab holds no connection, and its title still tells that its reply has ended [DEV-13] [DEV-5]", async ({
  openDevice,
}) => {
  const device = await openDevice();
  const connections = watchConnections(device.context);
  const tab = await device.openTab();
  await tab.send("Write 100 words about rain");
  await expect(tab.streaming()).toContainText("demo model");
  await tab.setVisible(false);
  await expect.poll(() => [connections.streams(), connections.held()]).toEqual([0, 0]);
  await expect(tab.page).toHaveTitle(/\(1\)/, { timeout: 40_000 });
  await tab.setVisible(true);
  await tab.untilReplied(1);
  await expect(tab.page).not.toHaveTitle(/\(1\)/);
});

test("where the tab that reads is closed, another one goes on without a gap [DEV-13] [TURN-4]", async ({
  openDevice,
  server,
}) => {
  const device = await openDevice();
  const connections = watchConnections(device.context);
  const first = await device.openTab();
  await first.send(STORY);
  await expect(first.streaming()).toContainText("demo model");
  const id = first.conversationId() ?? "";
  const second = await device.openTab(`/c/${id}`);
  await expect(second.streaming()).toContainText("demo model");
  await first.page.close();
  await expect.poll(() => [connections.streams(), connections.held()]).toEqual([1, 1]);
  const length = async (): Promise<number> => (await second.streaming().innerText()).length;
  const before = await length();
  // So far that the reply stands in its story, which has no marks of markdown.
  await expect.poll(length).toBeGreaterThan(before + 200);
  await second.stopButton.click();
  await second.untilReplied(1);
  const content = (await server.api.open(id)).messages[1]?.content ?? "";
  await expect(second.replies()).toContainText(content.split("\n\n").at(-1)?.trim().slice(-40) ?? content);
});
