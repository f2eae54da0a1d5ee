/** Versions come a page at a time, each bounded in messages and in text, and all of them together are all there is. */
import type { MessageVersion } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeCursor } from "../src/cursor.ts";
import { must, openWorld, type TurnWorld } from "./turn-world.ts";

const MAX_MESSAGES = 500;
const MAX_LENGTH = 1_000_000;
const BAD_CURSOR = {
  refused: "invalid_parameter",
  detail: "cursor is not a next_cursor of these versions.",
  members: { parameter: "cursor" },
};

type Page = { readonly versions: readonly MessageVersion[]; readonly next_cursor?: string };

/** A conversation with a question, in whose place versions with these lengths of texts are kept. */
async function worldWith(versions: readonly (readonly number[])[]): Promise<TurnWorld & { readonly seq: number }> {
  const world = await openWorld();
  await world.turn("standing", "reply");
  let seq = 3;
  for (const [n, lengths] of [...versions, []].entries()) {
    const first = must(await world.tryBegin(`question ${n}`, { replaceFromSeq: n === 0 ? null : seq }));
    await world.endRunning({ kind: "complete" }, "r");
    for (const length of lengths) {
      const message = { role: "user", content: "x".repeat(length) } as const;
      must(await world.engine.append(world.accountId, world.conversationId, message));
    }
    seq = first.userMessage.seq;
  }
  return Object.assign(world, { seq });
}

async function pagesOf(ask: (cursor: string | null) => Promise<Page>): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await ask(cursor);
    pages.push(page);
    cursor = page.next_cursor ?? null;
    if (cursor === null) return pages;
  }
}

/** Every version with the lengths of its texts; one that goes on in the next page is one. */
function lengthsIn(pages: readonly Page[]): number[][] {
  const byId = new Map<string, number[]>();
  for (const { version_id: id, messages } of pages.flatMap(({ versions }) => versions)) {
    byId.set(id, [...(byId.get(id) ?? []), ...messages.map(({ content }) => content.length)]);
  }
  return [...byId.values()].map((lengths) => lengths.slice(2));
}

const lengths = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.integer({ min: 1, max: 999_999 }), { maxLength: 4 }) },
  fc.array(fc.constant(1), { minLength: 495, maxLength: 505 }),
);

test("[MSG-5] [SAFE-2] versions come in pages of bounded size, which are together all there is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(lengths, { maxLength: 4 }), async (versions) => {
      const world = await worldWith(versions);
      const { engine, accountId, conversationId, seq } = world;
      const ofPlace = await pagesOf(async (cursor) =>
        must(await engine.versions(accountId, conversationId, { seq, cursor })),
      );
      const ofAll = await pagesOf(async (cursor) => must(await engine.allVersions(accountId, conversationId, cursor)));
      for (const pages of [ofPlace, ofAll]) {
        expect(lengthsIn(pages)).toEqual(versions);
        for (const [index, page] of pages.entries()) {
          const texts = page.versions.flatMap(({ messages }) => messages.map(({ content }) => content.length));
          const length = texts.reduce((sum, one) => sum + one, 0);
          expect(texts.length <= MAX_MESSAGES && (length <= MAX_LENGTH || texts.length === 1)).toBe(true);
          // Each page has what fits: the next one begins with what did not.
          const next = pages[index + 1]?.versions[0]?.messages[0]?.content.length;
          if (next !== undefined) expect(texts.length === MAX_MESSAGES || length + next > MAX_LENGTH).toBe(true);
          expect(page.versions.every(({ messages }) => messages.length > 0)).toBe(true);
        }
      }
      await world.close();
    }),
    { numRuns: 12 },
  );
}, 60_000);

test("[SAFE-2] a message that is longer than a page comes alone, and the next page goes on behind it", async () => {
  const world = await worldWith([[1, 1_000_001, 2]]);
  const { engine, accountId, conversationId, seq } = world;
  const pages = await pagesOf(async (cursor) =>
    must(await engine.versions(accountId, conversationId, { seq, cursor })),
  );
  const texts = pages.map(({ versions }) => versions.flatMap(({ messages }) => messages.map((m) => m.content.length)));
  expect(texts).toEqual([[10, 1, 1], [1_000_001], [2]]);
});

