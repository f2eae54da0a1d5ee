/** A data folder whose files were put back, in every way that people do that: no device keeps what the server has lost. */
import type { SyncResponse } from "@instep/protocol";
import { sealClosed } from "@instep/sync-server/sqlite";
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importCommand } from "../src/cli/import-command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { readSettings } from "../src/settings/config.ts";
import { lineOf } from "./chatgpt-fixture.ts";
import { createClient, since, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let folder: string;
let data: string;
let saved: string;
let app: StartedApp | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-rewound-"));
  [data, saved] = [join(folder, "data"), join(folder, "saved")];
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Client> {
  app = await startApp({ env: { DATA_DIR: data } });
  return createClient(app.url);
}

async function stop(): Promise<void> {
  await app?.stop();
  app = null;
}

/** Each puts the saved folder back in its own way. */
const WAYS: Readonly<Record<string, () => void>> = {
  "cp into a new folder"() {
    rmSync(data, { recursive: true });
    cpSync(saved, data, { recursive: true, preserveTimestamps: true });
  },
  "cp over the same files"() {
    for (const name of readdirSync(saved)) {
      const content = readFileSync(join(saved, name));
      writeFileSync(join(data, name), content);
      const { atime, mtime } = statSync(join(saved, name));
      utimesSync(join(data, name), atime, mtime);
    }
  },
  "cp of the database alone"() {
    copyFileSync(join(saved, "instep.sqlite"), join(data, "instep.sqlite"));
  },
  "rsync, which renames new files over the old ones"() {
    cpSync(saved, `${data}.new`, { recursive: true, preserveTimestamps: true });
    rmSync(data, { recursive: true });
    cpSync(`${data}.new`, data, { recursive: true, preserveTimestamps: true });
  },
  "a snapshot of the whole volume, after which every file is the very one that was closed"() {
    rmSync(data, { recursive: true });
    cpSync(saved, data, { recursive: true, preserveTimestamps: true });
    sealClosed(join(data, "instep.sqlite"));
  },
};

describe.each(Object.entries(WAYS))("put back by %s", (_way, putBack) => {
  it("[EPOCH-1] a device that has seen what is lost learns that it is gone, also where the clock has overtaken its own", async () => {
    await (await start()).create("Kept");
    await stop();
    cpSync(data, saved, { recursive: true, preserveTimestamps: true });
    const before = await start();
    const lost = await before.create("Lost");
    const seen = await before.sync();
    await stop();
    putBack();
    const client = await start();
    const made = await client.create("Made since");
    const answer = await ask(client, seen);
    expect(answer.is_full_sync).toBe(true);
    expect(answer.epoch).not.toBe(seen.epoch);
    const ids = answer.conversations.map((row) => row.id);
    expect(ids).not.toContain(lost.id);
    expect(ids).toContain(made.id);
    expect(await ask(client, answer)).toMatchObject({ is_full_sync: false, epoch: answer.epoch, conversations: [] });
  });
});

it("[EPOCH-1] what is lost is found out too where an import comes before the start, and moves the clock past it", async () => {
  await (await start()).create("Kept");
  await stop();
  cpSync(data, saved, { recursive: true, preserveTimestamps: true });
  const before = await start();
  const lost = await before.create("Lost");
  const seen = await before.sync();
  await stop();
  WAYS["a snapshot of the whole volume, after which every file is the very one that was closed"]?.();
  await importFile(lineOf("Brought in", [{}, { author: { role: "assistant" } }]));
  const answer = await ask(await start(), seen);
  expect(answer.conversations.map((row) => row.title).toSorted()).toEqual(["Conversation Brought in", "Kept"]);
  expect(answer.is_full_sync).toBe(true);
  expect(answer.epoch).not.toBe(seen.epoch);
  expect(answer.conversations.map((row) => row.id)).not.toContain(lost.id);
});

it("[EPOCH-1] an ordinary restart keeps the epoch, again and again, and tells every device what came and went", async () => {
  let seen = await (await start()).sync();
  for (let round = 0; round < 3; round++) {
    await stop();
    const client = await start();
    expect(await ask(client, seen)).toMatchObject({ is_full_sync: false, epoch: seen.epoch });
    const made = await client.create(`Round ${round}`);
    const next = await ask(client, seen);
    expect(next.conversations.map((row) => row.id)).toEqual([made.id]);
    // The watermark of before the restart stays as good as it was.
    await stop();
    const again = await start();
    expect(await ask(again, seen)).toMatchObject({
      is_full_sync: false,
      epoch: seen.epoch,
      server_time: next.server_time,
    });
    seen = next;
  }
});

it("[EPOCH-1] one device that finds out is enough for all, and none has to find out twice", async () => {
  await (await start()).create("Kept");
  await stop();
  cpSync(data, saved, { recursive: true, preserveTimestamps: true });
  const before = await start();
  const old = await before.sync();
  await before.create("Lost");
  const seen = await before.sync();
  await stop();
  WAYS["a snapshot of the whole volume, after which every file is the very one that was closed"]?.();
  const client = await start();
  const answers = await Promise.all([ask(client, seen), ask(client, seen), ask(client, seen)]);
  const [first] = answers;
  for (const answer of [...answers, await ask(client, old), await ask(client, seen)]) {
    expect(answer).toMatchObject({ is_full_sync: true, epoch: first?.epoch });
  }
  expect(first?.epoch).not.toBe(seen.epoch);
});

/** As the command does it, with the server stopped. */
async function importFile(conversation: unknown): Promise<void> {
  const file = join(folder, "export.json");
  writeFileSync(file, JSON.stringify([conversation]));
  const { settings } = readSettings({ DATA_DIR: data });
  if (settings === null) throw new Error("The settings are wrong");
  const line = new TerminalLine(process.stderr, Date.now);
  await importCommand.run({ settings, file, words: [], line, print: () => undefined, now: Date.now });
}

function ask(client: Client, seen: SyncResponse): Promise<SyncResponse> {
  return client.sync(since(seen));
}
