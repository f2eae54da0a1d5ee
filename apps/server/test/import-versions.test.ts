/** Exports carry what turns replaced, and imports bring it back: every word, in its place, as often as one likes. */
import type { ConversationId, VersionId } from "@instep/protocol";
import type { Engine } from "@instep/sync-server";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
  ENDINGS,
  FAILED,
  TRASH_DAYS,
  accountId,
  begin,
  clockOf,
  everythingOf,
  exportFrom,
  importInto,
  must,
  newConversation,
  openWorld,
  turn,
  type World,
} from "./import-world.ts";

const step = fc.record({
  do: fc.constantFrom("turn", "turn", "replace", "replace", "replace", "restore", "import"),
  place: fc.nat(9),
  index: fc.nat(3),
  ending: fc.nat(2),
  hasWords: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const FIRST = { place: 0, index: 0, ending: 0, hasWords: true };

async function take(world: World, id: ConversationId, { n, next }: { readonly n: number; readonly next: Step }) {
  const { messages, last_seq: expectedLastSeq } = must(await world.engine.open(accountId, id, 100));
  const chosen = messages[next.place % Math.max(1, messages.length)];
  if (next.do === "restore") {
    const kept = must(await world.engine.versions(accountId, id, { seq: chosen?.seq ?? 0, cursor: null })).versions;
    const version = kept[next.index % Math.max(1, kept.length)];
    if (!version) return;
    const versionId = version.version_id as VersionId;
    must(await world.engine.restoreVersion(accountId, id, { versionId, expectedLastSeq }));
    return;
  }
  const replaced = next.do === "replace" ? chosen : undefined;
  // Sometimes the same words again.
  const text = replaced?.role === "assistant" ? null : `question ${n - (n % (next.index + 1))}`;
  const { writer } = await begin(world, id, { text, replaceFromSeq: replaced?.seq ?? null });
  const words = next.hasWords ? `answer ${n}` : "";
  if (words) writer.think(`Hm ${n}`);
  writer.write(words);
  await writer.end(ENDINGS[next.ending] ?? FAILED);
}

test("[MSG-5] [MODEL-5] whatever was edited, asked again and brought back is the same after an export and its import, once or twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), fc.boolean(), async (steps, isRunning) => {
      const [from, to] = [await openWorld(), await openWorld()];
      const id = await newConversation(from);
      await turn(from, id, { text: "first", reply: "yes" });
      for (const [n, next] of steps.entries()) await take(from, id, { n, next });
      const expected = await everythingOf(from, id);
      const seqs = must(await from.engine.open(accountId, id, 100)).messages.map(({ seq }) => seq);
      // A reply that is being asked again: what it replaces stands where nothing does yet.
      const last = expected.live.at(-1);
      const asked = isRunning && last?.role === "assistant" && last.content !== "";
      const running = asked ? await begin(from, id, { text: null, replaceFromSeq: seqs.at(-1) ?? null }) : null;
      const text = await exportFrom(from);
      const summary = await importInto(to, text);
      expect(summary).toMatchObject({ added: 1, messages: expected.live.length, versions: expected.versions.length });
      expect(summary.leftOut).toMatchObject({ version: 0, other: 0 });
      expect(await everythingOf(to, id)).toEqual(expected);
      const clock = await clockOf(to);
      expect(await importInto(to, text)).toMatchObject({ added: 0, grown: 0, known: 1, messages: 0, versions: 0 });
      expect(await clockOf(to)).toBe(clock);
      expect(await everythingOf(to, id)).toEqual(expected);
      await running?.writer.end({ kind: "stopped" });
      expect(await everythingOf(from, id)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("[MSG-5] a newer export brings what was replaced since, an older one nothing, and each way ends at the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const [from, to] = [await openWorld(), await openWorld()];
      const id = await newConversation(from);
      await turn(from, id, { text: "first", reply: "yes" });
      const texts: string[] = [];
      for (const [n, next] of [...steps.entries(), [steps.length, null] as const]) {
        if (next && next.do !== "import") await take(from, id, { n, next });
        else {
          texts.push(await exportFrom(from));
          expect((await importInto(to, texts.at(-1) ?? "")).kept).toBe(0);
          expect(await everythingOf(to, id)).toEqual(await everythingOf(from, id));
        }
      }
      const clock = await clockOf(to);
      for (const text of texts) await importInto(to, text);
      expect(await everythingOf(to, id)).toEqual(await everythingOf(from, id));
      expect(await clockOf(to)).toBe(clock);
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("[MSG-5] what was brought back and replaced again between two exports stands in its newer version only", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  await turn(from, id, { text: "first", reply: "yes" });
  const bringBack = async () => {
    const { last_seq: expectedLastSeq, messages } = must(await from.engine.open(accountId, id, 100));
    const place = { seq: messages[0]?.seq ?? 0, cursor: null };
    const [version] = must(await from.engine.versions(accountId, id, place)).versions;
    const versionId = version?.version_id as VersionId;
    must(await from.engine.restoreVersion(accountId, id, { versionId, expectedLastSeq }));
  };
  const { messages } = must(await from.engine.open(accountId, id, 100));
  await turn(from, id, { text: "second", reply: "no", replaceFromSeq: messages[0]?.seq ?? null });
  await importInto(to, await exportFrom(from));
  await bringBack();
  await turn(from, id, { text: "third", reply: "well" });
  await bringBack();
  expect(await importInto(to, await exportFrom(from))).toMatchObject({ grown: 1, kept: 0 });
  expect(await everythingOf(to, id)).toEqual(await everythingOf(from, id));
});

test("[MSG-5] what lives in both stays where the newer export goes on from there, and has put aside more in its place", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  await turn(from, id, { text: "first", reply: "yes" });
  const { messages } = must(await from.engine.open(accountId, id, 100));
  const next = (n: number, deed: Step["do"]) => take(from, id, { n, next: { ...FIRST, do: deed } });
  await turn(from, id, { text: "second", reply: "no", replaceFromSeq: messages[0]?.seq ?? null });
  await importInto(to, await exportFrom(from));
  for (const [n, step] of (["turn", "restore", "turn", "restore"] as const).entries()) await next(n, step);
  expect(await importInto(to, await exportFrom(from))).toMatchObject({ grown: 1, kept: 0 });
  expect(await everythingOf(to, id)).toEqual(await everythingOf(from, id));
});

test("[MSG-5] a question that got no reply and was asked again word for word since is taken over from the newer export", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  await turn(from, id, { text: "first", reply: "yes" });
  const { writer, userMessage } = await begin(from, id, { text: "second" });
  await writer.end(FAILED);
  await importInto(to, await exportFrom(from));
  await turn(from, id, { text: "second", reply: "at last", replaceFromSeq: userMessage.seq });
  const older = await exportFrom(from);
  // Also where it has been replaced itself by then.
  const { messages } = must(await from.engine.open(accountId, id, 100));
  await turn(from, id, { text: "third", reply: "well", replaceFromSeq: messages[2]?.seq ?? null });
  for (const text of [await exportFrom(from), older]) expect(await importInto(to, text)).toMatchObject({ kept: 0 });
  expect(await everythingOf(to, id)).toEqual(await everythingOf(from, id));
});

test("[MSG-5] what was written or replaced here since an import stays as it is, and is named where the file has more", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  await turn(from, id, { text: "first", reply: "yes" });
  await importInto(to, await exportFrom(from));
  const [question] = must(await to.engine.open(accountId, id, 100)).messages;
  await turn(to, id, { text: "changed here", reply: "so be it", replaceFromSeq: question?.seq ?? null });
  const changed = await everythingOf(to, id);
  expect(await importInto(to, await exportFrom(from))).toMatchObject({ known: 1, kept: 0 });
  await turn(from, id, { text: "second", reply: "no" });
  const newer = await exportFrom(from);
  expect(await importInto(to, newer)).toMatchObject({
    grown: 0,
    known: 0,
    kept: 1,
    keptTitles: ["first"],
    versions: 0,
  });
  expect(await everythingOf(to, id)).toEqual(changed);
});

test("[MSG-5] a version that was brought back here is not undone by an export from before", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  const { seq } = await turn(from, id, { text: "first", reply: "yes" });
  await turn(from, id, { text: "anew", reply: "no", replaceFromSeq: seq });
  const text = await exportFrom(from);
  await importInto(to, text);
  const { messages, last_seq: expectedLastSeq } = must(await to.engine.open(accountId, id, 100));
  const kept = must(await to.engine.versions(accountId, id, { seq: messages[0]?.seq ?? 0, cursor: null })).versions;
  must(
    await to.engine.restoreVersion(accountId, id, {
      versionId: (kept[0]?.version_id ?? "") as VersionId,
      expectedLastSeq,
    }),
  );
  const restored = await everythingOf(to, id);
  expect(restored.live.map(({ content }) => content)).toEqual(["first", "yes"]);
  expect(await importInto(to, text)).toMatchObject({ known: 1 });
  expect(await everythingOf(to, id)).toEqual(restored);
});

