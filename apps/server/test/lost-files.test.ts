/** Files that are deleted, replaced or damaged under the running server: noticed, said, and nothing is acknowledged and lost. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLog } from "../src/program-log.ts";
import { createClient, type Client } from "./client.ts";
import { signIn, signUp, startForPeople } from "./people.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let data: string;
let database: string;
let app: StartedApp;
let client: Client;
let lines: string[];

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "instep-lost-"));
  database = join(data, "instep.sqlite");
  await start();
});
afterEach(async () => {
  await app.stop();
  rmSync(data, { recursive: true, force: true });
});

async function start(): Promise<void> {
  lines = [];
  const log = createLog({ logLevel: "warn" }, { write: (line) => lines.push(line) });
  app = await startApp({ env: { DATA_DIR: data }, log });
  client = createClient(app.url);
  await client.create("Before");
}

/** Each takes something away or damages it; what it returns mends it, where it can be mended. */
const HARMS: Readonly<Record<string, () => (() => void) | null>> = {
  "the database is deleted"() {
    rmSync(database);
    return null;
  },
  "the whole folder is deleted"() {
    rmSync(data, { recursive: true });
    return null;
  },
  "the database is moved away"() {
    renameSync(database, `${database}.away`);
    return () => renameSync(`${database}.away`, database);
  },
  "another file takes its place"() {
    copyFileSync(database, `${database}.other`);
    renameSync(database, `${database}.away`);
    renameSync(`${database}.other`, database);
    return () => renameSync(`${database}.away`, database);
  },
  "its log is deleted"() {
    rmSync(`${database}-wal`);
    return null;
  },
  "its log's index is moved away"() {
    renameSync(`${database}-shm`, `${database}-shm.away`);
    return () => renameSync(`${database}-shm.away`, `${database}-shm`);
  },
  "its log is cut"() {
    truncateSync(`${database}-wal`, 40);
    return null;
  },
  "its beginning is overwritten"() {
    return overwriteBeginning(database);
  },
  "it is cut to nothing"() {
    const bytes = readFileSync(database);
    truncateSync(database, 0);
    return () => writeFileSync(database, bytes);
  },
};

