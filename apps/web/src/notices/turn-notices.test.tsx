/** What is told of a turn beside its conversation: to a screen reader, as a notification, and as a toast where another chat is open. */
import type { TurnEvent } from "@instep/protocol";
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, increment, message, row, tick, turn } from "../../test/scripted-device.ts";
import { memoryKeyValue } from "../../test/test-environment.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { createSettingsStore } from "../settings/settings-store.ts";

const [A, B] = [idOf("a"), idOf("b")];

async function page(path = `/c/${A}`, screenOf: Parameters<typeof wholePage>[2] = {}) {
  const whole = await wholePage(path, {}, screenOf);
  const { transport, settle } = whole;
  transport.answers.open = (id) => detail(id === A ? "a" : "b", 10);
  await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  const go = async (to: string) => {
    window.history.pushState(null, "", to);
    fireEvent.popState(window);
    await settle();
  };
  const feed = async (...events: Parameters<typeof transport.stream.feed>) => {
    await transport.stream.feed(...events);
    await settle();
  };
  const said = () => document.querySelector(".announcer span")?.textContent;
  return { ...whole, go, feed, said };
}

test("the end of a reply is said once, and never its words", async () => {
  const { device, feed, said, settle } = await page();
  void device.turns.send(A, "hello");
  await settle();
  const [start, token, done] = turn("a", 11, ["Hi"]);
  await feed(start ?? null, token ?? null);
  expect(said()).toBe("");
  await feed(done ?? null);
  expect(said()).toBe("Reply finished");
});

test.each([
  ["stopped", "Reply stopped"],
  ["failed", "Reply failed"],
] as const)("a reply that was %s is said to be so", async (status, words) => {
  const { device, feed, said, settle, transport } = await page();
  void device.turns.send(A, "hello");
  await settle();
  const [start, token, done] = turn("a", 11, ["Hi"]);
  await feed(start ?? null, token ?? null);
  if (done?.event !== "done") throw new Error("A turn has no end");
  const kept = message("a", 12, { status });
  transport.answers.open = () => detail("a", 12);
  const counts = { message_count: 11, last_seq: 11 };
  const failed: TurnEvent = {
    id: done.id,
    event: "error",
    data: { code: "model_failed", detail: "", retryable: true, message: null, ...counts },
  };
  await feed(status === "failed" ? failed : { ...done, data: { ...done.data, message: kept } });
  expect(said()).toBe(words);
});

test("a reply that runs on in a chat that was left is no end of one", async () => {
  const { device, feed, said, settle, go } = await page();
  void device.turns.send(A, "hello");
  await settle();
  const [start, token] = turn("a", 11, ["Hi"]);
  await feed(start ?? null, token ?? null);
  await go(`/c/${B}`);
  expect(said()).toBe("");
});

test("[DEV-5] a reply that ended in another chat has a toast that opens it, and opening it any way takes the toast away", async () => {
  for (const open of ["toast", "address"]) {
    const { device, feed, settle, go, unmount } = await page();
    void device.turns.send(A, "hello");
    await settle();
    const events = turn("a", 11, ["Hi"]);
    await feed(...events.slice(0, 2));
    await go(`/c/${B}`);
    await feed(...events.slice(2));
    await waitFor(() => screen.getByText("“Conversation a” has a reply"));
    if (open === "toast") fireEvent.click(screen.getByRole("button", { name: "Open" }));
    else await go(`/c/${A}`);
    await settle();
    expect([location.pathname, document.querySelector(".toast")]).toEqual([`/c/${A}`, null]);
    device.stop();
    unmount();
  }
});

test("[DEV-5] a reply in a chat that is deleted meanwhile has a toast no longer, and another one's stays", async () => {
  const { device, feed, settle, go, transport, environment } = await page();
  for (const [name, id] of [
    ["a", A],
    ["b", B],
  ] as const) {
    await go(`/c/${id}`);
    void device.turns.send(id, "hello");
    await settle();
    const events = turn(name, 11, ["Hi"]);
    await feed(...events.slice(0, 2));
    await go("/");
    await feed(...events.slice(2));
    await waitFor(() => screen.getByText(`“Conversation ${name}” has a reply`));
  }
  await environment.advance(60_000);
  await transport.last.answer(increment(200, [], [A]));
  await settle();
  const told = [...document.querySelectorAll(".toast")].map((toast) => toast.textContent);
  expect(told).toEqual([expect.stringContaining("“Conversation b” has a reply")]);
});

