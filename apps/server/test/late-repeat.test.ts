/** Sends that are repeated long after: by a device that was away while replies were replaced and journals went. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Micros, Problem, StaleConversation, TurnResult } from "@instep/protocol";
import { openSqliteStorage } from "@instep/sync-server/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startApp } from "./start-app.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "instep-late-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** What the sweep does when neither journals nor versions are kept any longer. */
async function sweepAll(): Promise<void> {
  const storage = await openSqliteStorage({ path: join(dataDir, "instep.sqlite") });
  const never = Number.MAX_SAFE_INTEGER as Micros;
  await storage.transact("sweepJournals", { now: never, endedBefore: never, limit: 1000 });
  await storage.transact("sweep", { now: never, horizon: 0 as Micros, limit: 1000, after: null });
  await storage.close();
}

/** One life of a server on the test's data. */
async function serve<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const app = await startApp({ env: { DATA_DIR: dataDir } });
  try {
    return await use(createClient(app.url));
  } finally {
    await app.stop();
  }
}

test("[TURN-3, TURN-7] of a turn whose reply was replaced and forgotten is told what stands, not that all was deleted", async () => {
  const send = { message: "hello", clientMessageId: randomUUID() };
  const { id, edited } = await serve(async (client) => {
    const made = await client.create();
    await client.batch(made.id, send);
    const edit = { message: "edited", more: { replace_from_seq: 1 } };
    return { id: made.id, edited: await client.batch<TurnResult>(made.id, edit) };
  });
  await sweepAll();
  await serve(async (client) => {
    const batch = await client.batch<StaleConversation & Problem>(id, send);
    expect([batch.status, batch.body.code]).toEqual([409, "stale_conversation"]);
    const { version_count: _gone, ...question } = edited.body.user_message;
    expect(batch.body.messages).toEqual([question, edited.body.message]);
    const stream = await client.stream(id, send);
    expect([stream.status, await stream.json()]).toEqual([409, batch.body]);
    expect((await client.open(id)).message_count).toBe(2);
  });
});
