/** What the page gives to be called may throw: the device goes on, and whoever else listens is told [DEV-14]. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Listeners } from "../src/listeners.ts";
import { SyncManager } from "../src/sync-manager.ts";
import { full, idOf, increment, row, ScriptedServer } from "./scripted-server.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";

const reported: unknown[] = [];
const PAGE_ERROR = new Error("the page's own");
const fail = (): never => {
  throw PAGE_ERROR;
};

beforeEach(() => {
  reported.length = 0;
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
});
afterEach(() => vi.unstubAllGlobals());

describe("[DEV-14] a listener that throws", () => {
  it("keeps no other from being told, and is reported each time", () => {
    const listeners = new Listeners();
    let told = 0;
    listeners.add("a", fail);
    listeners.add("a", () => (told += 1));
    listeners.notify("a");
    listeners.notify("a");
    expect([told, reported]).toEqual([2, [PAGE_ERROR, PAGE_ERROR]]);
  });

  it("stops no sync: the answer is applied whole, and the next one is asked for in its time", async () => {
    const { device, transport, environment } = await openDevice();
    device.conversations.subscribeList(fail);
    device.conversations.subscribeUnread(fail);
    device.subscribeStatus(fail);
    device.conversations.subscribe(idOf("a"), fail);
    await environment.advance(60_000);
    await transport.last.answer(increment(200, [row("a", 12, { at: 200 }), row("d", 3, { at: 201 })], [idOf("b")]));
    expect(device.conversations.get(idOf("a"))?.unread).toBe(2);
    expect(device.conversations.get(idOf("b"))).toBeUndefined();
    expect(device.conversations.get(idOf("d"))?.unread).toBe(3);
    const asked = transport.asked.length;
    await environment.advance(60_000);
    expect(transport.asked.length).toBe(asked + 1);
    expect(reported.length).toBeGreaterThan(2);
    device.stop();
  });

  it("is no matter where it is a callback either: what follows from an answer happens all the same", async () => {
    const server = new ScriptedServer();
    const environment = new VirtualEnvironment();
    const callbacks = { onConversationsUpdated: fail, onCurrentConversationDeleted: fail };
    const manager = new SyncManager({ transport: server, environment, callbacks });
    manager.start();
    await server.last.answer(full(100, [row("a", 10), row("b", 20)]));
    manager.setCurrentConversation(idOf("a"));
    await environment.advance(60_000);
    await server.last.answer(increment(200, [row("b", 21, { at: 200 })], [idOf("a")]));
    expect(manager.store.conversations.get(idOf("b"))?.unread).toBe(1);
    expect(manager.store.state.current).toBeNull();
    expect(reported).toHaveLength(3);
    manager.stop();
    expect(environment.timerCount).toBe(0);
  });
});
