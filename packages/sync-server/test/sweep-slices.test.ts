/** What is swept and erased goes by rows, so that no commit waits for all that hangs on one reply or version [SAFE-2]. */
import type { ConversationId, Micros, VersionId } from "@instep/protocol";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { checkEverything } from "../src/checker.ts";
import { createEngine } from "../src/create-engine.ts";
import type { ImportedConversation, ImportedMessage, ImportedVersion } from "../src/imported.ts";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import type { Swept } from "../src/writes/trash.ts";
import { must, OPTIONS, temporaryFile, TurnWorld, uuid } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

const HOUR_MS = 3_600_000;
const CHUNKS = 250;
const LIMIT = 100;

async function openCounted() {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  const environment = new VirtualEnvironment();
  const world = new TurnWorld(storage, environment);
  onTestFinished(() => world.close());
  await world.prepare();
  const db = new Database(path, { readonly: true });
  onTestFinished(() => void db.close());
  const count = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  return { world, storage, environment, count };
}

/** A reply whose journal has so many rows and some, as one has that took minutes. */
async function longReply({ world, environment }: Awaited<ReturnType<typeof openCounted>>, turn = {}) {
  const begun = await world.begin("a question", turn);
  const writer = world.writer(begun);
  for (let n = 0; n < CHUNKS; n += 1) {
    writer.write(`word${n} `);
    await environment.advance(250);
  }
  await writer.end({ kind: "complete" });
  return begun;
}

test("[TURN-6] a long journal is swept by rows, and a reply whose journal is going is told as one without", async () => {
  const opened = await openCounted();
  const { world, storage, environment, count } = opened;
  const { replyId } = await longReply(opened);
  environment.step(1000);
  await world.turn("another question", "another answer");
  const all = count("journal_chunk");
  expect(all).toBeGreaterThan(CHUNKS);
  environment.step(2 * HOUR_MS);
  const now = environment.now();
  const sweep = () => storage.transact("sweepJournals", { now, endedBefore: now, limit: LIMIT });
  expect(await sweep()).toEqual({ isDone: false });
  expect(count("journal_chunk")).toBe(all - LIMIT);
  const events = await world.events(replyId);
  expect(events.map(({ id, event }) => [id, event])).toEqual([
    [1, "start"],
    [2, "done"],
  ]);
  expect(events[1]?.data).toMatchObject({ message: { content: expect.stringMatching(/^word0 .*word249 $/) } });
  expect((await world.events(replyId, 30)).map(({ id }) => id)).toEqual([31]);
  expect([await sweep(), await sweep()]).toEqual([{ isDone: false }, { isDone: true }]);
  expect(count("turn WHERE has_journal = 1") + count("journal_chunk")).toBe(0);
});

test("a long version is swept by rows, and its own row is the last of it", async () => {
  const { world, storage, environment, count } = await openCounted();
  const { engine, accountId, conversationId } = world;
  for (let n = 0; n < 2.5 * LIMIT; n += 1) {
    must(await engine.append(accountId, conversationId, { role: "user", content: "more" }));
  }
  await world.turn("a question", "an answer", { replaceFromSeq: 1 });
  environment.step(31 * 24 * HOUR_MS);
  const left: number[][] = [];
  for (let swept: Swept = { isDone: false, after: null }; !swept.isDone;) {
    swept = await storage.transact("sweep", {
      now: environment.now(),
      horizon: 0 as Micros,
      limit: LIMIT,
      after: null,
    });
    left.push([count("version"), count("version_message")]);
  }
  expect(left).toEqual([
    [1, 150],
    [1, 50],
    [0, 0],
    [0, 0],
  ]);
});

/** A conversation of two messages with a long version in its place, which ends soon, and one inside of that behind its 150th message. */
function withVersions(now: Micros): ImportedConversation {
  const day = (24 * HOUR_MS * 1000) as Micros;
  const message = (seq: number): ImportedMessage => ({
    id: uuid(),
    seq,
    role: "user",
    content: `message ${seq}`,
    status: "complete",
    createdAt: (now - 40 * day) as Micros,
  });
  const many = (count: number, first: number) => Array.from({ length: count }, (_, n) => message(first + n));
  const version = (afterSeq: number, days: number, messages: readonly ImportedMessage[]): ImportedVersion => ({
    id: uuid() as VersionId,
    afterSeq,
    messages,
    replacedAt: (now - days * day) as Micros,
  });
  const times = { createdAt: (now - 40 * day) as Micros, updatedAt: now };
  const rest = { title: "Long", model: null, pinned: false, archived: false };
  const versions = [version(0, 29, many(2.5 * LIMIT, 1)), version(150, 1, many(1, 300))];
  return { id: uuid() as ConversationId, ...rest, ...times, messages: many(2, 400), versions };
}

test("[MSG-5] a version whose first messages were swept is told by no call, isn't brought back, and comes in anew by an import", async () => {
  const { world, storage, environment } = await openCounted();
  const { engine, accountId } = world;
  const imported = withVersions(environment.now());
  const { id } = imported;
  await engine.importConversations(accountId, [imported]);
  environment.step(2 * 24 * HOUR_MS);
  const told = async () => {
    const all = must(await engine.allVersions(accountId, id, null)).versions;
    const { messages, last_seq: expectedLastSeq } = must(await engine.open(accountId, id, 10));
    const [first] = messages;
    const ofPlace = must(await engine.versions(accountId, id, { seq: first?.seq ?? 0, cursor: null })).versions;
    expect(ofPlace).toHaveLength(first?.version_count ?? 0);
    expect(await storage.read((snapshot) => checkEverything(snapshot))).toEqual([]);
    return { all: all.map(({ version_id, messages: its }) => [version_id, its.length]), expectedLastSeq };
  };
  const limits = { horizon: 0 as Micros, limit: LIMIT, after: null };
  const sweep = () => storage.transact("sweep", { now: environment.now(), ...limits });
  const [outer, inner] = imported.versions ?? [];
  expect((await told()).all).toEqual([
    [outer?.id, 250],
    [inner?.id, 1],
  ]);
  await sweep();
  const { all, expectedLastSeq } = await told();
  expect(all).toEqual([[inner?.id, 1]]);
  const restoring = { versionId: outer?.id ?? ("" as VersionId), expectedLastSeq };
  expect(await engine.restoreVersion(accountId, id, restoring)).toMatchObject({ refused: "version_not_found" });
  await sweep();
  expect((await told()).all).toEqual([[inner?.id, 1]]);
  const patient = createEngine({ storage, environment, options: { ...OPTIONS, trashDays: 90 } });
  await patient.importConversations(accountId, [{ ...imported, updatedAt: environment.now() }]);
  expect((await told()).all).toContainEqual([outer?.id, 250]);
  while (!(await sweep()).isDone) await told();
  expect((await told()).all).toContainEqual([outer?.id, 250]);
});

test("a reply that is erased goes by rows of its journal", async () => {
  const opened = await openCounted();
  const { world, storage, count } = opened;
  await longReply(opened);
  const all = count("journal_chunk");
  must(await world.engine.erase(world.accountId, world.conversationId));
  expect([count("turn"), count("journal_chunk")]).toEqual([1, all - 64]);
  await storage.lookAround();
  expect([count("turn"), count("journal_chunk"), count("message"), count("erasure")]).toEqual([0, 0, 0, 0]);
});
