/** Where a chat stands in the list that was begun here, until the server's row takes its place [ID-1, LIST-1]. */
import { expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { idOf, row, tick } from "./scripted-server.ts";
import { summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice, wholeDevice } from "./whole-device.ts";

const KNOWN = [idOf("c"), idOf("b"), idOf("a")];

/** Begun one after the other. */
async function begun({ device, environment }: WholeDevice, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    ids.push(await device.turns.send(device.actions.createDraft(), `Chat ${number}`));
    await environment.advance(1);
  }
  return ids;
}

const datesOf = ({ device }: WholeDevice, ids: readonly string[]) =>
  ids.map((id) => device.conversations.get(id)?.updated_at);

it("[LIST-1] chats that are begun offline stand first, the last one before the others, as of when they were begun", async () => {
  const localStore = memoryLocalStore();
  const first = await openDevice({ localStore });
  const ids = await begun(first, 3);
  expect(first.device.conversations.list()).toEqual([...ids.toReversed(), ...KNOWN]);
  const dates = ["2026-01-01T12:00:00.000000Z", "2026-01-01T12:00:00.001000Z", "2026-01-01T12:00:00.002000Z"];
  expect(datesOf(first, ids)).toEqual(dates);
  first.device.stop();
  const second = wholeDevice({ localStore });
  await second.environment.advance(3 * 86_400_000);
  await second.device.start();
  expect(second.device.conversations.list()).toEqual([...ids.toReversed(), ...KNOWN]);
  expect(datesOf(second, ids)).toEqual(dates);
  second.device.stop();
});

it("[LIST-1] so they do before the first answer, and as of no other year", async () => {
  const whole = wholeDevice();
  await whole.device.start();
  const ids = await begun(whole, 2);
  expect(whole.device.conversations.list()).toEqual(ids.toReversed());
  expect(datesOf(whole, ids)).toEqual(["2026-01-01T12:00:00.000000Z", "2026-01-01T12:00:00.001000Z"]);
  whole.device.stop();
});

it("[LIST-1] so they do where the device's clock is behind all that is known", async () => {
  const localStore = memoryLocalStore();
  const first = await openDevice({ localStore });
  first.environment.clockErrorMs = -86_400_000;
  const ids = await begun(first, 2);
  expect(first.device.conversations.list()).toEqual([...ids.toReversed(), ...KNOWN]);
  first.device.stop();
  const second = wholeDevice({ localStore });
  await second.device.start();
  expect(second.device.conversations.list()).toEqual([...ids.toReversed(), ...KNOWN]);
  second.device.stop();
});

it.each([
  ["its message is on its way", [], 107],
  ["its message waits", [{ ...failure("too_many_requests", "Later."), status: 429 }], 106],
] as const)(
  "[LIST-1] a clock that is ahead says where a chat stands until the server does, where %s",
  async (_when, refusals, said) => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    environment.clockErrorMs = 400 * 86_400_000;
    const answered = Promise.withResolvers<unknown>();
    transport.answers.create = () => answered.promise;
    transport.refusals = [...refusals];
    const ids = await begun(whole, 1);
    expect(datesOf(whole, ids)).toEqual([expect.stringMatching(/^2027-/)]);
    const [id = ""] = ids;
    const asOf = (at: number) => ({ server_time: tick(at), epoch: "e1" });
    answered.resolve(summary("n", 0, { id, updated_at: tick(106), ...asOf(106) }));
    await settle();
    const [start] = turn("n", 1, ["Hi"]);
    if (refusals.length === 0 && start?.event === "start") {
      const conversation = { ...row("n", 1, { at: 107 }), id };
      await transport.stream.feed({ ...start, data: { ...start.data, conversation, ...asOf(107) } });
    }
    expect(datesOf(whole, ids)).toEqual([tick(said)]);
    device.stop();
  },
);
