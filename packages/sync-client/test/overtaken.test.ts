/** A change that a later one replaces may be about to go: they never go side by side, so that the later one has the last word [DEV-12]. */
import { expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { noTabs } from "../src/tabs/tabs.ts";
import { idOf, tick } from "./scripted-server.ts";
import { summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";

const A = idOf("a");

it("[DEV-12] an earlier rename that the store is still asked for doesn't go beside the later one", async () => {
  const stored = memoryLocalStore();
  const read: (() => void)[] = [];
  const localStore = {
    ...stored,
    loadOutgoing: (id: string) =>
      new Promise<Awaited<ReturnType<typeof stored.loadOutgoing>>>((resolve) => {
        read.push(() => void stored.loadOutgoing(id).then(resolve));
      }),
  };
  const { device, transport } = await openDevice({ localStore });
  const answers: (() => void)[] = [];
  transport.answers.patch = (_id: string, { title = "" }: { title?: string }) =>
    new Promise((resolve) => answers.push(() => resolve(summary("a", 10, { title }))));
  void device.actions.rename(A, "one");
  await settle();
  const answered = read.splice(0);
  void device.actions.rename(A, "two");
  await settle();
  for (const answer of [...answered, ...read.splice(0)]) answer();
  await settle();
  expect(device.conversations.get(A)?.title).toBe("two");
  const titles = () => transport.named("patch").map(([, change]) => change);
  expect(titles()).toEqual([{ title: "two" }]);
  while (answers.length > 0 || read.length > 0) {
    for (const go of [...answers.splice(0), ...read.splice(0)]) go();
    await settle();
  }
  expect(titles()).toEqual([{ title: "two" }]);
  expect(device.conversations.get(A)?.title).toBe("two");
  expect(await stored.loadOutbox()).toEqual([]);
  device.stop();
});

it("[DEV-12] an undo waits for a deletion that another tab is sending, and has the last word", async () => {
  const isHeld = { value: true };
  const tabs = {
    ...noTabs(),
    exclusively: async (_name: string, run: () => Promise<void>) => {
      if (!isHeld.value) await run();
      return !isHeld.value;
    },
  };
  const { device, transport, environment } = await openDevice({ tabs });
  transport.answers.remove = () => ({ status: "trashed", purge_at: tick(1) });
  transport.answers.restore = () => summary("a", 10);
  void device.actions.remove(A);
  await settle();
  isHeld.value = false;
  void device.actions.restore(A);
  await settle();
  expect(transport.named("restore")).toEqual([]);
  expect(device.conversations.get(A)).toBeDefined();
  await environment.advance(5000);
  const made = transport.calls.map(([name]) => name).filter((name) => name === "remove" || name === "restore");
  expect(made).toEqual(["remove", "restore"]);
  device.stop();
});

it("[DEV-12] what is over while the store is read doesn't wait again, though it stood there still", async () => {
  const stored = memoryLocalStore();
  const localStore = { ...stored };
  const { device, transport, environment } = await openDevice({ localStore });
  let answer: () => void = () => {};
  transport.answers.patch = () =>
    new Promise((resolve) => (answer = () => resolve(summary("a", 10, { title: "one" }))));
  void device.actions.rename(A, "one");
  await settle();
  const asItWas = await stored.loadOutbox();
  expect(asItWas).toHaveLength(1);
  let read: () => void = () => {};
  localStore.loadOutbox = () => new Promise((resolve) => (read = () => resolve(asItWas)));
  await environment.emit("resume");
  answer();
  await settle();
  expect(device.status().waitingCount).toBe(0);
  localStore.loadOutgoing = () => new Promise(() => {});
  read();
  await settle();
  expect(device.status().waitingCount).toBe(0);
  device.stop();
});
