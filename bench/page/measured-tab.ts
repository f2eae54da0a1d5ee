/** A tab with stopwatches: its frames, its keys, its work and its memory. */
import type { Browser, CDPSession, Page } from "@playwright/test";
import { percentile } from "../statistics.ts";

/** What the page's thread did meanwhile, in milliseconds; memory in bytes. */
export interface PageWork {
  readonly taskMs: number;
  readonly layouts: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

const SETTLE_MS = 500;

export class MeasuredTab {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  /** Opens the page and waits until its list is in step. */
  static async open(browser: Browser, url: string): Promise<MeasuredTab> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block" });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    await page.goto(url);
    await page.locator('#sync-status[data-state="synced"]').waitFor({ state: "attached" });
    return new MeasuredTab(page, session);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  async work(): Promise<PageWork> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return {
      taskMs: of("TaskDuration") * 1000,
      layouts: of("LayoutCount"),
      heapBytes: of("JSHeapUsedSize"),
      nodes: of("Nodes"),
      listeners: of("JSEventListeners"),
    };
  }

  /** What is in use once everything that nobody holds is gone. */
  async workWithoutGarbage(): Promise<PageWork> {
    await this.page.waitForTimeout(SETTLE_MS);
    for (let round = 0; round < 3; round++) await this.#session.send("HeapProfiler.collectGarbage");
    return this.work();
  }

  /** Moves a scroller by so many pixels in every frame and tells how long each frame took; back and forth at its ends. */
  scroll(selector: string, frames: number, step: number): Promise<number[]> {
    return this.page.evaluate(scrollFrames, { selector, frames, step });
  }

  /** The frames until the page is told to stop. */
  async frames(until: () => Promise<unknown>): Promise<number[]> {
    await this.page.evaluate(startFrames);
    await until();
    return this.page.evaluate(() => (globalThis as unknown as Recording).instepFrames.splice(0));
  }

  /** From each key press until its character has been painted. */
  async keys(text: string): Promise<{ readonly times: number[]; readonly taskMs: number; readonly layouts: number }> {
    await this.page.locator("#message-input").focus();
    await this.page.evaluate(startKeys);
    await this.page.waitForTimeout(SETTLE_MS);
    const before = await this.work();
    for (const letter of text) {
      await this.page.keyboard.press(letter === " " ? "Space" : letter);
      await this.page.waitForTimeout(40);
    }
    const after = await this.work();
    const times = await this.page.evaluate(() => (globalThis as unknown as Recording).instepKeys.splice(0));
    const each = (value: number) => value / text.length;
    return { times, taskMs: each(after.taskMs - before.taskMs), layouts: each(after.layouts - before.layouts) };
  }
}

/** How frames went: their times, and how many were late by one or more. */
export function framesInWords(frames: readonly number[]): string {
  const late = frames.filter((time) => time > LATE_MS).length;
  const [middle, most, worst] = [0.5, 0.99, 1].map((share) => percentile(frames, share).toFixed(1));
  return `p50 ${middle}, p99 ${most}, max ${worst} ms; ${late} of ${frames.length} late`;
}

/** One and a half frames of a screen of 60 Hz. */
const LATE_MS = 25;

interface Recording {
  readonly instepFrames: number[];
  readonly instepKeys: number[];
}

function scrollFrames(asked: { selector: string; frames: number; step: number }): Promise<number[]> {
  const element = document.querySelector(asked.selector);
  if (!element) throw new Error(`${asked.selector} is not in the page`);
  return new Promise((resolve) => {
    const times: number[] = [];
    let step = asked.step;
    let last = performance.now();
    const next = (at: number): void => {
      times.push(at - last);
      last = at;
      const top = element.scrollTop;
      element.scrollTop = top + step;
      if (Math.abs(element.scrollTop - top) < 1) step = -step;
      if (times.length > asked.frames) resolve(times.slice(1));
      else requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

function startFrames(): void {
  const frames: number[] = [];
  Object.assign(globalThis, { instepFrames: frames });
  let last = performance.now();
  const next = (at: number): void => {
    frames.push(at - last);
    last = at;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

function startKeys(): void {
  const keys: number[] = [];
  Object.assign(globalThis, { instepKeys: keys });
  document.addEventListener(
    "keydown",
    (event) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => keys.push(performance.now() - event.timeStamp), { once: true });
        port1.start();
        port2.postMessage(null);
      });
    },
    { capture: true },
  );
}
