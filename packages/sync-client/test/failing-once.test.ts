/** A store of which a call fails, and the next one works: what is over stays over [DEV-12] [DEV-14]. */
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import type { LocalStore } from "../src/local-store/local-store.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { idOf, increment } from "./scripted-server.ts";
import { NO_NETWORK } from "./scripted-transport.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";
import { waitingIn } from "./waiting-in.ts";

const A = idOf("a");

/** Takes nothing out while it fails. */
function failingStore(disk: LocalStore): { readonly localStore: LocalStore; fails: boolean } {
  const state = {
    fails: false,
    localStore: {
      ...disk,
      saveOutgoing: async (...[put, removed]: Parameters<LocalStore["saveOutgoing"]>) =>
        state.fails && removed.length > 0 ? false : disk.saveOutgoing(put, removed),
    },
  };
  return state;
}

it("[DEV-8] [DEV-12] does no change again whose end could not be stored, and takes it out later", async () => {
  const disk = memoryLocalStore();
  const failing = failingStore(disk);
  const { device, transport, environment } = await openDevice(failing);
  transport.answers.patch = () => ({});
  failing.fails = true;
  await device.actions.setPinned(A, true);
  failing.fails = false;
  await device.actions.setPinned(A, false);
  expect(await disk.loadOutbox()).toHaveLength(1);
  await environment.emit("suspend");
  await environment.emit("resume");
  await environment.advance(3000);
  expect(transport.named("patch").map(([, change]) => change)).toEqual([{ pinned: true }, { pinned: false }]);
  expect(await disk.loadOutbox()).toEqual([]);
  device.stop();
});

/** Two tabs of one browser that is offline; the first one's store may fail. */
async function twoOffline() {
  const openTab = memoryTabs();
  const disk = memoryLocalStore();
  const environment = new VirtualEnvironment();
  const failing = failingStore(disk);
  const first = await openDevice({ localStore: failing.localStore, environment, tabs: openTab() });
  const second = await openDevice({ localStore: disk, environment, tabs: openTab() });
  for (const { transport } of [first, second]) transport.refusals = Array.from({ length: 9 }, () => NO_NETWORK);
  return { first, second, disk, environment, failing };
}

it("[DEV-12] [DEV-14] no other tab sends what was taken back here, though it stands in the store still", async () => {
  const { first, second, disk, environment, failing } = await twoOffline();
  await first.device.turns.send(A, "message 11");
  await environment.advance(100);
  const [waiting] = await waitingIn(disk);
  failing.fails = true;
  expect(await first.device.turns.discard(waiting?.id ?? "")).toMatchObject({ text: "message 11" });
  for (const { transport } of [first, second]) transport.refusals = [];
  await environment.emit("online");
  await environment.advance(10_000);
  expect([...first.transport.streams, ...second.transport.streams]).toEqual([]);
  expect([second.device.status().waitingCount, await waitingIn(disk)]).toEqual([0, []]);
  first.device.stop();
  second.device.stop();
});

it("[DEV-12] a chat that was begun in another tab goes with its message where that is taken back there", async () => {
  const { first, second, disk, environment } = await twoOffline();
  const id = await first.device.turns.send(first.device.actions.createDraft(), "message 1");
  await environment.advance(100);
  expect(second.device.conversations.get(id)?.isLocal).toBe(true);
  await first.device.turns.discard((await waitingIn(disk))[0]?.id ?? "");
  second.transport.answers.messages = () => ({ ...failure("conversation_not_found", "Not there."), status: 404 });
  second.device.syncNow();
  await second.transport.last.answer(increment(112));
  expect(second.device.conversations.get(id)).toBeUndefined();
  first.device.stop();
  second.device.stop();
});

it("[DEV-8] [DEV-12] a tab that once could not read the store does not do again what another one has done and undone", async () => {
  const openTab = memoryTabs();
  const disk = memoryLocalStore();
  const page = new VirtualEnvironment();
  let fails = false;
  const localStore: LocalStore = { ...disk, loadOutbox: async () => (fails ? null : disk.loadOutbox()) };
  const first = await openDevice({ localStore, environment: page, tabs: openTab() });
  const second = await openDevice({ localStore: disk, environment: new VirtualEnvironment(), tabs: openTab() });
  for (const { transport } of [first, second]) transport.answers.patch = () => NO_NETWORK;
  void first.device.actions.setPinned(A, true);
  await settle();
  fails = true;
  void second.device.actions.rename(idOf("b"), "Other");
  await settle();
  fails = false;
  await page.emit("suspend");
  second.transport.answers.patch = () => ({});
  await second.environment.emit("online");
  await second.environment.advance(10_000);
  expect(await waitingIn(disk)).toEqual([]);
  await second.device.actions.setPinned(A, false);
  const before = first.transport.named("patch").length;
  first.transport.answers.patch = () => ({});
  await page.emit("resume");
  await page.advance(10_000);
  expect(first.transport.named("patch").slice(before)).toEqual([]);
  first.device.stop();
  second.device.stop();
});

