/** `restore` over whatever is left of a database: half of one, a damaged one, one that is in use. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId, ConversationId, ConversationSummary, Dated, Micros, TurnResult } from "@instep/protocol";
import { openInlineSqliteStorage } from "@instep/sync-server/sqlite";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import type { AccountStore } from "../src/accounts/storage/account-store.ts";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import { backupCommand } from "../src/cli/backup-command.ts";
import { CommandError, type CommandContext } from "../src/cli/command.ts";
import { checkCommand, reindexCommand, restoreCommand } from "../src/cli/database-commands.ts";
import { exportCommand } from "../src/cli/export-command.ts";
import { importCommand } from "../src/cli/import-command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { usersCommand } from "../src/cli/users-command.ts";
import { readSettings } from "../src/settings/config.ts";
import { claimFolder } from "../src/data-folder/data-folder.ts";
import { asNobody } from "./as-nobody.ts";
import { allEvents, createClient } from "./client.ts";
import { startForPeople } from "./people.ts";
import { startApp } from "./start-app.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

let folder: string;
let dataDir: string;
let database: string;
/** A backup with one conversation, "saved". */
let backup: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-restore-"));
  dataDir = join(folder, "data");
  database = join(dataDir, "instep.sqlite");
  backup = join(folder, "backup.sqlite");
  mkdirSync(dataDir);
  await fill(backup, ["saved"]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Adds conversations of these titles; `meanwhile` happens while the file is open, with all of them in its log. */
async function fill(path: string, titles: readonly string[], meanwhile = () => {}): Promise<void> {
  const storage = openInlineSqliteStorage({ path });
  const now = (NOW * 1000) as Micros;
  await storage.transact("ensureAccount", { ...LOCAL_ACCOUNT, now });
  for (const title of titles) {
    const id = crypto.randomUUID() as ConversationId;
    await storage.transact("createConversation", { accountId: LOCAL_ACCOUNT.id, now, id, title, model: null });
  }
  meanwhile();
  await storage.close();
}

/** What the command printed that was begun last. */
let printed: string[] = [];

async function run(command: typeof restoreCommand, file = "", words: readonly string[] = []): Promise<string[]> {
  const { settings, fault } = readSettings({ DATA_DIR: dataDir });
  if (settings === null) throw new Error(fault);
  const lines: string[] = [];
  printed = lines;
  const context: CommandContext = {
    settings,
    file,
    words,
    line: new TerminalLine(process.stderr, () => NOW),
    print: (text) => lines.push(text),
    now: () => NOW,
  };
  await command.run(context);
  return lines;
}

/** What a server on the restored database tells a device, once the database adds up. */
async function titlesServed(): Promise<string[]> {
  expect(await run(checkCommand)).toEqual([`${database}: all is right.`]);
  const app = await startApp({ env: { DATA_DIR: dataDir } });
  try {
    return (await createClient(app.url).sync()).conversations.map((conversation) => conversation.title);
  } finally {
    await app.stop();
  }
}

/** Every file with what is in it, but the lock. */
function contentOf(path: string): Record<string, string | null> {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name !== "instep.lock");
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const isFile = statSync(join(path, name)).isFile();
      return [name, isFile ? readFileSync(join(path, name), "hex") : null];
    }),
  );
}

function addPerson(store: AccountStore, name: string): void {
  store.addPerson({ id: name as AccountId, email: `${name}@example.com`, password: null, createdAt: NOW });
}

function peopleIn(path: string): readonly string[] {
  const store = openAccountStore(path);
  const ids = store.people().map(({ id }) => id);
  store.close();
  return ids;
}

const keptFiles = () => readdirSync(dataDir).filter((name) => name.includes("before-restore"));

