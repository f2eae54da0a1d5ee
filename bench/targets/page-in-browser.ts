/** P8 and P11: the page in Chromium: its list, a long conversation beside a short one, a growing reply, and what openings leave in memory. */
import type { Browser } from "@playwright/test";
import { framesInWords, MeasuredTab, type PageWork } from "../page/measured-tab.ts";
import { launchBrowser } from "../page/browser.ts";
import type { Row } from "../row.ts";
import { megabytes, ms, spread } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

const KEYS = "the quick brown fox jumps over the lazy dog and then writes on";
const PAGES_MS = 300_000;
const SENDS = 3;

interface Place {
  readonly bench: Workbench;
  readonly browser: Browser;
  readonly url: string;
  readonly ids: readonly string[];
}

/** Measures the page as it lies in the folder that the program serves. */
export async function measurePageInBrowser(bench: Workbench): Promise<readonly Row[]> {
  const browser = await launchBrowser();
  try {
    const long = bench.size([5000, 50], [300, 50]);
    const { folder, ids } = await bench.data({ conversations: bench.size(10_000, 300), messagesEach: 2, long });
    const { url } = await bench.serve({ kind: "program", dataDir: folder });
    const place: Place = { bench, browser, url, ids };
    const rows: Row[] = [];
    for (const measure of [list, conversations, growingReply, openings]) rows.push(...(await measure(place)));
    return rows;
  } finally {
    await browser.close();
  }
}

async function list({ bench, browser, url, ids }: Place): Promise<readonly Row[]> {
  bench.progress("P8: the list");
  const tab = await MeasuredTab.open(browser, url);
  await loadAll(tab, ".conversation-list", "bottom");
  const frames = await tab.scroll(".conversation-list", bench.size(600, 100), 400);
  await tab.close();
  const what = `list of ${ids.length}, scrolled 400 px a frame`;
  return [{ target: "P8", what, ours: framesInWords(frames), goal: "none late" }];
}

/** One conversation, with all of its messages loaded. */
async function conversation({ bench, browser, url, ids }: Place, id: string) {
  bench.progress("P11: a conversation");
  const tab = await MeasuredTab.open(browser, url);
  const opened = await openTime(tab, id);
  await loadAll(tab, "#messages", "top");
  const count = await tab.page.locator("#messages article").count();
  const up = await tab.scroll("#messages", bench.size(600, 100), 400);
  const keys = await tab.keys(KEYS);
  const { heapBytes, nodes } = await tab.workWithoutGarbage();
  const sent: number[] = [];
  const turn = await tab.frames(async () => {
    for (let round = 0; round < SENDS; round++) sent.push(await sendTime(tab));
  });
  await openTime(tab, ids[0] ?? "");
  const again = await openTime(tab, id);
  await tab.close();
  return { count, opened, again, sent, turn, up, keys, heapBytes, nodes };
}

/** The same in a long conversation and in a short one. */
async function conversations(place: Place): Promise<readonly Row[]> {
  const [long = "", short = ""] = place.ids.slice(-2);
  const ours = await conversation(place, long);
  const beside = await conversation(place, short);
  const row = (what: string, words: (of: typeof ours) => string, goal: string): Row => {
    return { target: "P11", what, ours: words(ours), beside: `${beside.count} messages: ${words(beside)}`, goal };
  };
  return [
    row(`opening, ${ours.count} messages stored`, ({ opened }) => ms(opened), "as 50 do"),
    row("opening it again, all of them loaded", ({ again }) => ms(again), "as 50 do"),
    row("all loaded, scrolled 400 px a frame", ({ up }) => framesInWords(up), "as 50 do"),
    row("a key until it is painted", ({ keys }) => spread(keys.times), "≤ 50 ms"),
    row("work and layouts of one key", ({ keys }) => `${ms(keys.taskMs)}, ${keys.layouts.toFixed(1)}`, "as 50 do"),
    row("a send until it stands there", ({ sent }) => spread(sent), "as 50 do"),
    row("frames of those turns", ({ turn }) => framesInWords(turn), "as 50 do"),
    row("memory; nodes", ({ heapBytes, nodes }) => `${megabytes(heapBytes)}; ${nodes}`, "—"),
  ];
}

