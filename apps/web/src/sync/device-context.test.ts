/** What a device tells, and who hears it. */
import { expect, test } from "vitest";
import { idOf } from "../../test/scripted-device.ts";
import { createDeviceEvents } from "./device-context.ts";

const A = idOf("a");

test.each([
  ["onMessageOrphaned", "onOrphaned", [A, "text", false]],
  ["onReplaced", "onReplaced", [A, { version_id: "v", message_count: 2 }]],
  ["onReplyUnseen", "onReplyUnseen", [A]],
] as const)("what %s tells before anybody hears it waits for who comes first, and is told once", (tell, hear, args) => {
  const events = createDeviceEvents();
  const heard: unknown[][] = [];
  Reflect.apply(events.callbacks[tell] ?? (() => undefined), undefined, args);
  for (let times = 0; times < 2; times++) {
    Reflect.apply(events[hear], undefined, [(...told: unknown[]) => void heard.push(told)])();
  }
  expect(heard).toEqual([args]);
});
