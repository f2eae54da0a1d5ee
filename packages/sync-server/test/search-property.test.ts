/** Random histories: a search finds what lives and has what is asked for, all of it, and nothing else. */
import type { ConversationId, SearchAnswer, VersionId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientId, must, openWorld, type TurnWorld } from "./turn-world.ts";

type Step = (world: TurnWorld) => Promise<unknown>;

const IDS = [1, 2, 3].map((n) => `0000000${n}-0000-4000-8000-000000000000` as ConversationId);
const WORDS = ["ash", "ashes", "birch", "cedar"];

const id = fc.constantFrom(...IDS);
const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }).map((words) => words.join(", "));

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, text).map(
    ([id, title]) =>
      (world: TurnWorld) =>
        world.engine.create(world.accountId, { id, title }),
  ),
  fc.tuple(id, text).map(
    ([id, title]) =>
      (world: TurnWorld) =>
        world.engine.patch(world.accountId, id, { title }),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(id, text).map(
      ([id, content]) =>
        (world: TurnWorld) =>
          world.engine.append(world.accountId, id, { role: "user", content }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(id, text, fc.option(fc.integer({ min: 1, max: 8 }))).map(
      ([id, asked, replaceFromSeq]) =>
        (world: TurnWorld) =>
          turn(world, { id, asked, replaceFromSeq }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(id, fc.nat({ max: 8 })).map(
      ([id, n]) =>
        (world: TurnWorld) =>
          bringBack(world, id, n),
    ),
  },
  id.map((id) => (world: TurnWorld) => world.engine.trash(world.accountId, id)),
  id.map((id) => (world: TurnWorld) => world.engine.restore(world.accountId, id)),
  id.map((id) => (world: TurnWorld) => world.engine.erase(world.accountId, id)),
);

/** Each query with what a text has to have, and the length of a page. */
const QUERIES: readonly (readonly [query: string, fits: RegExp, limit: number])[] = [
  ["ash", /\bash/, 2],
  ['"ash"', /\bash\b/, 1],
  ["bir ash", /^(?=.*\bbir)(?=.*\bash)/, 3],
  ['"birch cedar"', /\bbirch, cedar\b/, 2],
  ["cedar", /\bcedar/, 50],
];

test("[MSG-5] whatever is written, replaced, brought back, deleted and erased, a search gives what lives, page by page, each once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = await openWorld();
      for (const go of steps) await go(world);
      const living = await livingTexts(world);
      for (const [query, fits, limit] of QUERIES) {
        const expected = living.filter((one) => fits.test(one.text)).map((one) => one.place);
        expect((await found(world, query, limit)).toSorted(), query).toEqual(expected.toSorted());
      }
      await world.close();
    }),
    { numRuns: 60 },
  );
});

async function turn(
  world: TurnWorld,
  {
    id,
    asked,
    replaceFromSeq,
  }: { readonly id: ConversationId; readonly asked: string; readonly replaceFromSeq: number | null },
) {
  const begun = await world.tryBegin(asked, { conversationId: id, clientMessageId: clientId(), replaceFromSeq });
  if ("refused" in begun || begun.kind !== "started") return;
  const writer = world.engine.replyWriter(world.accountId, begun.replyId);
  writer?.write("cedar, said the model");
  await writer?.end({ kind: "complete" });
}

async function bringBack(world: TurnWorld, id: ConversationId, n: number) {
  const { versions: kept } = must(await world.engine.allVersions(world.accountId, id, null));
  const version = kept[n % Math.max(1, kept.length)];
  const open = await world.engine.open(world.accountId, id, 1);
  if (!version || "refused" in open) return;
  const asked = { versionId: version.version_id as VersionId, expectedLastSeq: open.last_seq };
  await world.engine.restoreVersion(world.accountId, id, asked);
}

async function livingTexts(world: TurnWorld): Promise<{ readonly place: string; readonly text: string }[]> {
  const texts: { readonly place: string; readonly text: string }[] = [];
  for (const id of [...IDS, world.conversationId]) {
    const open = await world.engine.open(world.accountId, id, 200);
    if ("refused" in open) continue;
    texts.push({ place: `${id} title`, text: open.title });
    for (const message of open.messages) texts.push({ place: `${id} ${message.seq}`, text: message.content });
  }
  return texts;
}

async function found(world: TurnWorld, query: string, limit: number): Promise<string[]> {
  const places: string[] = [];
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page: SearchAnswer = must(await world.engine.search(world.accountId, { query, limit, cursor }));
    places.push(...page.results.map((one) => `${one.conversation_id} ${one.seq ?? "title"}`));
    cursor = page.next_cursor;
    if (places.length > 1000) throw new Error("The pages have no end");
  }
  return places;
}
