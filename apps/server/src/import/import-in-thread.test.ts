/** What becomes of an import whose file is read in a thread, where what is read can't be kept. */
import { pbkdf2 } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { AccountId } from "@instep/protocol";
import type { Imported } from "@instep/sync-server";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openFilesUnder, tellsOpenFiles } from "../../test/open-files.ts";
import { makeZip } from "../../test/zip-fixture.ts";
import { importInThread, type ImportEnd, type ThreadedImport } from "./import-in-thread.ts";

const NOTHING: Imported = { added: 0, grown: 0, messages: 0, versions: 0, versionsLeftOut: 0, kept: [] };
const TIME = { created_at: "2026-01-01T00:00:00.000000Z" };
const ID = "00000000-0000-4000-8000-000000000001";
const FILE = {
  instep_export: 1,
  presets: [{ id: ID, name: "Short", instructions: "Be short." }],
  conversations: [
    { id: ID, title: "Quince", messages: [{ id: ID, role: "user", content: "marmalade", ...TIME }], ...TIME },
  ],
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-thread-"));
  path = join(folder, "export.json");
  writeFileSync(path, JSON.stringify(FILE));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function begin(parts: Partial<ThreadedImport>) {
  return importInThread({
    path,
    accountId: "ann" as AccountId,
    now: Date.parse("2026-01-01T00:00:00Z"),
    signal: new AbortController().signal,
    write: async () => NOTHING,
    keepPresets: async () => 0,
    onProgress: () => undefined,
    ...parts,
  });
}

const fail = async (): Promise<never> => {
  throw new Error("the disk is gone");
};

test.each(["write", "keepPresets"] as const)("[IMPORT-2] an import whose %s fails ends with that", async (what) => {
  await expect(begin({ [what]: fail })).rejects.toThrow("the disk is gone");
});

test("[IMPORT-3] an import that is stopped has not ended before what it writes just then has", async () => {
  const stopping = new AbortController();
  const writing = Promise.withResolvers<Imported>();
  const begun = Promise.withResolvers<void>();
  const write = (): Promise<Imported> => {
    begun.resolve();
    return writing.promise;
  };
  let end: ImportEnd | null = null;
  const importing = begin({ signal: stopping.signal, write }).then((told) => (end = told));
  await begun.promise;
  stopping.abort();
  // Longer than the thread takes to be gone.
  await setTimeout(300);
  expect(end).toBeNull();
  writing.resolve(NOTHING);
  expect(await importing).toEqual({ kind: "stopped" });
});

test("[IMPORT-3] an import that is stopped while its file is being opened reads nothing of it", async () => {
  const stopping = new AbortController();
  const importing = begin({ signal: stopping.signal });
  stopping.abort();
  expect(await importing).toEqual({ kind: "stopped" });
});

test("[IMPORT-2] an import whose thread is gone without a word ends", async () => {
  const answered = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker) {
    void this.terminate();
  });
  await expect(begin({})).rejects.toThrow("The import's thread ended without a word");
  answered.mockRestore();
});

test("[IMPORT-2] [SAFE-2] a file that needs more memory than an import may take is no fault of the server's", async () => {
  const parts = `${"{},".repeat(700_000)}{}`;
  writeFileSync(path, `[{"parts":[${parts}]}]`);
  expect(await begin({ memoryMb: 16 })).toMatchObject({
    kind: "failed",
    code: "unreadable_file",
    detail: /more memory/,
  });
});

const ENDINGS: Readonly<Record<string, (stopping: AbortController) => Partial<ThreadedImport>>> = {
  "is done": () => ({}),
  "is stopped": (stopping) => ({
    async write() {
      stopping.abort();
      return NOTHING;
    },
  }),
  "is refused": () => ({ write: async () => ({ refused: "too_many_conversations" }) }),
  "can't be written": () => ({ write: fail }),
};

test.each(Object.keys(ENDINGS))("[IMPORT-3] an import that %s leaves no thread that would go on", async (how) => {
  const threads: Worker[] = [];
  const note = (thread: Worker) => threads.push(thread);
  process.on("worker", note);
  const stopping = new AbortController();
  await Promise.allSettled([begin({ signal: stopping.signal, ...ENDINGS[how]?.(stopping) })]);
  process.off("worker", note);
  // A thread that has exited has no id any more.
  expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
});

describe.skipIf(!tellsOpenFiles)(
  "[IMPORT-2] [SAFE-7] an import that has ended holds its file no more, however busy the disk is",
  () => {
    async function leftBy(parts: Partial<ThreadedImport>): Promise<[ImportEnd, readonly string[]]> {
      const busy = new AbortController();
      const work = Array.from({ length: 8 }, () => keepPoolBusy(busy.signal));
      const end = await begin(parts);
      busy.abort();
      await Promise.all(work);
      return [end, openFilesUnder(folder)];
    }

    test.each([
      ["a zip without conversations", makeZip({ "notes.txt": "x" })],
      ["a deep one", "[".repeat(1000)],
      ["a broken one", JSON.stringify(FILE).slice(0, -20)],
    ])("%s", async (_kind, content) => {
      writeFileSync(path, content);
      expect(await leftBy({})).toEqual([expect.objectContaining({ code: "unreadable_file" }), []]);
    });

    test.each([1, 50, 100, 150, 200, 300])("one that is stopped after %i ms", async (ms) => {
      const [, left] = await leftBy({ signal: AbortSignal.timeout(ms) });
      expect(left).toEqual([]);
    });
  },
);

/** What the disk is asked for waits behind this: each takes a few milliseconds of a thread of the pool. */
async function keepPoolBusy(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await promisify(pbkdf2)("x", "y", 20_000, 32, "sha256");
}