test.each([
  [true, false, 1],
  [true, true, 0],
  [false, false, 0],
])("notifications wanted: %s, a tab in front: %s: %i", async (hasNotifications, isFocused, count) => {
  const keyValue = memoryKeyValue();
  createSettingsStore(keyValue).change({ hasNotifications });
  const { transport, environment, settle, page: screenOf } = await wholePage("/", {}, { isFocused, keyValue });
  await transport.last.answer(full(100, [row("a", 10, { active_reply_id: "r" })]));
  await settle();
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
  await settle();
  // A row says that a reply has ended, and not how.
  expect(screenOf.shown.map(({ tag, body }) => [tag, body])).toEqual(count === 1 ? [[A, "The reply has ended."]] : []);
  screenOf.shown[0]?.onClick();
  await settle();
  expect(location.pathname).toBe(count === 1 ? `/c/${A}` : "/");
});

test("a chat that is deleted while its reply runs has no notification", async () => {
  const keyValue = memoryKeyValue();
  createSettingsStore(keyValue).change({ hasNotifications: true });
  const { transport, environment, settle, device, page: screenOf } = await wholePage("/", {}, { keyValue });
  await transport.last.answer(full(100, [row("a", 10, { active_reply_id: "r" })]));
  await settle();
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [], [A]));
  await settle();
  expect([device.conversations.get(A), screenOf.shown]).toEqual([undefined, []]);
});

test("notifications that are turned on or off in the settings are so from then on", async () => {
  const { transport, environment, settle, page: screenOf } = await page("/", { permission: "granted" });
  const press = async (role: string, name: string | RegExp) => {
    fireEvent.click(screen.getByRole(role, { name }));
    await settle();
  };
  const shown: number[] = [];
  for (const at of [110, 120]) {
    await press("button", "Settings");
    await press("switch", /Notify me/);
    await press("button", "Close");
    for (const active_reply_id of ["r", null]) {
      await environment.advance(60_000);
      const time = at + (active_reply_id ? 1 : 2);
      await transport.last.answer(increment(time, [row("a", 10, { at: time, active_reply_id })]));
      await settle();
    }
    shown.push(screenOf.shown.length);
  }
  expect(shown).toEqual([1, 1]);
});

test.each(["list", "archive"])(
  "a reply of the %s that ran before the page was loaded anew has its notification when it ends",
  async (place) => {
    const keyValue = memoryKeyValue();
    createSettingsStore(keyValue).change({ hasNotifications: true });
    const running = row("a", 10, { active_reply_id: "r", ...(place === "archive" && { archived: true }) });
    const before = await wholePage(`/c/${B}`, {}, { keyValue });
    const { localStore } = before;
    await before.transport.last.answer(full(100, [running, row("b", 10)]));
    await before.settle();
    before.device.stop();
    before.unmount();
    const { transport, settle, page: screenOf } = await wholePage(`/c/${B}`, { localStore }, { keyValue });
    expect(transport.last.question.since).toBe(tick(100));
    await transport.last.answer(increment(110, [{ ...running, active_reply_id: null, updated_at: tick(110) }]));
    await settle();
    expect(screenOf.shown.map(({ title, tag }) => [title, tag])).toEqual([["Conversation a", A]]);
  },
);

test("[DEV-5] a reply that ended in the open chat while the page was hidden has no toast: it is there when one looks", async () => {
  const { device, feed, settle, environment, transport } = await page();
  void device.turns.send(A, "hello");
  await settle();
  const events = turn("a", 11, ["Hi"]);
  await feed(events[0] ?? null);
  await environment.emit("hide");
  transport.answers.open = () => detail("a", 12);
  await environment.advance(2000);
  await feed(...events);
  expect(device.conversations.get(A)?.unread).toBe(1);
  expect(document.querySelectorAll(".toast")).toHaveLength(0);
});
