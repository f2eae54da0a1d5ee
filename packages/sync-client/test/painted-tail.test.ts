/** The end of a conversation as the store has it, shown before the server answers, or where it never does. */
import type { SyncRow } from "@instep/protocol";
import { expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { full, idOf, row } from "./scripted-server.ts";
import { detail, message } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { wholeDevice } from "./whole-device.ts";

const A = idOf("a");

/** A device that has `messages` of the conversation, and its row where there is one, and no network. */
async function paintedDevice({ messages }: Pick<ReturnType<typeof detail>, "messages">, listed?: SyncRow) {
  const localStore = memoryLocalStore();
  if (listed) {
    const earlier = wholeDevice({ localStore });
    await earlier.device.start();
    await settle();
    await earlier.transport.last.answer(full(100, [listed]));
    earlier.device.stop();
  }
  await localStore.saveMessages(A, messages);
  const whole = wholeDevice({ localStore });
  await whole.device.start();
  void whole.device.views.openConversation(A);
  await settle();
  return whole;
}

it("[DEV-12] has older messages where it doesn't begin with the first, and nothing of what stood there counts as gone", async () => {
  const { device } = await paintedDevice(detail("a", 120, { loaded: 50 }));
  expect(device.views.get(A)).toMatchObject({ phase: "ready", hasOlder: true, problem: null });
  device.stop();
  const whole = await paintedDevice(detail("a", 20));
  expect(whole.device.views.get(A)).toMatchObject({ phase: "ready", hasOlder: false });
  whole.device.stop();
});

const FROM_THIRD = { messages: [3, 4].map((seq) => message("a", seq)) };

it("[MSG-3] has no older ones where all that is left of it is there, though its first message was edited", async () => {
  const { device, transport } = await paintedDevice(FROM_THIRD, row("a", 2, { last_seq: 4 }));
  expect(device.views.get(A)).toMatchObject({ phase: "ready", hasOlder: false, problem: null });
  await device.views.loadOlder(A);
  expect(transport.named("messages")).toEqual([]);
  device.stop();
});

it.each([
  ["there are more", row("a", 3, { last_seq: 4 })],
  ["as many may be others by now", row("a", 2, { last_seq: 6 })],
])("[DEV-12] has older messages where %s than are there", async (_name, listed) => {
  const { device } = await paintedDevice(FROM_THIRD, listed);
  expect(device.views.get(A)).toMatchObject({ phase: "ready", hasOlder: true });
  device.stop();
});

it("says why older messages can't be had offline, and has them once the server is back", async () => {
  const { device, transport } = await paintedDevice(detail("a", 120, { loaded: 50 }));
  await device.views.loadOlder(A);
  expect(transport.named("messages")).toEqual([[A, { before: "71", limit: 50 }]]);
  const unloaded = { hasOlder: true, isLoadingOlder: false, problem: { failed: "unreachable" } };
  expect(device.views.get(A)).toMatchObject(unloaded);
  const older = detail("a", 70, { loaded: 50 });
  transport.answers.messages = () => ({ messages: older.messages, message_pagination: older.message_pagination });
  await device.views.loadOlder(A);
  expect(device.views.get(A)).toMatchObject({ hasOlder: true, problem: null });
  expect(device.views.get(A)?.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 21));
  transport.answers.open = () => detail("a", 130, { loaded: 50 });
  await device.views.openConversation(A);
  expect(device.views.get(A)?.messages.at(-1)?.seq).toBe(130);
  device.stop();
});
