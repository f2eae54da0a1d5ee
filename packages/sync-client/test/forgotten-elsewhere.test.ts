/** What is stored of an account was forgotten by another tab: this one, when it is left, writes none of it again. */
import { expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { idOf } from "./scripted-server.ts";
import { detail, message } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";

const A = idOf("a");

it("[SIGN-7] a long conversation that is left after its account was erased in another tab stays off the device", async () => {
  const localStore = memoryLocalStore();
  const { device, transport } = await openDevice({ localStore });
  transport.answers.open = () => detail("a", 80);
  await device.views.openConversation(A);
  transport.answers.messages = () => ({
    messages: Array.from({ length: 30 }, (_, index) => message("a", index + 1)),
    message_pagination: { ...detail("a", 80).message_pagination, has_older: false, older_cursor: null },
  });
  await device.views.loadOlder(A);
  expect(device.views.get(A)?.messages).toHaveLength(80);
  await localStore.clear();
  device.views.closeConversation();
  await settle();
  expect(await localStore.loadMessages(A)).toBeNull();
  device.stop();
});