async function growingReply({ bench, browser }: Place): Promise<readonly Row[]> {
  bench.progress("P8: a growing reply");
  const model = await bench.serve({ kind: "model", tokens: bench.size(5000, 300), tokenDelayMs: 4, isProse: true });
  const env = { OPENAI_BASE_URL: model.url };
  const { url } = await bench.serve({ kind: "program", dataDir: bench.folder(), env });
  const tab = await MeasuredTab.open(browser, url);
  await tab.page.locator("#message-input").fill("Write much");
  const before = await tab.work();
  await tab.page.locator("#send-btn").click();
  // What a send costs is measured with the conversations.
  await tab.page.locator(".message.streaming .markdown").filter({ hasText: /\S/ }).waitFor();
  const frames = await tab.frames(async () => {
    await tab.page.locator(".message.streaming").waitFor({ state: "detached", timeout: PAGES_MS });
  });
  const { taskMs } = await tab.work();
  const text = await tab.page.locator(".message.assistant").last().innerText();
  await tab.close();
  const words = text.split(/\s+/).length;
  return [
    { target: "P8", what: `a reply growing to ${words} words`, ours: framesInWords(frames), goal: "none late" },
    { target: "P8", what: "its work, a word", ours: ms((taskMs - before.taskMs) / words), goal: "≤ 2 ms" },
  ];
}

/** What is left of conversations that were opened and left again. */
async function openings({ bench, browser, url, ids }: Place): Promise<readonly Row[]> {
  bench.progress("P8: memory over openings");
  const tab = await MeasuredTab.open(browser, url);
  const rounds = bench.size([25, 225], [5, 15]);
  const at: PageWork[] = [];
  let opened = 0;
  for (const until of rounds) {
    for (; opened < until; opened++) await openTime(tab, ids[opened] ?? "");
    at.push(await tab.workWithoutGarbage());
  }
  await tab.close();
  const words = (of: PageWork | undefined) =>
    of ? `${megabytes(of.heapBytes)}, ${of.nodes} nodes, ${of.listeners} listeners` : "";
  const [first, last] = at;
  const what = `after ${rounds[1]} openings of conversations`;
  return [{ target: "P8", what, ours: words(last), beside: `after ${rounds[0]}: ${words(first)}`, goal: "flat" }];
}

/** From the wish, made in the page as a click on a row makes it, until a message of it is painted. */
function openTime({ page }: MeasuredTab, id: string): Promise<number> {
  return page.evaluate(
    (path) =>
      new Promise<number>((resolve, reject) => {
        const asked = performance.now();
        const before = document.querySelector("#messages article");
        const look = (): void => {
          const first = document.querySelector("#messages article");
          if (location.pathname === path && first && first !== before) {
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - asked)));
          } else if (performance.now() - asked > 20_000) reject(new Error(`${path} did not open`));
          else requestAnimationFrame(look);
        };
        history.pushState(null, "", path);
        dispatchEvent(new PopStateEvent("popstate"));
        look();
      }),
    `/c/${id}`,
  );
}

/** A whole turn; the time is that until the message stands there. Watched from within: a driver that looks for it takes the page's time. */
async function sendTime({ page }: MeasuredTab): Promise<number> {
  await page.locator("#message-input").fill("Sent to be measured");
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const asked = performance.now();
        const own = document.getElementsByClassName("message user");
        const before = own.length;
        let time = 0;
        let hasBegun = false;
        const look = (): void => {
          if (time === 0 && own.length > before) time = performance.now() - asked;
          const isRunning = document.getElementById("stop-btn") !== null;
          if (hasBegun && !isRunning) return resolve(time);
          hasBegun ||= isRunning;
          requestAnimationFrame(() => setTimeout(look));
        };
        document.getElementById("send-btn")?.click();
        look();
      }),
  );
}

/** Goes to an end over and over until nothing more comes there. */
async function loadAll({ page }: MeasuredTab, selector: string, end: "top" | "bottom"): Promise<void> {
  await page.evaluate(
    ({ selector: name, end: side }) =>
      new Promise<void>((resolve) => {
        const element = document.querySelector(name);
        if (!element) throw new Error(`${name} is not in the page`);
        let height = 0;
        let still = 0;
        const look = (): void => {
          still = element.scrollHeight === height ? still + 1 : 0;
          height = element.scrollHeight;
          element.scrollTop = side === "top" ? 0 : height;
          if (still > 20) resolve();
          else setTimeout(look, 50);
        };
        look();
      }),
    { selector, end },
  );
}
