/** Instructions of a conversation that is begun here go with whichever send makes it. */
import { expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { full, tick } from "./scripted-server.ts";
import { NO_NETWORK, summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice } from "./whole-device.ts";

const INSTRUCTIONS = "Be brief.";

function made({ transport }: Pick<WholeDevice, "transport">): unknown[] {
  return transport.named("create").map(([body]) => body);
}

it("[ID-1] a draft's instructions are in the call that makes its conversation, and in none that comes after", async () => {
  const whole = await openDevice();
  const { device, transport } = whole;
  transport.answers.create = () => summary("n", 0);
  const first = await device.turns.send(device.actions.createDraft(), "Hello", { instructions: INSTRUCTIONS });
  const plain = await device.turns.send(device.actions.createDraft(), "Hello");
  await settle();
  expect(made(whole)).toEqual([{ id: first, instructions: INSTRUCTIONS }, { id: plain }]);
  device.stop();
});

it("[DEV-12] they are there after a reload, whichever of the messages that wait goes first", async () => {
  const localStore = memoryLocalStore();
  const first = await openDevice({ localStore });
  first.transport.answers.create = () => NO_NETWORK;
  const id = await first.device.turns.send(first.device.actions.createDraft(), "One", { instructions: INSTRUCTIONS });
  await first.device.turns.send(id, "Two");
  await settle();
  const [pending] = first.device.views.get(id)?.pending ?? [];
  expect(await first.device.turns.discard(pending?.clientMessageId ?? "")).toMatchObject({
    text: "One",
    instructions: INSTRUCTIONS,
  });
  first.device.stop();
  const second = wholeDevice({ localStore });
  second.transport.answers.create = () => summary("n", 0, { id, server_time: tick(106), epoch: "e1" });
  await second.device.start();
  await settle();
  expect(made(second)).toEqual([{ id, instructions: INSTRUCTIONS }]);
  expect(second.transport.named("sendStream")).toMatchObject([[id, { message: "Two" }]]);
  await second.transport.last.answer(full(105, []));
  second.device.stop();
});

it("[DEV-12] what is written after a reload has them of what waits before it, though that is taken back", async () => {
  const localStore = memoryLocalStore();
  const first = await openDevice({ localStore });
  first.transport.answers.create = () => NO_NETWORK;
  const id = await first.device.turns.send(first.device.actions.createDraft(), "One", { instructions: INSTRUCTIONS });
  await settle();
  first.device.stop();
  const second = wholeDevice({ localStore });
  await second.device.start();
  await second.device.turns.send(id, "Two");
  await second.device.views.openConversation(id);
  await settle();
  const [pending] = second.device.views.get(id)?.pending ?? [];
  expect(await second.device.turns.discard(pending?.clientMessageId ?? "")).toMatchObject({
    text: "One",
    instructions: INSTRUCTIONS,
  });
  second.transport.answers.create = () => summary("n", 0, { id });
  second.device.syncNow();
  await settle();
  expect(made(second).at(-1)).toEqual({ id, instructions: INSTRUCTIONS });
  expect(second.transport.named("sendStream")).toMatchObject([[id, { message: "Two" }]]);
  second.device.stop();
});

it("[DEV-12] a message that is taken back before its conversation is made takes them from no other one", async () => {
  const whole = await openDevice();
  const { device, transport } = whole;
  transport.answers.create = () => NO_NETWORK;
  const id = await device.turns.send(device.actions.createDraft(), "One", { instructions: INSTRUCTIONS });
  await device.views.openConversation(id);
  await settle();
  const [pending] = device.views.get(id)?.pending ?? [];
  await device.turns.discard(pending?.clientMessageId ?? "");
  transport.answers.create = () => summary("n", 0, { id });
  await device.turns.send(id, "Another");
  await settle();
  expect(made(whole).at(-1)).toEqual({ id, instructions: INSTRUCTIONS });
  device.stop();
});
