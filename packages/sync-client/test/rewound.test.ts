/** History is rewound under a device: nothing that only the former history had may stay on it [EPOCH-1]. */
import { expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row } from "./scripted-server.ts";
import { detail, message } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");
const REWOUND = { ...full(50, [row("a", 4)]), epoch: "e2" };

it("[EPOCH-1] messages of the former history, stored by an earlier page, are neither shown nor counted as seen", async () => {
  const localStore = memoryLocalStore();
  const first = await openDevice({ localStore });
  first.transport.answers.open = () => detail("a", 10);
  await first.device.views.openConversation(A);
  first.device.stop();
  const second = wholeDevice({ localStore });
  await second.device.start();
  await second.transport.last.answer(REWOUND);
  await second.device.views.openConversation(A);
  expect(second.device.views.get(A)?.messages).toEqual([]);
  second.device.views.closeConversation();
  await second.environment.advance(INTERVAL_MS);
  await second.transport.last.answer({ ...increment(60, [row("a", 7, { at: 60 })]), epoch: "e2" });
  expect(second.device.conversations.get(A)?.unread).toBe(3);
  second.device.stop();
});

it("[EPOCH-1] what another tab had seen of the former history hides no news of the present one from the tab's title", async () => {
  const browser = memoryTabs();
  const [here, other] = [await openDevice({ tabs: browser() }), browser()];
  other.tell({ kind: "seen", id: A, baseline: { count: 10, seq: 10, skipped: 0 } });
  await here.environment.advance(INTERVAL_MS);
  await here.transport.last.answer(REWOUND);
  await here.environment.advance(INTERVAL_MS);
  await here.transport.last.answer({ ...increment(60, [row("a", 7, { at: 60 })]), epoch: "e2" });
  await settle();
  expect(here.device.conversations.get(A)?.unread).toBe(3);
  expect(here.device.conversations.unreadConversations()).toBe(1);
  here.device.stop();
});

it("[EPOCH-1] a conversation that is left before it is loaded anew was seen no further than the present history goes", async () => {
  const { device, transport, environment } = await openDevice();
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  transport.answers.open = () => new Promise(() => {});
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(REWOUND);
  device.views.closeConversation();
  await environment.advance(INTERVAL_MS);
  await transport.last.answer({ ...increment(60, [row("a", 7, { at: 60 })]), epoch: "e2" });
  expect(device.conversations.get(A)?.unread).toBe(3);
  device.stop();
});

it("[EPOCH-1] nor is it read that far once the page is shown again", async () => {
  const { device, transport, environment } = await openDevice();
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  transport.answers.open = () => new Promise(() => {});
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(REWOUND);
  await environment.emit("hide");
  await environment.emit("show");
  expect(transport.named("markRead")).toEqual([]);
  device.stop();
});

it("[EPOCH-1] a send that was refused is looked for again in the present history, however short that is", async () => {
  const { device, transport, environment } = await openDevice();
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  transport.refusals = [{ ...failure("bad_answer", "Too much."), status: 413 }];
  await device.turns.send(A, "message 5");
  await settle();
  const sendId = device.views.get(A)?.pending[0]?.clientMessageId ?? "";
  transport.answers.messages = () => ({
    messages: [message("a", 10)],
    message_pagination: detail("a", 10).message_pagination,
  });
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(120, [row("a", 11, { at: 120 })]));
  device.views.closeConversation();
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(REWOUND);
  transport.answers.messages = () => ({
    messages: [message("a", 5, { client_message_id: sendId })],
    message_pagination: detail("a", 5).message_pagination,
  });
  await environment.advance(INTERVAL_MS);
  await transport.last.answer({ ...increment(60, [row("a", 5, { at: 60 })]), epoch: "e2" });
  expect(device.outbox.stateOf(A)).toBeNull();
  device.stop();
});
