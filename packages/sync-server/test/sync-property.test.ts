/** Random histories: whatever is written, polled and paged in whatever order, every device ends with what a fresh one is given. */
import type { ConversationId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Device, expectInStep } from "./sync-world.ts";
import { clientId, openWorld, type TurnWorld } from "./turn-world.ts";
import type { VirtualEnvironment } from "./virtual-environment.ts";

type World = TurnWorld & { readonly environment: VirtualEnvironment };
type Step = (world: World, devices: readonly Device[]) => Promise<unknown>;

const DAY_MS = 86_400_000;
const IDS = [1, 2, 3, 4].map((n) => `0000000${n}-0000-4000-8000-000000000000` as ConversationId);

const id = fc.constantFrom(...IDS);
const small = fc.nat({ max: 6 });

const write: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: id.map((id) => step("create", (world) => world.engine.create(world.accountId, { id }))) },
  {
    weight: 4,
    arbitrary: fc.tuple(id, small).map(([id, n]) =>
      step(`append ${n}`, (world) =>
        // At once: they share a commit or don't, as it comes.
        Promise.all(
          Array.from({ length: n }, () => world.engine.append(world.accountId, id, { role: "user", content: "x" })),
        ),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id, fc.record({ title: fc.string(), pinned: fc.boolean(), archived: fc.boolean() }, { requiredKeys: [] }))
      .map(([id, change]) => step("patch", (world) => world.engine.patch(world.accountId, id, change))),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(id, fc.record({ seq: small, message_count: small, unread: fc.boolean() }, { requiredKeys: ["seq"] }))
      .map(([id, position]) => step("read", (world) => world.engine.markRead(world.accountId, id, position))),
  },
  { weight: 2, arbitrary: id.map((id) => step("trash", (world) => world.engine.trash(world.accountId, id))) },
  { weight: 2, arbitrary: id.map((id) => step("restore", (world) => world.engine.restore(world.accountId, id))) },
  { weight: 1, arbitrary: id.map((id) => step("erase", (world) => world.engine.erase(world.accountId, id))) },
  {
    weight: 3,
    arbitrary: fc.tuple(id, fc.option(fc.integer({ min: 1, max: 6 }))).map(([id, replaceFromSeq]) =>
      step(`turn ${replaceFromSeq}`, async (world) => {
        const turn = await world.tryBegin("Hello", { conversationId: id, clientMessageId: clientId(), replaceFromSeq });
        if (!("replyId" in turn)) return;
        const writer = world.writer(turn);
        writer.write("Hi.");
        await writer.end({ kind: "complete" });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("account" as const, "device" as const)
      .map((unreadScope) => step("scope", (world) => world.engine.updateAccount(world.accountId, { unreadScope }))),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -2, max: 20 }).map((days) =>
      step(`${days} days`, async (world) => {
        world.environment.step(days * DAY_MS);
        await world.engine.sweep();
      }),
    ),
  },
);

const poll: fc.Arbitrary<Step> = fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 5 })).map(([index, limit]) =>
  step(`device ${index} polls by ${limit}`, async (world, devices) => {
    const device = devices[index];
    await pollOnce(device!, limit);
    await expectInStep(world, device!);
    // What came once doesn't come again.
    const again = await device!.syncChanges(limit);
    expect(again.flatMap((answer) => [...answer.conversations, ...answer.deleted_ids])).toEqual([]);
  }),
);

test("[SYNC-10] whatever happens in whatever order, snapshot plus changes equals a fresh snapshot", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(write, write, poll), { maxLength: 40 }), async (steps) => {
      const world = await openWorld();
      const devices = [new Device(world), new Device(world), new Device(world)];
      for (const device of devices) await device.syncFully(2);
      for (const next of steps) await next(world, devices);
      await world.check();
      for (const [index, device] of devices.entries()) {
        await pollOnce(device, index + 1);
        await expectInStep(world, device);
      }
    }),
    { numRuns: 60 },
  );
});

test("[SYNC-3] a poll between any two commits that are asked at once loses no change", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 1, max: 3 }),
      async (steps, limit) => {
        const world = await openWorld();
        const device = new Device(world);
        await device.syncFully();
        const running = new Set(steps);
        const writing = Promise.all(steps.map((next) => next(world, []).finally(() => running.delete(next))));
        while (running.size > 0) await pollOnce(device, limit);
        await writing;
        await pollOnce(device, limit);
        await expectInStep(world, device);
        await world.check();
      },
    ),
    { numRuns: 30 },
  );
});

/** A poll as a device makes it: in full where the server says so, such as after months. */
async function pollOnce(device: Device, limit: number): Promise<void> {
  if (device.since === null || (await device.isBeyondHorizon())) await device.syncFully(limit);
  else await device.syncChanges(limit);
}

/** Gives a step a name that a counterexample shows. */
function step(name: string, run: Step): Step {
  return Object.assign((...args: Parameters<Step>) => run(...args), { toString: () => name });
}
