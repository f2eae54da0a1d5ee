/** The full-text index itself: it has a row of every message that stands, and none of one that was replaced. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { must, TurnWorld } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

interface IndexedWorld {
  readonly world: TurnWorld;
  /** The rows of the index, and those of the messages that stand. */
  readonly rows: () => { readonly indexed: readonly unknown[]; readonly standing: readonly unknown[] };
  readonly close: () => Promise<void>;
}

async function openIndexed(): Promise<IndexedWorld> {
  const folder = await mkdtemp(join(tmpdir(), "instep-index-"));
  const path = join(folder, "instep.db");
  const world = new TurnWorld(openInlineSqliteStorage({ path, isDurable: false }), new VirtualEnvironment());
  await world.prepare();
  const db = new Database(path, { readonly: true });
  const numbers = (sql: string) => db.prepare(sql).pluck().all();
  return {
    world,
    rows: () => ({
      indexed: numbers("SELECT rowid FROM message_text ORDER BY rowid"),
      standing: numbers("SELECT number FROM message ORDER BY number"),
    }),
    async close() {
      db.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("[MSG-5] a replaced message has no row in the full-text index, and one that comes back has one again", async () => {
  const { world, rows, close } = await openIndexed();
  onTestFinished(close);
  await world.turn("first question", "first answer");
  await world.turn("second question", "second answer");
  expect(rows().indexed).toHaveLength(4);
  await world.turn("other words", "another answer", { replaceFromSeq: 1 });
  expect(rows().indexed).toHaveLength(2);
  must(await world.restoreVersion(5));
  expect(rows().indexed).toHaveLength(4);
  await world.begin(null, { replaceFromSeq: 10 });
  expect(rows().indexed).toHaveLength(3);
  await world.endRunning({ kind: "interrupted" });
  expect(rows().indexed).toHaveLength(4);
  expect(rows().indexed).toEqual(rows().standing);
});

const step = fc.record({
  what: fc.constantFrom("turn", "edit", "again", "restore", "trash"),
  place: fc.nat(9),
  end: fc.constantFrom("said", "stopped", "failed"),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test("[MSG-5] the index has exactly what stands, whatever is replaced, brought back and deleted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      const { world, rows, close } = await openIndexed();
      try {
        await world.turn("a question", "an answer");
        for (const [n, next] of steps.entries()) {
          await take(world, next, n);
          const { indexed, standing } = rows();
          expect(indexed).toEqual(standing);
          expect(standing).toHaveLength((await world.messages()).length);
        }
      } finally {
        await close();
      }
    }),
    { numRuns: 25 },
  );
});

async function take(world: TurnWorld, { what, place, end }: Step, n: number): Promise<void> {
  const messages = await world.messages();
  const chosen = messages[place % Math.max(1, messages.length)];
  if (what === "trash") {
    must(await world.engine.trash(world.accountId, world.conversationId));
    must(await world.engine.restore(world.accountId, world.conversationId));
    return;
  }
  if (what === "restore") {
    if (chosen?.version_count !== undefined) must(await world.restoreVersion(chosen.seq));
    return;
  }
  const isFitting = chosen?.role === (what === "edit" ? "user" : "assistant");
  if (what !== "turn" && !isFitting) return;
  const replacing = what === "turn" ? {} : { replaceFromSeq: chosen?.seq ?? null };
  await world.begin(what === "again" ? null : `question ${n}`, replacing);
  if (end === "said") return world.endRunning({ kind: "complete" }, `answer ${n}`);
  const error = { code: "model_failed", detail: "It failed." };
  return world.endRunning(end === "stopped" ? { kind: "stopped" } : { kind: "failed", error, retryable: true });
}
