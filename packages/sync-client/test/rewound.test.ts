/** History is rewound under a device: nothing that only the former history had may stay on it [EPOCH-1]. */
import { expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row } from "./scripted-server.ts";
import { detail } from "./scripted-transport.ts";
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