test("a cursor of another place, or of nothing, is refused; one of a version that is gone goes on with the next", async () => {
  const world = await worldWith([[999_999], [999_999], [999_999]]);
  const { engine, accountId, conversationId, seq } = world;
  const ask = (at: number, cursor: string | null) => engine.versions(accountId, conversationId, { seq: at, cursor });
  const first = must(await ask(seq, null));
  const cursor = first.next_cursor ?? "";
  for (const [at, given] of [
    [1, cursor],
    [seq, "x"],
    [seq, ""],
  ] as const) {
    expect(await ask(at, given)).toEqual(BAD_CURSOR);
  }
  const everything = await pagesOf(async (next) => must(await ask(seq, next)));
  expect(lengthsIn(everything)).toEqual([[999_999], [999_999], [999_999]]);
  const { last_seq: expectedLastSeq } = await world.detail();
  const back = must(await world.tryRestoreVersion(first.versions[0]?.version_id ?? "", expectedLastSeq));
  const live = back.messages[0]?.seq ?? 0;
  const rest = await pagesOf(async (next) => must(await ask(live, next ?? cursor)));
  expect(lengthsIn(rest)).toEqual([[999_999], [999_999], []]);
});

test("[SAFE-2] a version whose first message doesn't fit begins on the next page, and one of a later place with older messages is whole", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  const long = (letter: string) => letter.repeat(600_000);
  await world.turn("standing", "reply");
  await world.turn(long("a"), "a");
  await world.turn(long("b"), "b", { replaceFromSeq: 3 });
  await world.turn(long("c"), "c", { replaceFromSeq: 5 });
  await world.turn("all anew", "d", { replaceFromSeq: 1 });
  const pages = await pagesOf(async (cursor) => must(await engine.allVersions(accountId, conversationId, cursor)));
  const texts = pages.map(({ versions }) =>
    versions.flatMap(({ messages }) => messages.map(({ content }) => content.slice(0, 1))).join(""),
  );
  expect(texts).toEqual(["srcc", "aa", "bb"]);
  for (const before of [encodeCursor([0, 0, "", 0]), encodeCursor([9999, 0, "", 0])]) {
    const seq = must(await world.tryBegin("on", {})).userMessage.seq;
    expect(await engine.versions(accountId, conversationId, { seq, cursor: before })).toEqual(BAD_CURSOR);
    await world.endRunning({ kind: "complete" }, "x");
  }
});

/** Turns with questions of these lengths, each in place of a question that stands, or after everything. */
const edits = fc.array(fc.record({ at: fc.option(fc.nat(9)), length: fc.constantFrom(1, 400_000, 700_000) }), {
  minLength: 1,
  maxLength: 8,
});

test("[MSG-5] [SAFE-2] whatever was replaced in whatever order of places, the pages have every message of every version, once", async () => {
  await fc.assert(
    fc.asyncProperty(edits, async (turns) => {
      const world = await openWorld();
      const { engine, accountId, conversationId } = world;
      for (const { at, length } of turns) {
        const asked = await questionsIn(world);
        const seq = at === null ? null : (asked[at % Math.max(1, asked.length)]?.seq ?? null);
        await world.turn("q".repeat(length), "r", { replaceFromSeq: seq });
      }
      const pages = await pagesOf(async (cursor) => must(await engine.allVersions(accountId, conversationId, cursor)));
      const told = pages.flatMap(({ versions }) =>
        versions.flatMap(({ version_id, messages }) => messages.map(({ seq }) => `${version_id} ${seq}`)),
      );
      expect(told.toSorted()).toEqual((await keptIn(world)).toSorted());
      await world.close();
    }),
    {
      numRuns: 15,
      // A version of the first place that goes on in the next page, before one of a later place with older messages.
      examples: [
        [
          [1, 1, 700_000, 700_000]
            .map((length, n) => ({ at: n === 2 ? 1 : null, length }))
            .concat({ at: 0, length: 1 }),
        ],
      ],
    },
  );
}, 60_000);

/** The questions that live; a page would end before it has them all. */
async function questionsIn({ storage, accountId, conversationId }: TurnWorld) {
  const page = { after: 0, limit: 1000 };
  const live = await storage.read((snapshot) => snapshot.messagesAfter({ accountId, conversationId }, page));
  return live.filter(({ role }) => role === "user");
}

/** Each message that a version has, straight from the rows. */
function keptIn({ storage, accountId, conversationId }: TurnWorld): Promise<string[]> {
  const key = { accountId, conversationId };
  return storage.read(async (snapshot) => {
    const kept: string[] = [];
    for (const { id } of await snapshot.versions(key)) {
      const messages = await snapshot.versionMessages({ ...key, versionId: id }, { after: 0, limit: 1000 });
      kept.push(...messages.map(({ seq }) => `${id} ${seq}`));
    }
    return kept;
  });
}
