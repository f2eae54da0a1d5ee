/** The same done to several conversations at once: shown at once, stored before the network is used, one call, one way back. */
import { describe, expect, it } from "vitest";
import { failure, isFailure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice, wholeDevice } from "./whole-device.ts";

const [A, B, C] = [idOf("a"), idOf("b"), idOf("c")];
const SAID = { server_time: tick(110), epoch: "e1" };
const acted = (more: object = {}) => ({ conversations: [], deleted_ids: [], missing_ids: [], ...SAID, ...more });

const calls = ({ transport }: WholeDevice) => transport.named("act").map(([input]) => input);
const sorted = (ids: readonly string[]) => ids.toSorted();

describe("several conversations at once", () => {
  it("change on screen before the server has answered, and reach it in one call", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.act = () => acted({ deleted_ids: [A, B] });
    const { ids, answer } = device.actions.changeMany([A, B], { key: "removed", value: true });
    expect([ids, device.conversations.list()]).toEqual([[A, B], [C]]);
    await environment.advance(0);
    expect(await answer).toBeUndefined();
    expect(calls(whole)).toEqual([{ action: "trash", ids: [A, B] }]);
    expect(transport.named("remove")).toEqual([]);
    device.stop();
  });

  it.each([
    [{ key: "pinned", value: true }, "pin", "unpin"],
    [{ key: "archived", value: true }, "archive", "unarchive"],
    [{ key: "removed", value: true }, "trash", "restore"],
  ] as const)("are taken back together too: %j", async (change, does, undoes) => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.act = () => acted({ conversations: [summary("a", 10), summary("b", 20)] });
    const before = device.conversations.list();
    const { answer, undo } = device.actions.changeMany([A, B], change);
    await environment.advance(0);
    await answer;
    const undone = undo();
    expect(device.conversations.list()).toEqual(before);
    await environment.advance(0);
    expect(await undone).toBeUndefined();
    expect(calls(whole)).toEqual([
      { action: does, ids: [A, B] },
      { action: undoes, ids: [A, B] },
    ]);
    device.stop();
  });

  it("that are so already are left alone, by the undo as well", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.act = () => acted();
    transport.answers.patch = () => summary("b", 20, { pinned: true, ...SAID });
    await device.actions.setPinned(B, true);
    const { ids, undo } = device.actions.changeMany([A, B, C, "nobody"], { key: "pinned", value: true });
    expect(ids).toEqual([A, C]);
    await environment.advance(0);
    void undo();
    await environment.advance(0);
    expect(calls(whole)).toMatchObject([{ ids: [A, C] }, { ids: [A, C] }]);
    expect(device.conversations.get(B)?.pinned).toBe(true);
    device.stop();
  });

  it("of which only one is left go as one does", async () => {
    const { device, transport } = await openDevice();
    transport.answers.patch = () => summary("a", 10, { archived: true });
    await device.actions.changeMany([A], { key: "archived", value: true }).answer;
    expect([transport.named("patch"), transport.named("act")]).toEqual([[[A, { archived: true }]], []]);
    device.stop();
  });

  it("are marked as unread in one call, and read each up to where it is", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.act = () => acted();
    transport.answers.markRead = () => summary("a", 10);
    const marked = device.actions.changeMany([A, B], { key: "unread", value: true });
    await environment.advance(0);
    await marked.answer;
    expect(device.conversations.unreadConversations()).toBe(2);
    await marked.undo();
    expect(device.conversations.unreadConversations()).toBe(0);
    expect(calls(whole)).toEqual([{ action: "unread", ids: [A, B] }]);
    expect(transport.named("markRead")).toEqual([
      [A, { seq: 10 }],
      [B, { seq: 20 }],
    ]);
    device.stop();
  });

  it("[DEV-12] offline wait on the device, over a reload too, and go out together", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    void first.device.actions.changeMany([A, B], { key: "archived", value: true });
    await first.environment.advance(0);
    expect(await localStore.loadOutbox()).toHaveLength(2);
    first.device.stop();
    const second = wholeDevice({ localStore });
    second.transport.answers.act = () => acted();
    await second.device.start();
    expect(second.device.conversations.archivedList().toSorted()).toEqual(sorted([A, B]));
    await second.environment.advance(1000);
    expect(calls(second)).toEqual([{ action: "archive", ids: [A, B] }]);
    expect(await localStore.loadOutbox()).toEqual([]);
    second.device.stop();
  });

  it("[DEV-12] that were deleted and taken back offline never reach the server as deleted", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    const { undo } = device.actions.changeMany([A, B], { key: "removed", value: true });
    await environment.advance(0);
    const tried = calls(whole).length;
    void undo();
    transport.answers.act = () => acted({ conversations: [summary("a", 10), summary("b", 20)] });
    await environment.emit("online");
    await environment.advance(0);
    expect(calls(whole).slice(tried)).toEqual([{ action: "restore", ids: [A, B] }]);
    expect(device.conversations.list()).toHaveLength(3);
    device.stop();
  });

  it("fail together once: the next try comes within the first pause", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    environment.randomValue = 0.999;
    transport.answers.act = () => ({ ...failure("unavailable", "Busy."), status: 503 });
    void device.actions.changeMany([A, B, C], { key: "archived", value: true });
    await environment.advance(0);
    expect(calls(whole)).toHaveLength(1);
    transport.answers.act = () => acted();
    await environment.advance(1000);
    expect(calls(whole)).toHaveLength(2);
    device.stop();
  });

  it("of which the server does not know one are changed but for that one, and it says so; a deleted one is as good as deleted", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.act = () => acted({ missing_ids: [B] });
    const archived = device.actions.changeMany([A, B], { key: "archived", value: true });
    await environment.advance(0);
    const outcome = await archived.answer;
    expect(isFailure(outcome) && outcome.failed).toBe("conversation_not_found");
    expect(device.conversations.get(A)?.archived).toBe(true);
    expect(device.conversations.get(B)?.archived).toBe(false);
    const removed = device.actions.changeMany([A, B], { key: "removed", value: true });
    await environment.advance(0);
    expect(await removed.answer).toBeUndefined();
    device.stop();
  });

  it("[SYNC-11] stay as they are until a sync has what the answer told, and then are the server's", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.act = () => acted();
    await environment.advance(INTERVAL_MS);
    const { answer } = device.actions.changeMany([A, B], { key: "pinned", value: true });
    await environment.advance(0);
    await answer;
    await transport.last.answer(increment(105));
    expect(device.conversations.get(A)?.pinned).toBe(true);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(111, [row("a", 10, { at: 10, pinned: false })]));
    expect([A, B].map((id) => device.conversations.get(id)?.pinned)).toEqual([false, false]);
    device.stop();
  });

  it("go in calls of five hundred, which is what one takes", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.act = () => acted();
    const many = Array.from({ length: 1100 }, (_, index) => row(String.fromCodePoint(0x4e00 + index), 2));
    await environment.advance(INTERVAL_MS);
    await transport.last.answer({ ...full(120, many) });
    const ids = many.map(({ id }) => id);
    const { answer } = device.actions.changeMany(ids, { key: "archived", value: true });
    await environment.advance(0);
    await environment.advance(50);
    await answer;
    const sent = transport.named("act").map(([input]) => (input as { ids: string[] }).ids);
    expect(sent.map(({ length }) => length)).toEqual([500, 500, 100]);
    expect(sorted(sent.flat())).toEqual(sorted(ids));
    device.stop();
  });

  it("[DEV-2] leave no timer and no call behind when the device stops between them", async () => {
    const whole = await openDevice();
    const { device, environment } = whole;
    void device.actions.changeMany([A, B], { key: "pinned", value: true });
    device.stop();
    await settle();
    await environment.advance(60_000);
    expect(calls(whole)).toEqual([]);
  });
});

it("[DEV-3] everything is read: what is archived too", async () => {
  const { device, transport, environment } = await openDevice();
  transport.answers.markRead = () => summary("b", 22, { read_seq: 22, unread_count: 0 });
  await environment.advance(60_000);
  await transport.last.answer(increment(122, [row("b", 22, { at: 122, archived: true })]));
  expect(device.conversations.unreadArchived()).toBe(1);
  expect(device.actions.markAllRead().ids).toEqual([idOf("b")]);
  expect(device.conversations.unreadArchived()).toBe(0);
  device.stop();
});

it("[DEV-12] whoever waits for the word on a change that a later one has replaced waits no more", async () => {
  const { device, transport } = await openDevice();
  transport.answers.patch = () => new Promise(() => {});
  for (const name of ["a", "b", "c"]) void device.actions.setPinned(idOf(name), true);
  void device.actions.rename(idOf("a"), "Zero");
  await settle();
  let hasWord = false;
  void device.actions.rename(idOf("a"), "One").then(() => (hasWord = true));
  await settle();
  expect(hasWord).toBe(false);
  void device.actions.rename(idOf("a"), "Two");
  await settle();
  expect(hasWord).toBe(true);
  device.stop();
});
