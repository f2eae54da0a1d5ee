/** A page of messages around one of them: what a hit of the search, or a link to a message, is opened with. */
import type { ConversationId, MessagePage } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { conversationWith } from "./sync-world.ts";
import { must, openWorld, type TurnWorld } from "./turn-world.ts";

type Edge = ({ readonly before: number } | { readonly after: number } | { readonly around: number }) & {
  readonly limit: number;
};

test.for([
  [{ around: 5, limit: 5 }, [3, 4, 5, 6, 7]],
  [{ around: 5, limit: 4 }, [3, 4, 5, 6]],
  [{ around: 5, limit: 1 }, [5]],
  [{ around: 1, limit: 4 }, [1, 2, 3, 4]],
  [{ around: 0, limit: 4 }, [1, 2, 3, 4]],
  [{ around: 10, limit: 4 }, [7, 8, 9, 10]],
  [{ around: 99, limit: 4 }, [7, 8, 9, 10]],
  [{ around: 2, limit: 40 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
] as const)("a page around a message has it in its middle, and is full where there is enough: %j", async (example) => {
  const [{ around, limit }, seqs] = example;
  const world = await openWorld();
  const id = await conversationWith(world, 10);
  expect(seqsOf(await page(world, id, { around, limit }))).toEqual(seqs);
});

test("around in an empty conversation there is nothing", async () => {
  const world = await openWorld();
  const { messages, message_pagination } = await page(world, world.conversationId, { around: 3, limit: 5 });
  expect([messages, message_pagination.has_older, message_pagination.has_newer]).toEqual([[], false, false]);
});

test.each([0, 1])("before %i there is nothing, and what is newer than that can be asked for", async (before) => {
  const world = await openWorld();
  await world.turn("question", "answer");
  const nothing = await page(world, world.conversationId, { before, limit: 5 });
  expect(nothing.message_pagination).toMatchObject({ has_older: false, has_newer: true, newer_cursor: "0" });
  expect([seqsOf(nothing), await onward(world, nothing, "newer")]).toEqual([[], [1, 2]]);
});

test("from a page around any seq, live or not, paging both ways gives every live message once, in order", async () => {
  const world = await openWorld();
  for (const [n, replaceFromSeq] of [null, null, 3, null, null, 9, null].entries()) {
    await world.turn(`question ${n}`, `answer ${n}`, replaceFromSeq === null ? {} : { replaceFromSeq });
  }
  const id = world.conversationId;
  const live = (await world.messages()).map((message) => message.seq);
  expect(live).not.toEqual(live.map((_, index) => index + 1));
  const arbitrary = fc.record({ around: fc.nat({ max: 20 }), limit: fc.integer({ min: 1, max: 12 }) });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ around, limit }) => {
      const middle = await page(world, id, { around, limit });
      const seqs = seqsOf(middle);
      expect(seqs).toHaveLength(Math.min(limit, live.length));
      if (live.includes(around)) expect(seqs).toContain(around);
      const isCut = middle.message_pagination.has_older && middle.message_pagination.has_newer;
      const older = seqs.filter((seq) => seq < around).length;
      if (isCut) expect(older).toBe(Math.floor(limit / 2));
      const all = [...(await onward(world, middle, "older")), ...seqs, ...(await onward(world, middle, "newer"))];
      expect(all).toEqual(live);
    }),
  );
});

test("[SAFE-2] a page around a message has no more text than any other page, the message itself, and paging goes on from it", async () => {
  const lengths = fc.array(fc.constantFrom(1, 240_000, 490_000, 600_000, 1_200_000), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 }), async (all, around, limit) => {
      const world = await openWorld();
      const { engine, accountId, conversationId: id } = world;
      for (const length of all) must(await engine.append(accountId, id, { role: "user", content: "x".repeat(length) }));
      const middle = await page(world, id, { around, limit });
      const length = middle.messages.reduce((sum, { content }) => sum + content.length, 0);
      expect(middle.messages.length === 1 || length <= 1_000_000, `${middle.messages.length} have ${length}`).toBe(
        true,
      );
      const seqs = seqsOf(middle);
      const nearest = Math.min(Math.max(around, 1), all.length);
      expect(seqs).toContain(nearest);
      const rest = [...(await onward(world, middle, "older")), ...seqs, ...(await onward(world, middle, "newer"))];
      expect(rest).toEqual(all.map((_, index) => index + 1));
    }),
    { numRuns: 25 },
  );
}, 60_000);

test("[SAFE-2] a page that its text ends has the message in its middle too", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  for (let n = 0; n < 9; n += 1) {
    must(await engine.append(accountId, id, { role: "user", content: "x".repeat(240_000) }));
  }
  expect(seqsOf(await page(world, id, { around: 5, limit: 9 }))).toEqual([3, 4, 5, 6]);
});

/** What the cursors of one side lead to, page by page. */
async function onward(world: TurnWorld, from: MessagePage, side: "older" | "newer"): Promise<number[]> {
  const { message_pagination: at } = from;
  const cursor = side === "older" ? at.older_cursor : at.newer_cursor;
  expect(cursor !== null).toBe(side === "older" ? at.has_older : at.has_newer);
  if (cursor === null) return [];
  const edge = side === "older" ? { before: Number(cursor), limit: 3 } : { after: Number(cursor), limit: 3 };
  const next = await page(world, world.conversationId, edge);
  const rest = await onward(world, next, side);
  return side === "older" ? [...rest, ...seqsOf(next)] : [...seqsOf(next), ...rest];
}

async function page(world: TurnWorld, id: ConversationId, edge: Edge): Promise<MessagePage> {
  return must(await world.engine.messages(world.accountId, id, { before: null, after: null, ...edge }));
}

function seqsOf(page: MessagePage): number[] {
  return page.messages.map((message) => message.seq);
}