describe("a restore", { timeout: 60_000 }, () => {
  test.each(["a lost database", "a restore that was killed"])(
    "takes nothing of the log that %s left, and leaves none of its own",
    async (whose) => {
      const many = Array.from({ length: 150 }, (_, n) => `lost ${n}`);
      const log = join(folder, "log");
      await fill(database, many, () => copyFileSync(`${database}-wal`, log));
      rmSync(database);
      const left = whose === "a lost database" ? database : `${database}.restoring`;
      copyFileSync(log, `${left}-wal`);
      writeFileSync(`${left}-journal`, "what was undone");
      expect(await run(restoreCommand, backup)).toEqual([`Restored ${backup}.`]);
      expect(readdirSync(dataDir).filter((name) => name.includes(".restoring"))).toEqual([]);
      expect(await titlesServed()).toEqual(["saved"]);
    },
  );

  test("[SAFE-3] of the very copy that a killed one left keeps that, and says what to do", async () => {
    await fill(database, ["before"]);
    const left = `${database}.restoring`;
    copyFileSync(backup, left);
    const before = contentOf(dataDir);
    const linked = join(folder, "linked");
    linkSync(left, linked);
    for (const file of [left, linked]) {
      await expect(run(restoreCommand, file)).rejects.toThrow(
        new CommandError(`${file} is where a restore puts its copy; rename it, then restore.`),
      );
    }
    expect(contentOf(dataDir)).toMatchObject(before);
    expect(keptFiles()).toEqual([]);
  });

  test("[SAFE-3] brings what only the log of the file has, of the conversations and of the accounts, and leaves the file as it is", async () => {
    const [copy, source] = [join(folder, "copied"), join(folder, "source")];
    const take = (from: string, to: string) => {
      for (const suffix of ["", "-wal"]) copyFileSync(`${from}${suffix}`, `${to}${suffix}`);
    };
    await fill(source, ["in the log"], () => take(source, copy));
    const store = openAccountStore(`${source}.accounts`);
    addPerson(store, "in the log");
    take(`${source}.accounts`, `${copy}.accounts`);
    store.close();
    for (const suffix of ["", ".accounts"]) chmodSync(`${copy}${suffix}`, 0o400);
    await run(restoreCommand, copy);
    expect(peopleIn(join(dataDir, "accounts.sqlite"))).toEqual(["in the log"]);
    expect(await titlesServed()).toEqual(["in the log"]);
    expect(statSync(database).mode & 0o777).toBe(0o600);
  });

  test("[SIGN-8] keeps the accounts that it replaces, and those that only their log had", async () => {
    const accounts = join(dataDir, "accounts.sqlite");
    const store = openAccountStore(`${backup}.accounts`);
    addPerson(store, "saved");
    store.close();
    await fill(database, ["before"]);
    const former = openAccountStore(accounts);
    addPerson(former, "before");
    const [copy, log] = [join(folder, "copy"), join(folder, "log")];
    copyFileSync(accounts, copy);
    copyFileSync(`${accounts}-wal`, log);
    former.close();
    copyFileSync(copy, accounts);
    copyFileSync(log, `${accounts}-wal`);
    await run(restoreCommand, backup);
    const kept = `${accounts}.before-restore-2026-01-01T00-00-00-000Z`;
    expect(existsSync(`${kept}-wal`), "what the log had is in the file").toBe(false);
    expect([accounts, kept].map(peopleIn)).toEqual([["saved"], ["before"]]);
  });

  test.each([
    ["that is no database any more", () => writeFileSync(database, Buffer.alloc(20_000, "noise"))],
    ["that was cut", () => truncateSync(database, 5000)],
    ["that is empty", () => truncateSync(database, 0)],
    ["whose pages were overwritten", () => writeFileSync(database, readFileSync(database).fill("noise", 100))],
  ])("in the place of one %s keeps that one", async (_what, damage) => {
    await fill(database, ["before"]);
    damage();
    writeFileSync(`${database}-wal`, "what was not yet moved");
    const damaged = readFileSync(database);
    const [printed] = await run(restoreCommand, backup);
    expect(printed).toMatch(/^Restored .*\. The former database is .*before-restore-2026-01-01T00-00-00-000Z\.$/);
    const kept = `${database}.before-restore-2026-01-01T00-00-00-000Z`;
    expect(readFileSync(kept).equals(damaged)).toBe(true);
    expect(readFileSync(`${kept}-wal`, "utf8")).toBe("what was not yet moved");
    expect(await titlesServed()).toEqual(["saved"]);
  });

  test("in the place of one that works keeps all of that one, what its log had too", async () => {
    const [copy, log] = [join(folder, "copy"), join(folder, "log")];
    await fill(database, ["before"], () => {
      copyFileSync(database, copy);
      copyFileSync(`${database}-wal`, log);
    });
    copyFileSync(copy, database);
    copyFileSync(log, `${database}-wal`);
    await run(restoreCommand, backup);
    expect(await titlesServed()).toEqual(["saved"]);
    const [kept = ""] = keptFiles();
    rmSync(database);
    copyFileSync(join(dataDir, kept), database);
    expect(await titlesServed()).toEqual(["before"]);
  });

  test("[EPOCH-1, SYNC-11] puts all answers into its new history, those about what was before it too", async () => {
    const copy = join(folder, "copy");
    const send = { message: "Hello", clientMessageId: crypto.randomUUID() };
    const first = await startApp({ env: { DATA_DIR: dataDir } });
    const before = createClient(first.url);
    const { id, epoch: former } = (await before.create()) as Dated<ConversationSummary>;
    const told = await before.batch<Dated<TurnResult>>(id, send);
    await first.stop();
    copyFileSync(database, copy);
    await run(restoreCommand, copy);
    const second = await startApp({ env: { DATA_DIR: dataDir } });
    try {
      const after = createClient(second.url);
      const { epoch } = await after.sync();
      expect(epoch).not.toBe(former);
      const again = await after.batch<Dated<TurnResult>>(id, send);
      expect(again.body).toEqual({ ...told.body, epoch });
      const events = await allEvents(
        await fetch(`${second.url}/api/conversations/${id}/chat/replies/${told.body.message.id}/stream`),
      );
      const [start, end] = [events[0]?.data, events.at(-1)?.data];
      const patched = await after.call(`/api/conversations/${id}`, { method: "PATCH", body: { title: "Kept" } });
      for (const answer of [start, end, await after.open(id), patched.body]) expect(answer).toMatchObject({ epoch });
    } finally {
      await second.stop();
    }
  });

  test.each([
    ["noise", (file: string) => writeFileSync(file, Buffer.alloc(9000, "noise"))],
    ["another database", (file: string) => copyFileSync(backup, file)],
    ["empty", (file: string) => writeFileSync(file, "")],
  ])("replaces nothing where the backup's accounts are %s", async (_what, damage) => {
    await fill(database, ["before"]);
    damage(`${backup}.accounts`);
    await expect(run(restoreCommand, backup)).rejects.toThrow(/backup\.sqlite\.accounts can't be restored: it is /);
    expect(keptFiles()).toEqual([]);
    expect(await titlesServed()).toEqual(["before"]);
  });

  test.each(["the conversations", "the accounts"])("replaces nothing where a newer program wrote %s", async (what) => {
    openAccountStore(`${backup}.accounts`).close();
    openAccountStore(join(dataDir, "accounts.sqlite")).close();
    await fill(database, ["before"]);
    const newer = new Database(what === "the accounts" ? `${backup}.accounts` : backup);
    newer.pragma("user_version = 99");
    newer.close();
    await expect(run(restoreCommand, backup)).rejects.toThrow(/schema 99; this program knows schemas up to \d+/);
    expect(keptFiles()).toEqual([]);
    expect(await titlesServed()).toEqual(["before"]);
  });

  const PLACES = ["instep.sqlite", "accounts.sqlite"].flatMap((name) =>
    ["", "-wal", "-shm", "-journal", "-seal", ".restoring", ".restoring-wal"].map((suffix) => name + suffix),
  );

  test.each(PLACES)("[SAFE-3] changes nothing where %s is a folder, and says so in one sentence", async (name) => {
    openAccountStore(`${backup}.accounts`).close();
    await fill(database, ["before"]);
    openAccountStore(join(dataDir, "accounts.sqlite")).close();
    const path = join(dataDir, name);
    rmSync(path, { force: true });
    mkdirSync(join(path, "inside"), { recursive: true });
    const before = contentOf(dataDir);
    await expect(run(restoreCommand, backup)).rejects.toThrow(
      new CommandError(`${path} is a folder; move it away, then restore.`),
    );
    expect(contentOf(dataDir)).toEqual(before);
  });

  test.each([
    ["instep.sqlite", "read or write", 0o000],
    ["accounts.sqlite", "read or write", 0o000],
    ["instep.sqlite", "write", 0o400],
    ["accounts.sqlite", "read", 0o200],
  ])("[SAFE-3] changes nothing where %s is not ours to %s, and says so in one sentence", async (name, _what, mode) => {
    openAccountStore(`${backup}.accounts`).close();
    await fill(database, ["before"]);
    openAccountStore(join(dataDir, "accounts.sqlite")).close();
    const before = contentOf(dataDir);
    const path = join(dataDir, name);
    chmodSync(path, mode);
    await asNobody(folder, () =>
      expect(run(restoreCommand, backup)).rejects.toThrow(
        new CommandError(`${path} can't be read and written by this user; give it back, then restore.`),
      ),
    );
    chmodSync(path, 0o600);
    expect(contentOf(dataDir)).toEqual(before);
  });

  test("keeps out a server that starts meanwhile", async () => {
    const leave = claimFolder({ dataDir });
    await expect(startApp({ env: { DATA_DIR: dataDir } })).rejects.toThrow(
      /^DATA_DIR: ".*" is being restored or worked on by a command; start again when that is done$/,
    );
    leave?.();
    await (await startApp({ env: { DATA_DIR: dataDir } })).stop();
  });
});

/** What may have become of a running server's database before somebody restores one. */
const HARMS: Readonly<Record<string, () => void>> = {
  "as it was": () => {},
  "moved away": () => renameSync(database, join(folder, "away")),
  "moved away with its log": () => {
    for (const suffix of ["", "-wal", "-shm", "-seal"]) {
      renameSync(`${database}${suffix}`, join(folder, `away${suffix}`));
    }
  },
  deleted: () => {
    for (const suffix of ["", "-wal", "-shm", "-seal"]) rmSync(`${database}${suffix}`);
  },
  "deleted, the accounts too": () => {
    for (const name of readdirSync(dataDir)) if (name !== "instep.lock") rmSync(join(dataDir, name));
  },
  overwritten: () => writeFileSync(database, Buffer.alloc(20_000, "noise")),
  "in another's place": () => {
    copyFileSync(backup, join(dataDir, "other"));
    renameSync(join(dataDir, "other"), database);
  },
};

test.each(Object.entries(HARMS))(
  "[SAFE-3] while one of two servers runs whose database is %s, no command that works alone does anything",
  async (_what, harm) => {
    openAccountStore(`${backup}.accounts`).close();
    const servers = [await startForPeople({ env: { DATA_DIR: dataDir } })];
    servers.push(await startForPeople({ env: { DATA_DIR: dataDir } }));
    await servers.shift()?.stop();
    harm();
    const before = readdirSync(dataDir).toSorted();
    const refusal = /^The server is running; stop it, then (?:restore|reindex|adopt)\.$|^There is no database yet/;
    try {
      await expect(run(restoreCommand, backup)).rejects.toThrow("The server is running; stop it, then restore.");
      await expect(run(reindexCommand)).rejects.toThrow(refusal);
      await expect(run(usersCommand, "", ["adopt", "ann@example.com"])).rejects.toThrow(refusal);
      expect(readdirSync(dataDir).toSorted()).toEqual(before);
    } finally {
      for (const server of servers) await server.stop();
    }
    expect(await run(restoreCommand, backup)).toHaveLength(1);
  },
  60_000,
);

/** Every command that works beside others. */
const BESIDE: Readonly<Record<string, () => Promise<unknown>>> = {
  backup: () => run(backupCommand, join(folder, "another")),
  check: () => run(checkCommand),
  export: () => run(exportCommand, join(folder, "out.json")),
  import: () => run(importCommand, join(folder, "out.json")),
  "users list": () => run(usersCommand, "", ["list"]),
};

test("[SAFE-3] each command that works beside a server keeps a restore out until it has ended, and no longer", async () => {
  await fill(database, ["before"]);
  for (const [name, begin] of Object.entries(BESIDE)) {
    const ended = begin();
    expect(claimFolder({ dataDir }), name).toBeNull();
    await ended;
    const leave = claimFolder({ dataDir });
    expect(leave, name).not.toBeNull();
    leave?.();
  }
});

test("[SAFE-3] what works alone does nothing while an older server, which keeps no place in the folder, has a file open", async () => {
  await fill(database, ["before"]);
  openAccountStore(join(dataDir, "accounts.sqlite")).close();
  const commands = [
    ["restore", () => run(restoreCommand, backup)],
    ["reindex", () => run(reindexCommand)],
    ["adopt", () => run(usersCommand, "", ["adopt", "ann@example.com"])],
  ] as const;
  for (const name of ["instep.sqlite", "accounts.sqlite"]) {
    const server = new Database(join(dataDir, name));
    server.pragma("journal_mode = WAL");
    server.exec("SELECT count(*) FROM sqlite_schema");
    const names = () => readdirSync(dataDir).filter((one) => one !== "instep.lock");
    const before = names();
    for (const [command, begin] of name === "instep.sqlite" ? commands : commands.slice(0, 1)) {
      await expect(begin(), name).rejects.toThrow(`The server is running; stop it, then ${command}.`);
    }
    expect(names()).toEqual(before);
    server.close();
  }
  for (const [, begin] of commands) await begin();
});

describe("a check", () => {
  test("names what does not add up, twenty at most, and fails", async () => {
    await fill(
      database,
      Array.from({ length: 21 }, (_, n) => `title ${n}`),
    );
    const db = new Database(database);
    const count = db.prepare("UPDATE conversation SET message_count = 7 WHERE title = ?");
    count.run("title 3");
    await expect(run(checkCommand)).rejects.toThrow(/^\S+instep\.sqlite: [1-9] faults? found\.$/);
    expect(printed.join("\n")).toMatch(/message/);
    for (let n = 0; n < 21; n += 1) count.run(`title ${n}`);
    db.close();
    await expect(run(checkCommand)).rejects.toThrow(/: (?:2[1-9]|[3-9]\d) faults found\.$/);
    expect(printed).toHaveLength(20);
  });

  test.each([
    ["noise", () => writeFileSync(database, Buffer.alloc(20_000, "noise")), /instep\.sqlite: it is no database/],
    [
      "another program's",
      () => openAccountStore(database).close(),
      /instep\.sqlite: it is a database of another program\.$/,
    ],
  ])("of a file that is %s says so, and changes nothing of it", async (_what, damage, words) => {
    damage();
    const before = readFileSync(database);
    await expect(run(checkCommand)).rejects.toThrow(words);
    expect(readFileSync(database).equals(before)).toBe(true);
  });
});
