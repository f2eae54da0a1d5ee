/** A disk that fails and comes back is survived without a restart, on real files. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { expect, onTestFinished, test } from "vitest";
import { openInlineSqliteStorage, openSqliteStorage } from "../src/storage/sqlite/index.ts";
import type { Storage } from "../src/storage/storage.ts";
import { withoutLog } from "./failing-disk.ts";

const NOW = 1_767_268_800_000_000 as Micros;
const accountId = "ann" as AccountId;
/** The log is due to be moved with a title of this many pages, and not before. */
const LONG_TITLE_PAGES = 300;
const DISK_FAILS = { code: expect.stringMatching(/^SQLITE_IOERR/) };

test("reads while the disk fails are refused with its code, and afterwards every read is answered", async () => {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path });
  onTestFinished(() => storage.close());
  await addAccount(storage);
  await readAtOnce(storage, 30);
  // Whatever the connections have in memory is out of date now.
  await create(storage, "c");
  await withoutLog(path, async () => {
    for (const outcome of await readAtOnce(storage, 30)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: DISK_FAILS });
    }
  });
  for (const outcome of await readAtOnce(storage, 30)) {
    expect(outcome).toMatchObject({ status: "fulfilled", value: { name: "Ann" } });
  }
});

test("[SAFE-3] a log that is cut is told and takes no write, and where it is back writes and checkpoints go on", async () => {
  const path = await temporaryFile();
  const trouble = Promise.withResolvers<Error>();
  const storage = await openSqliteStorage({ path, checkpointPages: LONG_TITLE_PAGES, onTrouble: trouble.resolve });
  onTestFinished(() => storage.close());
  await addAccount(storage);
  await create(storage, "before");
  await withoutLog(path, async () => {
    await expect(create(storage, "meanwhile")).rejects.toMatchObject({ code: "STORAGE_GONE" });
    expect(await trouble.promise).toMatchObject({ code: "STORAGE_GONE" });
  });
  await create(storage, "afterwards", "x".repeat(LONG_TITLE_PAGES * 4096));
  await expect.poll(async () => (await stat(path)).size / 4096, { timeout: 10_000 }).toBeGreaterThan(LONG_TITLE_PAGES);
});

test("[CLOCK-2] writes while the disk fails are refused with its code, and afterwards every write is taken", async () => {
  const path = await temporaryFile();
  const storage = await openSqliteStorage({ path });
  onTestFinished(() => storage.close());
  await addAccount(storage);
  await create(storage, "before");
  await withoutLog(path, async () => {
    const writes = Array.from({ length: 5 }, (_, index) => create(storage, `meanwhile ${index}`));
    const outcomes = await Promise.allSettled(writes);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    const code = expect.stringMatching(/^(?:SQLITE_|STORAGE_GONE)/);
    for (const reason of refused) expect(reason).toMatchObject({ code });
  });
  expect(await create(storage, "afterwards")).toMatchObject({ created: true });
});

/** Reads that last over a turn of the event loop, so that each has a connection of its own. */
function readAtOnce(storage: Storage, count: number) {
  const read = () =>
    storage.read(async (snapshot) => {
      await new Promise((resolve) => setImmediate(resolve));
      return snapshot.account(accountId);
    });
  return Promise.allSettled(Array.from({ length: count }, read));
}

async function addAccount(storage: Storage): Promise<void> {
  await storage.transact("ensureAccount", { id: accountId, email: null, name: "Ann", unreadScope: "device", now: NOW });
}

function create(storage: Storage, name: string, title: string | null = null) {
  const id = name as ConversationId;
  return storage.transact("createConversation", { accountId, now: NOW, id, title, model: null });
}

async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "instep-disk-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "instep.db");
}
