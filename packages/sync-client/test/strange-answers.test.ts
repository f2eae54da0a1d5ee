/** What comes as an answer and is none, and what throws where it is told: nothing of it stops the device [DEV-14]. */
import type { SyncResponse } from "@instep/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { INTERVAL_MS, makeDevice, makeSyncedDevice } from "./device-fixture.ts";
import { full, idOf, increment, row } from "./scripted-server.ts";
import { detail, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";

const A = idOf("a");
const reported: unknown[] = [];

beforeEach(() => {
  reported.length = 0;
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
});
afterEach(() => vi.unstubAllGlobals());

describe("[DEV-14] a sync", () => {
  it.each([
    ["no deleted ids", { deleted_ids: undefined }],
    ["no rows", { conversations: undefined }],
    ["a row that is none", { conversations: [null] }],
  ])("whose answer has %s has failed, and is asked again", async (_name, strange) => {
    const { server, environment, manager, unread } = await makeSyncedDevice();
    let hasEnded = false;
    void manager.incrementalSync().then(() => (hasEnded = true));
    await server.last.answer({ ...increment(110), ...strange } as unknown as SyncResponse);
    expect([hasEnded, reported.length]).toEqual([true, 1]);
    const asked = server.asked.length;
    await environment.advance(1000);
    expect(server.asked).toHaveLength(asked + 1);
    await server.last.answer(increment(111, [row("a", 12, { at: 111 })]));
    expect(unread("a")).toBe(2);
    manager.stop();
  });

  it("goes on where a hook throws", async () => {
    const fail = (): never => {
      throw new Error("a hook's own");
    };
    const hooks = {
      onChange: fail,
      onAnswered: fail,
      onSchedule: fail,
      onShown: fail,
      onCounted: fail,
      onRewound: fail,
    };
    const { server, environment, manager, unread } = makeDevice({ hooks });
    manager.start();
    await server.last.answer(full(100, [row("a", 10)]));
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(111, [row("a", 12, { at: 111 })]));
    expect(unread("a")).toBe(2);
    await environment.advance(INTERVAL_MS);
    expect(server.asked).toHaveLength(3);
    manager.stop();
    expect(environment.timerCount).toBe(0);
  });
});

describe("[DEV-14, DEV-12] what waits", () => {
  it("is tried again where a change's answer was none, and keeps no other from going", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.patch = () => null;
    for (const name of ["a", "b", "c"]) void device.actions.rename(idOf(name), "Mine");
    for (const name of ["a", "b", "c"]) void device.actions.setPinned(idOf(name), true);
    await settle();
    expect(reported.length).toBeGreaterThan(0);
    transport.answers.patch = (id) => summary(id === A ? "a" : id === idOf("b") ? "b" : "c", 10, { title: "Mine" });
    await environment.advance(60_000);
    await environment.emit("online");
    expect(device.status().waitingCount).toBe(0);
    device.stop();
  });

  it.each(["stream", "batch"] as const)("is tried again where a send broke: %s", async (mode) => {
    const { device, transport, environment } = await openDevice();
    transport.sendStream = () => Promise.reject(new Error("broken"));
    transport.answers.sendBatch = () => Promise.reject(new Error("broken"));
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11", { mode });
    await environment.advance(100);
    expect(device.views.get(A)?.pending).toMatchObject([{ state: "waiting" }]);
    expect(device.views.get(A)?.reply).toBeNull();
    device.stop();
  });

  it("is tried again where making its conversation came to nothing that it can be made of", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.create = () => null;
    const id = await device.turns.send(device.actions.createDraft(), "first");
    await environment.advance(100);
    expect(device.status().waitingCount).toBe(1);
    transport.answers.create = () => summary("d", 0, { id });
    await environment.emit("online");
    expect(transport.named("sendStream")).toHaveLength(1);
    device.stop();
  });

  it("goes again where its reply began with nothing that can be shown", async () => {
    const { device, transport, environment } = await openDevice();
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    const [start] = turn("a", 11, ["Hi"]);
    await transport.stream.feed({ ...start, data: {} } as never);
    expect(device.views.get(A)?.reply).toBeNull();
    expect(device.views.get(A)?.pending).toMatchObject([{ state: "waiting" }]);
    await environment.emit("online");
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    expect(device.status().waitingCount).toBe(0);
    device.stop();
  });
});

it("[DEV-14] a reply that is followed and ends with nothing that can be shown is let go of", async () => {
  const { device, transport } = await openDevice();
  const reply = { reply_id: idOf("r"), text: "", last_event_id: 1 };
  transport.answers.open = () => detail("a", 11, { active_reply: reply });
  await device.views.openConversation(A);
  expect(device.views.get(A)?.reply).not.toBeNull();
  const done = turn("a", 11, []).at(-1);
  await transport.stream.feed({ ...done, data: {} } as never);
  expect(device.views.get(A)?.reply).toBeNull();
  expect(reported).toHaveLength(1);
  device.stop();
});
