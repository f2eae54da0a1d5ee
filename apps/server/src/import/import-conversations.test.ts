/** What an import hands on: batches of a bounded size, and a summary that stays as small however much it tells of. */
import type { AccountId } from "@instep/protocol";
import type { Imported, ImportedConversation } from "@instep/sync-server";
import { expect, test } from "vitest";
import { importFiles, type ImportSummary } from "./import-conversations.ts";

const NOTHING: Imported = { added: 0, grown: 0, messages: 0, versions: 0, versionsLeftOut: 0, kept: [] };
const TIME = { created_at: "2026-01-01T00:00:00.000000Z" };
const idOf = (n: number) => `00000000-0000-4000-8000-${n.toString().padStart(12, "0")}`;

/** A conversation of an export, with one message. */
function chat(n: number, more: object = {}, words: object = {}): object {
  const message = { id: idOf(n), role: "assistant", content: "marmalade", ...TIME, ...words };
  return { id: idOf(n), title: `Quince ${n}`, messages: [message], ...TIME, ...more };
}

/** Imports them; `write` says what became of a batch. */
async function bringIn(
  conversations: readonly object[],
  write: (batch: readonly ImportedConversation[]) => Partial<Imported>,
) {
  const bytes = Buffer.from(JSON.stringify({ instep_export: 1, conversations }));
  async function* open() {
    yield bytes;
  }
  const progress: ImportSummary[] = [];
  const summary = await importFiles({
    engine: {
      importConversations: async (_accountId, batch) => ({ ...NOTHING, ...write(batch) }),
      importPresets: async () => 0,
    },
    accountId: "ann" as AccountId,
    files: [{ name: "export.json", size: bytes.length, open }],
    now: Date.parse("2026-01-01T00:00:00Z"),
    onProgress: (soFar) => progress.push(soFar),
  });
  return { summary, progress };
}

test("[SAFE-2] however many are left as they are, their number is told, and the titles of the first twenty", async () => {
  const all = Array.from({ length: 2_500 }, (_, n) => chat(n));
  const { summary, progress } = await bringIn(all, (batch) => ({ kept: batch.map(({ id }) => id) }));
  const titles = Array.from({ length: 20 }, (_, n) => `Quince ${n}`);
  expect(progress.length).toBeGreaterThan(2);
  for (const told of [...progress, summary]) expect(told.keptTitles).toEqual(titles);
  expect(summary).toMatchObject({ read: 2_500, kept: 2_500, known: 0 });
});

test.each<[string, object]>([
  ["words", chat(1, {}, { content: "m".repeat(900_000) })],
  ["thoughts", chat(1, {}, { thoughts: "m".repeat(900_000) })],
  ["instructions", chat(1, { instructions: "m".repeat(20_000) })],
])("[SAFE-2] a batch ends at two million characters, whatever they are: %s", async (_kind, one) => {
  const size = JSON.stringify(one).length;
  const all = Array.from({ length: 6_000_000 / size }, (_, n) => ({ ...one, id: idOf(n) }));
  const sizes: number[] = [];
  await bringIn(all, (batch) => {
    sizes.push(JSON.stringify(batch).length);
    return {};
  });
  // What stands around the words is a little more.
  expect(Math.max(...sizes)).toBeLessThan(2_100_000 + size);
});
