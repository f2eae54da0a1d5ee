/** A device that is stopped, whatever it was doing: nobody waits for it any more, and it leaves no timer [DEV-2]. */
import { expect, it } from "vitest";
import type { LocalStore } from "../src/local-store/local-store.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { noTabs, type TabMessage } from "../src/tabs/tabs.ts";
import { idOf } from "./scripted-server.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");

it("[DEV-2] lets go of who waits for what is stored", async () => {
  const localStore: LocalStore = { ...memoryLocalStore(), loadList: () => new Promise(() => {}) };
  const { device } = wholeDevice({ localStore });
  void device.start();
  const waits = [device.views.openConversation(A), device.loadMoreConversations()];
  await settle();
  device.stop();
  expect(await Promise.race([Promise.all(waits).then(() => "ended"), settle().then(() => "waits")])).toBe("ended");
});

it("[DEV-2] [DEV-12] lets go of who waits for the server's word on a change", async () => {
  const { device, transport } = await openDevice();
  transport.answers.patch = () => new Promise(() => {});
  const made = device.actions.setPinned(A, true);
  await settle();
  device.stop();
  expect(await Promise.race([made.then(() => "ended"), settle().then(() => "waits")])).toBe("ended");
});

it("[DEV-2] sets no timer for a change of another tab where it is stopped while it reads that it is over", async () => {
  let tell: (message: TabMessage) => void = () => {};
  const tabs = { ...noTabs(), subscribe: (listener: typeof tell) => ((tell = listener), () => undefined) };
  const disk = memoryLocalStore();
  let reading = Promise.resolve();
  const localStore: LocalStore = { ...disk, loadOutbox: () => reading.then(() => disk.loadOutbox()) };
  const { device, environment } = await openDevice({ tabs, localStore });
  tell({ kind: "change", operationId: "one", id: A, change: { key: "title", value: "Theirs" } });
  let read: () => void = () => {};
  reading = new Promise((resolve) => (read = resolve));
  await environment.emit("suspend");
  await environment.emit("resume");
  device.stop();
  read();
  await settle();
  expect(environment.timerCount).toBe(0);
});