const DAY_MS = 86_400_000;
const at = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString();

/** A message of a handmade file; each has the id that its seq says. */
function line(seq: number | null, content: string, more: object = {}) {
  const id = `00000000-0000-4000-8000-${String(seq ?? 0).padStart(12, "0")}`;
  return { id, ...(seq !== null && { seq }), role: "user", content, created_at: at(50), status: "complete", ...more };
}

function fileOf(messages: readonly unknown[], versions?: readonly unknown[]): string {
  const id = "10000000-0000-4000-8000-000000000001";
  const fields = { id, title: "T", pinned: false, archived: false, created_at: at(60), updated_at: at(1) };
  return JSON.stringify({ instep_export: 1, conversations: [{ ...fields, messages, ...(versions && { versions }) }] });
}

const versionOf = (n: number, after: unknown, messages: unknown) => ({
  version_id: `20000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  replaced_at: at(1),
  after_seq: after,
  messages,
});
const agedVersion = (daysAgo: number, ...version: Parameters<typeof versionOf>) => ({
  ...versionOf(...version),
  replaced_at: at(daysAgo),
});

test("[MSG-5] a version whose time has ended is left out with those inside it, and counted", async () => {
  const world = await openWorld();
  const live = [line(1, "a"), line(9, "b")];
  const text = fileOf(live, [
    agedVersion(TRASH_DAYS - 0.01, 1, 1, [line(2, "young")]),
    agedVersion(TRASH_DAYS + 0.01, 2, 1, [line(3, "old")]),
    versionOf(3, 3, [line(4, "inside the old one")]),
    agedVersion(TRASH_DAYS - 0.02, 4, 2, [line(5, "inside the young one")]),
  ]);
  const summary = await importInto(world, text);
  expect(summary).toMatchObject({ added: 1, messages: 2, versions: 2, leftOut: { version: 2, other: 0 } });
  const { live: standing, versions } = await everythingOf(
    world,
    "10000000-0000-4000-8000-000000000001" as ConversationId,
  );
  expect(standing.map(({ content, count }) => [content, count])).toEqual([
    ["a", 0],
    ["b", 1],
  ]);
  expect(versions.map(({ words }) => words.map(({ content }) => content))).toEqual([
    ["young"],
    ["inside the young one"],
  ]);
});

test("[MSG-5] a file of an older Instep, without versions and seqs, reads as ever; what is no version is left out and counted", async () => {
  const world = await openWorld();
  const older = [line(null, "a"), { ...line(null, "b"), id: randomUUID() }];
  expect(await importInto(world, fileOf(older))).toMatchObject({ added: 1, messages: 2, versions: 0 });
  const other = await openWorld();
  const live = [line(1, "a"), line(9, "b")];
  const summary = await importInto(
    other,
    fileOf(live, [
      null,
      versionOf(1, 1, []),
      versionOf(2, "1", [line(2, "no place")]),
      { ...versionOf(3, 1, [line(2, "no time")]), replaced_at: "yesterday" },
      { ...versionOf(4, 1, [line(2, "no id")]), version_id: "v" },
      versionOf(5, 77, [line(2, "behind nothing")]),
      versionOf(6, 1, [line(3, "one"), null]),
      versionOf(6, 1, [line(3, "the same again")]),
    ]),
  );
  expect(summary).toMatchObject({ added: 1, messages: 2, versions: 1, leftOut: { other: 6, version: 2 } });
});

const anySeq = fc.integer({ min: 0, max: 6 });
const anyLines = fc
  .array(fc.option(anySeq), { maxLength: 4 })
  .map((seqs) =>
    seqs.map((seq, n) => line(seq, `text ${n}`, { id: `3000000${n}-0000-4000-8000-00000000000${seq ?? 7}` })),
  );
const anyVersion = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3 }), anySeq, anyLines)
  .map((given) => agedVersion(...given));

test("[MSG-5] whatever a file says of places, what is imported holds together, and its import again changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(anyLines, fc.array(anyVersion, { maxLength: 5 }), async (messages, versions) => {
      const world = await openWorld();
      const text = fileOf(messages, versions);
      const summary = await importInto(world, text);
      const clock = await clockOf(world);
      const id = "10000000-0000-4000-8000-000000000001" as ConversationId;
      const first = await everythingOf(world, id);
      expect(summary).toMatchObject({ messages: first.live.length, versions: first.versions.length });
      await importInto(world, text);
      expect(await everythingOf(world, id)).toEqual(first);
      expect(await clockOf(world)).toBe(clock);
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("[MSG-5] a version that is longer than a page is one in the export, and whole", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  const { seq } = await turn(from, id, { text: "first", reply: "yes" });
  for (let n = 0; n < 600; n++) must(await from.engine.append(accountId, id, { role: "user", content: `m${n}` }));
  await turn(from, id, { text: "anew", reply: "short", replaceFromSeq: seq });
  const text = await exportFrom(from);
  const { conversations } = JSON.parse(text) as { conversations: { versions: { messages: unknown[] }[] }[] };
  expect(conversations[0]?.versions.map(({ messages }) => messages.length)).toEqual([602]);
  await importInto(to, text);
  const { messages, last_seq: expectedLastSeq } = must(await to.engine.open(accountId, id, 100));
  const page = must(await to.engine.versions(accountId, id, { seq: messages[0]?.seq ?? 0, cursor: null }));
  const versionId = (page.versions[0]?.version_id ?? "") as VersionId;
  must(await to.engine.restoreVersion(accountId, id, { versionId, expectedLastSeq }));
  expect(must(await to.engine.open(accountId, id, 1)).message_count).toBe(602);
});

test("[MSG-5] only a question with the same words, and only it, may be missing from what takes over", async () => {
  for (const [again, more, grown] of [
    ["second", false, 1],
    ["another", false, 0],
    ["second", true, 0],
  ] as const) {
    const [from, to] = [await openWorld(), await openWorld()];
    const id = await newConversation(from);
    await turn(from, id, { text: "first", reply: "yes" });
    await importInto(to, await exportFrom(from));
    if (more) must(await to.engine.append(accountId, id, { role: "user", content: "third" }));
    must(await to.engine.append(accountId, id, { role: "user", content: "second" }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await turn(from, id, { text: again, reply: "no" });
    const summary = await importInto(to, await exportFrom(from));
    expect([summary.grown, summary.kept]).toEqual([grown, 1 - grown]);
  }
});

test.each([
  ["to a new message", { text: "mine" }],
  ["asked again", { text: null, replaceFromSeq: 2 }],
])(
  "[MSG-5] nothing is taken over while a reply %s runs here, also where the file was written to after it began",
  async (_, sending) => {
    const [from, to] = [await openWorld(), await openWorld()];
    const id = await newConversation(from);
    const { seq } = await turn(from, id, { text: "first", reply: "yes" });
    await importInto(to, await exportFrom(from));
    const older = await exportFrom(from);
    const { writer } = await begin(to, id, sending);
    const standing = await everythingOf(to, id);
    await turn(from, id, { text: "second", reply: "no" });
    const grown = await exportFrom(from);
    await turn(from, id, { text: "anew", reply: "no", replaceFromSeq: seq });
    expect(await importInto(to, older)).toMatchObject({ grown: 0, kept: 0 });
    for (const text of [grown, await exportFrom(from)]) {
      expect(await importInto(to, text)).toMatchObject({ grown: 0, kept: 1, keptTitles: ["first"] });
      expect(await everythingOf(to, id)).toEqual(standing);
    }
    await writer.end({ kind: "complete" });
  },
);

test("[MSG-5] what is taken over keeps how its replies ended here, what is unread, and how long its versions are kept", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  await turn(from, id, { text: "first", reply: "yes" });
  await importInto(to, await exportFrom(from));
  await turn(to, id, { text: "between", reply: "both unread" });
  const second = await begin(to, id, { text: "second" });
  second.writer.write("short");
  await second.writer.end({ kind: "complete", stopReason: "length" });
  const back = await exportFrom(to);
  const third = await openWorld();
  await importInto(third, back);
  const { messages } = must(await third.engine.open(accountId, id, 100));
  await turn(third, id, { text: "third", reply: "no", replaceFromSeq: messages[4]?.seq ?? null });
  expect(await importInto(to, await exportFrom(third))).toMatchObject({ grown: 1, messages: 2, versions: 1 });
  const kept = must(await to.engine.allVersions(accountId, id, null)).versions;
  expect(kept[0]?.messages.map(({ stop_reason }) => stop_reason)).toEqual([undefined, "length"]);
  expect(must(await to.engine.open(accountId, id, 1))).toMatchObject({ message_count: 6, unread_count: 4 });
  const rows = await to.storage.read((snapshot) => snapshot.versions({ accountId, conversationId: id }));
  expect(rows.map(({ purgeAt, replacedAt }) => purgeAt - replacedAt)).toEqual([TRASH_DAYS * DAY_MS * 1000]);
});

test("[MSG-5] a conversation that is written to whenever an export reads it is in the export all the same", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  await turn(from, id, { text: "first", reply: "yes" });
  const engine: Engine = {
    ...from.engine,
    async messages(...asked) {
      must(await from.engine.append(accountId, id, { role: "user", content: "and more" }));
      return from.engine.messages(...asked);
    },
  };
  expect(await importInto(to, await exportFrom({ ...from, engine }))).toMatchObject({ added: 1, read: 1 });
  expect(must(await to.engine.open(accountId, id, 10)).messages[0]).toMatchObject({ content: "first" });
});

test("[MSG-5] what is replaced or brought back while an export reads it is missing from no export", async () => {
  const [from, to] = [await openWorld(), await openWorld()];
  const id = await newConversation(from);
  const { seq } = await turn(from, id, { text: "first", reply: "yes" });
  await turn(from, id, { text: "anew", reply: "no", replaceFromSeq: seq });
  let isDone = false;
  const engine: Engine = {
    ...from.engine,
    async allVersions(...asked) {
      if (!isDone) {
        isDone = true;
        const { versions } = must(await from.engine.allVersions(...asked));
        const versionId = (versions[0]?.version_id ?? "") as VersionId;
        must(await from.engine.restoreVersion(accountId, id, { versionId, expectedLastSeq: 4 }));
      }
      return from.engine.allVersions(...asked);
    },
  };
  await importInto(to, await exportFrom({ ...from, engine }));
  expect(await everythingOf(to, id)).toEqual(await everythingOf(from, id));
});