it("[DEV-12] what waits in a store that fails while the page opens is read, and sent, once it answers again", async () => {
  const disk = memoryLocalStore();
  const earlier = await openDevice({ localStore: disk });
  earlier.transport.refusals = [NO_NETWORK];
  await earlier.device.turns.send(A, "message 11");
  await settle();
  earlier.device.stop();
  const localStore: LocalStore = { ...disk, loadList: async () => null, loadOutbox: async () => null };
  const { device, transport } = await openDevice({ localStore });
  expect(device.status().waitingCount).toBe(0);
  Object.assign(localStore, disk);
  device.syncNow();
  await settle();
  await transport.last.answer(increment(112));
  expect(transport.named("sendStream")).toHaveLength(1);
  device.stop();
});

it("[DEV-12] takes out with the next answer what is over and could not be taken out, before a tab that opens does it again", async () => {
  const disk = memoryLocalStore();
  const failing = failingStore(disk);
  const { device, transport } = await openDevice(failing);
  transport.answers.patch = () => ({});
  failing.fails = true;
  await device.actions.setPinned(A, true);
  failing.fails = false;
  expect(await waitingIn(disk)).toHaveLength(1);
  device.syncNow();
  await settle();
  await transport.last.answer(increment(112));
  expect(await waitingIn(disk)).toEqual([]);
  device.stop();
});

it("[DEV-12] [DEV-14] a store that can't say what waits is not asked in a loop about what another tab has sent", async () => {
  const disk = memoryLocalStore();
  let isWholeReadable = true;
  let lookUps = 0;
  const localStore: LocalStore = {
    ...disk,
    loadOutbox: async () => (isWholeReadable ? disk.loadOutbox() : null),
    loadOutgoing: async (id) => {
      lookUps += 1;
      // A loop of promises leaves no moment in which a test could end: it stands still here.
      return lookUps > 1000 ? new Promise(() => {}) : disk.loadOutgoing(id);
    },
  };
  const { device, transport, environment } = await openDevice({ localStore });
  transport.refusals = [NO_NETWORK];
  await device.turns.send(A, "message 11");
  await environment.advance(100);
  await disk.saveOutgoing(
    [],
    (await waitingIn(disk)).map(({ id }) => id),
  );
  isWholeReadable = false;
  lookUps = 0;
  await environment.advance(1000);
  // Every promise that can settle has done so then.
  await setImmediate();
  expect(lookUps).toBeGreaterThan(0);
  expect(lookUps).toBeLessThan(10);
  isWholeReadable = true;
  await environment.advance(10_000);
  expect(device.status().waitingCount).toBe(0);
  device.stop();
});

it("[DEV-8] [DEV-14] a tab that opens while the store fails learns what is over from the tab that was through with it", async () => {
  const openTab = memoryTabs();
  const disk = memoryLocalStore();
  let fails = false;
  const localStore: LocalStore = {
    ...disk,
    loadOutbox: async () => (fails ? null : disk.loadOutbox()),
    saveOutgoing: async (put, removed) => !fails && disk.saveOutgoing(put, removed),
  };
  const first = await openDevice({ localStore, tabs: openTab() });
  first.transport.answers.patch = async () => {
    fails = true;
    return {};
  };
  await first.device.actions.setPinned(A, true);
  const second = await openDevice({ localStore, tabs: openTab() });
  first.device.syncNow();
  await settle();
  await first.transport.last.answer(increment(112));
  fails = false;
  // It reads the store before the tab that knows it does.
  await second.environment.emit("suspend");
  await second.environment.emit("resume");
  await second.environment.advance(10_000);
  expect(second.transport.named("patch")).toEqual([]);
  expect(await waitingIn(disk)).toEqual([]);
  first.device.stop();
  second.device.stop();
});

it("[DEV-14] of what a store never kept nothing is told again, however long that fails", async () => {
  const openTab = memoryTabs();
  const localStore: LocalStore = {
    ...memoryLocalStore(),
    loadOutbox: async () => null,
    saveOutgoing: async () => false,
  };
  const { device, transport } = await openDevice({ localStore, tabs: openTab() });
  transport.answers.patch = () => ({});
  const told: string[] = [];
  openTab().subscribe(({ kind }) => void told.push(kind));
  await device.actions.setPinned(A, true);
  await device.actions.setPinned(A, false);
  device.syncNow();
  await settle();
  await transport.last.answer(increment(112));
  await settle();
  expect(told).toContain("settled");
  expect(told).not.toContain("refused");
  device.stop();
});