describe.each(Object.entries(HARMS))("where %s", (_name, harm) => {
  it("[SAFE-3] every write is refused from that moment on, /readyz says 503 within seconds, the log says it once", async () => {
    const mend = harm();
    for (let round = 0; round < 3; round++) {
      const answer = await client.call("/api/conversations", { body: { title: "Lost" } });
      expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect((await client.call("/readyz")).status).toBe(503);
    expect(lines.filter((line) => line.includes("had trouble"))).toHaveLength(1);
    if (mend === null) return;
    mend();
    await vi.waitFor(async () => expect((await client.call("/readyz")).status).toBe(200), { timeout: 15_000 });
    const kept = await client.create("Kept");
    expect(lines.at(-1)).toContain("can be written again");
    await app.stop();
    await start();
    expect((await client.sync()).conversations.map((row) => row.id)).toContain(kept.id);
  });

  it("[SAFE-3] it is noticed within seconds though nobody writes", async () => {
    harm();
    await vi.waitFor(async () => expect((await client.call("/readyz")).status).toBe(503), { timeout: 15_000 });
    expect(lines.filter((line) => line.includes("had trouble"))).toHaveLength(1);
  });
});

it("[TURN-5] [SAFE-3] a stop is answered while the database is away, and the reply is stopped once it is back", async () => {
  await app.stop();
  app = await startApp({ env: { DATA_DIR: data, DEMO_TOKEN_DELAY_MS: "50" } });
  client = createClient(app.url);
  const { id } = await client.create("Stopped");
  const streaming = client.stream(id, { message: "Tell me 500 words" }).then((answer) => answer.text());
  const activeReply = async () => (await client.open(id)).active_reply ?? null;
  await vi.waitFor(async () => expect(await activeReply()).not.toBeNull(), { timeout: 15_000 });
  const replyId = (await activeReply())?.reply_id;
  renameSync(database, `${database}.away`);
  const stop = () => client.call(`/api/conversations/${id}/chat/replies/${replyId}/stop`, { body: {} });
  const answer = await stop();
  expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  renameSync(`${database}.away`, database);
  expect(await streaming).toContain('"status":"stopped"');
  expect((await client.open(id)).messages.at(-1)).toMatchObject({ status: "stopped" });
});

it("[SAFE-3] a log that is overwritten is noticed within seconds, and then nothing more is taken", async () => {
  const size = statSync(`${database}-wal`).size;
  writeFileSync(`${database}-wal`, Buffer.alloc(size, 7));
  await vi.waitFor(async () => expect((await client.call("/readyz")).status).toBe(503), { timeout: 15_000 });
  for (let round = 0; round < 4; round++) {
    expect(await client.call("/api/conversations", { body: {} })).toMatchObject({ status: 503 });
    expect((await client.call("/readyz")).status).toBe(503);
    await setTimeout(600);
  }
  expect(lines.filter((line) => line.includes("can be written again"))).toEqual([]);
});

describe.each(["", "-wal"])("where the accounts' file%s is not in its place", (suffix) => {
  let ann: Client;
  beforeEach(async () => {
    await app.stop();
    lines = [];
    const log = createLog({ logLevel: "warn" }, { write: (line) => lines.push(line) });
    app = await startForPeople({ env: { DATA_DIR: data }, log });
    ann = await signUp(app.url, "ann");
  });

  it("[SAFE-3] nobody signs up into what a new start would not know, /readyz says 503, and the log says it once", async () => {
    const file = join(data, `accounts.sqlite${suffix}`);
    renameSync(file, `${file}.away`);
    if (suffix === "") copyFileSync(`${file}.away`, file);
    for (let round = 0; round < 2; round++) {
      await expect(signUp(app.url, `bob${round}`)).rejects.toThrow("unavailable");
      await expect(signIn(app.url, "ann")).rejects.toThrow("unavailable");
      const token = await ann.call("/api/tokens", { body: { name: "Lost" } });
      expect(token).toMatchObject({ status: 503, body: { code: "unavailable" } });
    }
    expect((await ann.call("/readyz")).status).toBe(503);
    expect(lines.filter((line) => line.includes("had trouble"))).toHaveLength(1);
    renameSync(`${file}.away`, file);
    // What a look into the file has found stands until the next look, a second later.
    await vi.waitFor(async () => expect((await ann.call("/readyz")).status).toBe(200), { timeout: 15_000 });
    await signUp(app.url, "cem");
    expect(lines.filter((line) => line.includes("in its place again"))).toHaveLength(1);
  });

  it("[SAFE-3] what is damaged in it is noticed within seconds though nobody signs up, and nothing is taken until it is as it was", async () => {
    const file = join(data, `accounts.sqlite${suffix}`);
    const mend = overwriteBeginning(file);
    await vi.waitFor(() => expect(lines.filter((line) => line.includes("had trouble"))).toHaveLength(1), 5000);
    for (let round = 0; round < 3; round++) {
      await expect(signUp(app.url, `bob${round}`)).rejects.toThrow("unavailable");
      const token = await ann.call("/api/tokens", { body: { name: "Lost" } });
      expect(token).toMatchObject({ status: 503, body: { code: "unavailable" } });
      expect(Number(token.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await ann.call("/readyz")).status).toBe(503);
      await setTimeout(600);
    }
    expect(lines.filter((line) => line.includes("had trouble"))).toHaveLength(1);
    mend();
    await vi.waitFor(async () => expect((await ann.call("/readyz")).status).toBe(200), { timeout: 15_000 });
    await signUp(app.url, "cem");
    expect(lines.filter((line) => line.includes("in its place again"))).toHaveLength(1);
  });

  it("[SAFE-3] [SYNC-8] a device that asks what is new is told to try again, and the program goes on", async () => {
    // Nobody has asked with it yet, so that it is in no memory.
    const another = await signIn(app.url, "ann");
    const file = join(data, `accounts.sqlite${suffix}`);
    renameSync(file, `${file}.away`);
    if (suffix === "") copyFileSync(`${file}.away`, file);
    for (const question of ["", "?since=2999-01-01T00:00:00Z", "?since=2999-01-01T00:00:00Z&wait=20"]) {
      const answer = await another.call(`/api/conversations/sync${question}`);
      expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    }
    renameSync(`${file}.away`, file);
    const sync = async (): Promise<number> => (await another.call("/api/conversations/sync")).status;
    await vi.waitFor(async () => expect(await sync()).toBe(200), { timeout: 15_000 });
  });
});

it("[SAFE-3] a cut of the accounts' file lets nobody sign up", async () => {
  await app.stop();
  app = await startForPeople({ env: { DATA_DIR: data } });
  await signUp(app.url, "ann");
  truncateSync(join(data, "accounts.sqlite"), 0);
  await expect(signUp(app.url, "bob")).rejects.toThrow("unavailable");
  expect((await createClient(app.url).call("/readyz")).status).toBe(503);
});

describe("a full-text index that is damaged", () => {
  it.each([
    "UPDATE message_text_data SET block = x'00ff00ff'",
    "DELETE FROM message_text_data",
    "DELETE FROM title_text_data",
    "DELETE FROM message_text_docsize",
    "DROP TABLE message_text_data",
    "DROP TABLE title_text_config",
  ])("refuses no message and no deletion: %s", async (damage) => {
    const { id } = await client.create("Talk");
    await client.batch(id, { message: "before" });
    await app.stop();
    harmDatabase(damage);
    await start();
    expect(await client.batch(id, { message: "after" })).toMatchObject({ status: 200 });
    expect(await client.call(`/api/conversations/${id}`, { method: "PATCH", body: { title: "New" } })).toMatchObject({
      status: 200,
    });
    const { messages } = await client.open(id);
    const edit = { message: "edited", more: { replace_from_seq: messages[0]?.seq } };
    expect(await client.batch(id, edit)).toMatchObject({ status: 200 });
    expect(await client.call(`/api/conversations/${id}?permanent=true`, { method: "DELETE" })).toMatchObject({
      status: 200,
    });
    expect((await client.call("/api/search?q=before")).status).toBeLessThan(504);
    expect((await client.call("/readyz")).status).toBe(200);
    expect(existsSync(database)).toBe(true);
  });
});

function harmDatabase(sql: string): void {
  const db = new DatabaseSync(database, { defensive: false });
  db.exec(sql);
  db.close();
}

/** What it returns puts back what stood there. */
function overwriteBeginning(path: string): () => void {
  const former = readFileSync(path).subarray(0, 100);
  const put = (bytes: Buffer) => {
    const file = openSync(path, "r+");
    writeSync(file, bytes, 0, bytes.length, 0);
    closeSync(file);
  };
  put(Buffer.alloc(100, 7));
  return () => put(former);
}
