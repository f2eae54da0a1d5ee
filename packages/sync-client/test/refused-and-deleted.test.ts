/** A message that was refused, and whose chat is deleted then: its text is given back, and no chat comes back by it [DEV-10, DEV-12]. */
import { expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { heldAnswer } from "./held-answer.ts";
import { idOf, increment } from "./scripted-server.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");
const REFUSED = { ...failure("message_too_long", "That is too long."), status: 422 };
const NOT_THERE = { ...failure("conversation_not_found", "Not there."), status: 404 };

/** What a later visit lists. */
async function listedLater({ localStore, environment, device }: WholeDevice): Promise<readonly string[]> {
  device.stop();
  const later = wholeDevice({ localStore, environment });
  await later.device.start();
  const listed = later.device.conversations.list();
  later.device.stop();
  return listed;
}

it("[DEV-12] a chat that was never made, and is deleted, is not there again with the next visit", async () => {
  const localStore = memoryLocalStore();
  const first = await openDevice({ localStore });
  first.transport.answers.create = () => REFUSED;
  const id = await first.device.turns.send(first.device.actions.createDraft(), "Hi");
  await settle();
  first.device.stop();
  const second = await openDevice({ localStore, environment: first.environment });
  expect(second.device.conversations.list()).toContain(id);
  second.transport.answers.remove = () => NOT_THERE;
  await second.device.actions.remove(id);
  await settle();
  expect(second.device.conversations.list()).not.toContain(id);
  expect(second.told).toEqual(["orphaned Hi"]);
  expect(await listedLater(second)).not.toContain(id);
});

it("[DEV-10] [DEV-12] neither is one that is deleted elsewhere, and the text is given back", async () => {
  const whole = await openDevice({ localStore: memoryLocalStore() });
  const { device, transport, told } = whole;
  transport.refusals = [REFUSED];
  await device.turns.send(A, "Hi");
  await settle();
  expect(device.outbox.stateOf(A)).toBe("rejected");
  void device.sync.incrementalSync();
  await transport.last.answer(increment(120, [], [A]));
  expect(told).toEqual(["orphaned Hi"]);
  expect(await listedLater(whole)).not.toContain(A);
});

it("[DEV-10] [DEV-11] of two tabs one gives the text back", async () => {
  const [localStore, openTab] = [memoryLocalStore(), memoryTabs()];
  const one = await openDevice({ localStore, tabs: openTab() });
  one.transport.refusals = [REFUSED];
  await one.device.turns.send(A, "Hi");
  await settle();
  const other = await openDevice({ localStore, tabs: openTab(), environment: one.environment });
  expect(other.device.outbox.stateOf(A)).toBe("rejected");
  void one.device.sync.incrementalSync();
  await one.transport.last.answer(increment(120, [], [A]));
  await one.environment.advance(1000);
  expect(other.device.conversations.list()).not.toContain(A);
  expect([...one.told, ...other.told]).toEqual(["orphaned Hi"]);
  one.device.stop();
  other.device.stop();
});

it("[DEV-10] a chat whose deletion was taken back in vain leaves the screen with a word, though an answer without it came before", async () => {
  const { device, transport, environment, told } = await openDevice();
  transport.answers.remove = () => ({ status: "trashed", purge_at: "" });
  await device.actions.remove(A);
  const late = heldAnswer<object>();
  transport.answers.restore = late.answer;
  void device.actions.restore(A);
  await settle();
  transport.answers.open = () => NOT_THERE;
  void device.views.openConversation(A);
  await environment.advance(60_000);
  await transport.last.answer(increment(120, [], [A]));
  expect(told).toEqual([]);
  await late.give(NOT_THERE);
  expect(told).toEqual(["deleted "]);
  expect(device.conversations.list()).not.toContain(A);
  device.stop();
});
