/** What a page that is left holds, with the locks of this runtime: nothing that would keep it out of the back/forward cache. */
import { expect, it, vi } from "vitest";
import { broadcastTabs } from "../src/tabs/broadcast-tabs.ts";
import { idOf, increment } from "./scripted-server.ts";
import { detail, turn } from "./scripted-transport.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";

const A = idOf("a");

async function held(accountId: string): Promise<string[]> {
  const { held: locks = [] } = await navigator.locks.query();
  return locks.map(({ name = "" }) => name).filter((name) => name.startsWith(`instep-${accountId}`));
}

const TASKS: readonly [string, (whole: WholeDevice) => Promise<unknown>][] = [
  ["a message that nobody has answered yet", ({ device }) => device.turns.send(A, "Hello")],
  [
    "a reply that is being written",
    async ({ device, transport }) => {
      await device.turns.send(A, "Hello");
      await vi.waitFor(() => expect(transport.streams).toHaveLength(1), { timeout: 15_000 });
      await transport.stream.feed(...turn("a", 11, ["Hel", "lo"]).slice(0, 2));
      expect(device.views.get(A)?.reply?.text).toBe("Hel");
    },
  ],
  [
    "a turn that is asked for whole",
    async ({ device, transport }) => {
      transport.answers.sendBatch = () => new Promise(() => {});
      await device.turns.send(A, "Hello", { mode: "batch" });
    },
  ],
  [
    "a change on its way",
    async ({ device, transport }) => {
      transport.answers.patch = () => new Promise(() => {});
      void device.actions.rename(A, "Other");
    },
  ],
];

it.each(TASKS)("[DEV-1] a page that is left keeps no lock for %s", async (name, begin) => {
  const accountId = `left ${name}`;
  const openChannel = (channel: string): BroadcastChannel => new BroadcastChannel(channel);
  const tabs = broadcastTabs({ accountId, openChannel, locks: navigator.locks });
  const whole = await openDevice({ tabs, live: true });
  whole.transport.answers.open = () => detail("a", 10);
  await whole.device.views.openConversation(A);
  await begin(whole);
  await vi.waitFor(
    async () => expect(await held(accountId)).toEqual(expect.arrayContaining([expect.stringContaining("send")])),
    { timeout: 15_000 },
  );
  await whole.environment.emit("suspend");
  await vi.waitFor(async () => expect(await held(accountId)).toEqual([]), { timeout: 15_000 });
  await whole.environment.emit("resume");
  await whole.transport.last.answer(increment(100));
  whole.device.stop();
  await vi.waitFor(async () => expect(await held(accountId)).toEqual([]), { timeout: 15_000 });
});
