/** A page that is loaded at the address of a conversation: it is opened while the device still reads its store. */
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import type { LocalStore } from "../src/local-store/local-store.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");

/** A store whose list comes when the test says. */
function slow(localStore: LocalStore): { localStore: LocalStore; release: () => void } {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  return { localStore: { ...localStore, loadList: () => promise.then(() => localStore.loadList()) }, release };
}

describe("[DEV-3] a conversation that is opened before the store was read", () => {
  it("is judged by what was stored: its badge clears everywhere, and the divider stands where the new begins", async () => {
    const stored = memoryLocalStore();
    const row = summary("a", 12, { read_seq: 10, unread_count: 2 });
    const conversations = [{ row, baseline: { count: 10, seq: 10, skipped: 0 } }];
    await stored.saveList({ serverTime: tick(100), epoch: "e1", conversations });
    const { localStore, release } = slow(stored);
    const { device, transport } = wholeDevice({ localStore });
    transport.answers.open = () => detail("a", 12, { read_seq: 10, unread_count: 2 });
    transport.answers.markRead = () => summary("a", 12, { read_seq: 12, unread_count: 0 });
    const started = device.start();
    const opened = device.views.openConversation(A);
    await settle();
    release();
    await Promise.all([started, opened]);
    await settle();
    expect(device.views.get(A)).toMatchObject({ firstNewSeq: 11 });
    expect(transport.named("markRead")).toEqual([[A, { seq: 12 }]]);
    device.views.closeConversation();
    expect(device.conversations.get(A)?.unread).toBe(0);
    device.stop();
  });

  it("[DEV-2] is not asked for, and nothing else is, where the device is stopped meanwhile", async () => {
    const { localStore, release } = slow(memoryLocalStore());
    const { device, transport, environment } = wholeDevice({ localStore });
    const started = device.start();
    void device.views.openConversation(A);
    device.stop();
    release();
    await started;
    await settle();
    expect([transport.calls, transport.asked]).toEqual([[], []]);
    expect([environment.timerCount, environment.listenerCount]).toEqual([0, 0]);
  });

  it("waits for the start of the device", async () => {
    const { device, transport } = wholeDevice();
    transport.answers.open = () => detail("a", 10);
    const opened = device.views.openConversation(A);
    await settle();
    expect(transport.calls).toEqual([]);
    await device.start();
    await opened;
    expect(device.views.get(A)).toMatchObject({ phase: "ready" });
    device.stop();
  });

  it("[DEV-9] counts as shown what is painted of it, also where the stored list is older than that", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    await settle();
    first.device.stop();
    await localStore.saveMessages(A, [message("a", 10), message("a", 11)]);
    const { device, transport } = wholeDevice({ localStore });
    await device.start();
    await device.views.openConversation(A);
    expect(device.views.get(A)).toMatchObject({ phase: "ready", newerProblem: NO_NETWORK });
    transport.answers.open = () => new Promise(() => {});
    transport.answers.messages = transport.answers.open;
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.views.get(A)).toMatchObject({ newMessages: 1 });
    device.stop();
  });

  it("is on screen only if nothing else was opened meanwhile", async () => {
    const { localStore, release } = slow(memoryLocalStore());
    const { device, transport } = wholeDevice({ localStore });
    transport.answers.open = () => detail("a", 10);
    const started = device.start();
    const opened = device.views.openConversation(A);
    device.views.closeConversation();
    release();
    await Promise.all([started, opened]);
    expect(device.views.get(A)).toBeUndefined();
    expect(transport.named("open")).toEqual([]);
    device.stop();
  });

  it("[ID-1] is there where it was begun offline, and waits only here", async () => {
    const first = await openDevice();
    const { localStore: stored } = first;
    const id = await first.device.turns.send(first.device.actions.createDraft(), "Begun offline");
    await settle();
    first.device.stop();
    const { localStore, release } = slow(stored);
    const { device, transport } = wholeDevice({ localStore });
    transport.answers.open = () => ({ ...failure("conversation_not_found", "No."), status: 404 });
    const started = device.start();
    const opened = device.views.openConversation(id);
    release();
    await Promise.all([started, opened]);
    expect(device.views.get(id)).toMatchObject({ phase: "ready", pending: [{ text: "Begun offline" }] });
    device.stop();
  });
});
