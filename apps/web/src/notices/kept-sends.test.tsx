/**
 * What was written and has not gone out is lost with its page only where the browser doesn't store it: then whoever leaves is asked first.
 * What is stored goes out from the next page, so that nobody is held up for it; but the browser is asked to keep it.
 */
import { afterEach, expect, test, vi } from "vitest";
import { full, idOf, row, turn, wholeDevice } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { failure } from "../sync/device.ts";

const A = idOf("a");
const DAY_MS = 86_400_000;

afterEach(() => {
  localStorage.clear();
  Reflect.deleteProperty(navigator, "storage");
  vi.restoreAllMocks();
});

/** A page whose browser stores what waits, or refuses to. */
async function page(isStoring: boolean, screenOf: Parameters<typeof wholePage>[2] = {}) {
  const { localStore } = wholeDevice();
  const store = isStoring ? localStore : { ...localStore, saveOutgoing: async () => false };
  const whole = await wholePage("/", { localStore: store }, screenOf);
  await whole.transport.last.answer(full(100, [row("a", 10)]));
  await whole.settle();
  const send = async () => {
    void whole.device.turns.send(A, "An hour's work");
    await whole.settle();
  };
  return { ...whole, send };
}

/** Whether the browser would ask the person whether to leave. */
function isAskedToStay(): boolean {
  return !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

test("[DEV-12] whoever leaves while a message waits is asked where the browser has not stored it, until it has gone out", async () => {
  const { transport, environment, send, settle, unmount } = await page(false);
  expect(isAskedToStay()).toBe(false);
  transport.refusals = [failure("unreachable", "")];
  await send();
  expect(isAskedToStay()).toBe(true);
  await environment.advance(60_000);
  await transport.stream.feed(...turn("a", 11, ["Hi"]));
  await settle();
  expect(isAskedToStay()).toBe(false);
  transport.refusals = [failure("unreachable", "")];
  await send();
  expect(isAskedToStay()).toBe(true);
  unmount();
  await settle();
  expect(isAskedToStay()).toBe(false);
});

test("[DEV-12] a message that waits and is stored holds nobody up: it goes out when the page is opened again", async () => {
  const { transport, send } = await page(true);
  transport.refusals = [failure("unreachable", "")];
  await send();
  expect(isAskedToStay()).toBe(false);
});

test("[DEV-12] a message that was rejected and is nowhere else is not lost unasked either", async () => {
  const { transport, send } = await page(false);
  transport.refusals = [{ ...failure("message_too_long", ""), status: 422 }];
  await send();
  expect(isAskedToStay()).toBe(true);
});

test("the browser is asked to keep what is stored with the first message of a page, and not each time that one is opened", async () => {
  const persist = vi.fn(() => Promise.resolve(false));
  Object.defineProperty(navigator, "storage", { configurable: true, value: { persist } });
  const first = await page(true);
  expect(persist).not.toHaveBeenCalled();
  await first.send();
  await first.send();
  expect(persist).toHaveBeenCalledTimes(1);
  first.device.stop();
  first.unmount();
  // Some browsers ask the person.
  const next = await page(true, { keyValue: first.page.keyValue });
  await next.send();
  expect(persist).toHaveBeenCalledTimes(1);
  next.device.stop();
  next.unmount();
  const later = await page(true, { keyValue: first.page.keyValue });
  later.page.advance(31 * DAY_MS);
  await later.send();
  await later.send();
  expect(persist).toHaveBeenCalledTimes(2);
});

test("a browser that can't be asked, or refuses by an error, is left alone", async () => {
  for (const storage of [undefined, {}, { persist: () => Promise.reject(new TypeError("Not here")) }]) {
    Object.defineProperty(navigator, "storage", { configurable: true, value: storage });
    const { send, transport, device, unmount } = await page(true);
    await send();
    expect(transport.named("sendStream")).toHaveLength(1);
    device.stop();
    unmount();
  }
});

test.each([
  ["the account is still in", true],
  ["the account is out of this browser, or was erased", false],
])(
  "[DEV-10] a draft that another tab has removed for its own is stored again as the page goes, where %s",
  async (_, isIn) => {
    const { boot, drafts, page: screenOf, settle, device } = await page(true);
    if (isIn) localStorage.setItem("instep-boot-1", JSON.stringify(boot));
    drafts.set("new", "half a thought");
    screenOf.keyValue.remove("instep.draft.new");
    window.dispatchEvent(new Event("pagehide"));
    await settle();
    expect(screenOf.keyValue.get("instep.draft.new")).toBe(isIn ? "half a thought" : null);
    device.stop();
  },
);
