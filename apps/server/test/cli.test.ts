/** The command line as a person runs it: a process of its own, alone and beside a running server. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lineOf, uuidOf } from "./chatgpt-fixture.ts";
import { chatGptExport } from "./import-calls.ts";
import { startApp } from "./start-app.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const CLI = fileURLToPath(new URL("../src/cli/cli.ts", import.meta.url));

/** Where the person stands; `project` in it is where npm starts the command, with the settings in its .env. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-cli-"));
  mkdirSync(join(folder, "project"));
  writeFileSync(join(folder, "project", ".env"), `DATA_DIR=${join(folder, "data")}\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `limit` is what its shell says before it: no file may grow longer, say. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, limit = ":"): Promise<Ran> {
  const command = [process.execPath, "--conditions=@instep/source", CLI, ...args];
  const child = spawn("sh", ["-c", `${limit} && exec "$0" "$@"`, ...command], {
    cwd: join(folder, "project"),
    env: { ...THIS_MACHINES, INIT_CWD: folder, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, out, err };
}

function writeExport(name: string, ...conversations: readonly string[]): void {
  writeFileSync(
    join(folder, name),
    JSON.stringify(conversations.map((each) => lineOf(each, [{}, { author: { role: "assistant" } }]))),
  );
}

/** Processes start slowly on a machine that is busy with other tests. */
const SLOW = { timeout: 60_000 };

describe("wrong usage", SLOW, () => {
  test.each([
    [[], ""],
    [
      ["frobnicate"],
      'There is no command "frobnicate"; the commands are import, export, backup, restore, check, reindex, users and help.\n',
    ],
    [["import"], "Usage: npm run instep -- import FILE [ADDRESS]\n"],
    [["import", ""], "Usage: npm run instep -- import FILE [ADDRESS]\n"],
    [["backup", ""], "Usage: npm run instep -- backup FILE\n"],
    [["check", "file"], "Usage: npm run instep -- check\n"],
    [["backup", "--force"], "Usage: npm run instep -- backup FILE\n"],
    [["export", "x.json", "--force"], "Usage: npm run instep -- export FILE [ADDRESS]\n"],
  ])("%o ends with 2 and one line", async (args, err) => {
    expect(await run(args)).toMatchObject({ code: 2, err });
  });

  test("help ends with 0 and names every command", async () => {
    const { code, out } = await run(["help"]);
    expect(code).toBe(0);
    const usages = ["import FILE", "export FILE", "backup FILE", "restore FILE", "check"];
    for (const usage of usages) expect(out).toContain(`  ${usage}`);
    expect(out).toMatch(/import, export, backup,\s+check and users \(but for adopt\) also work while it runs/);
    const ofOne = await run(["backup", "--help"]);
    expect([ofOne.code, ofOne.out.split("\n")[0]]).toEqual([0, "Usage: npm run instep -- backup FILE"]);
  });
});

describe("failures end with 1 and one line", SLOW, () => {
  test.each([
    [["import", "none.json"], {}, /^There is no file .*none\.json\.\n$/],
    [["check"], {}, /^There is no database yet at .*; check DATA_DIR\.\n$/],
    [["reindex"], {}, /^There is no database yet/],
    [["export", "x.json"], {}, /^There is no database yet at .*; check DATA_DIR\.\n$/],
    [["backup", "x"], {}, /^There is no database yet/],
    [["restore", "none"], {}, /^There is no file/],
    [["check"], { PORT: "much" }, /PORT/],
    [["backup", "x"], { DATA_DIR: "/dev/null/data" }, /\/dev\/null/],
  ])("%o", async (args, env, err) => {
    const ran = await run(args, env);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(err);
    expect(ran.err.trimEnd()).not.toContain("\n");
  });

  test("a broken file says where, and what was added before it", async () => {
    writeExport("whole.json", "a", "b");
    const text = readFileSync(join(folder, "whole.json"), "utf8");
    writeFileSync(join(folder, "cut.json"), text.slice(0, -40));
    const { code, out, err } = await run(["import", "cut.json"]);
    expect(code).toBe(1);
    expect(out).toBe("Added 1 conversation with 2 messages.\n");
    expect(err).toMatch(/^The import stopped\. The file ends in the middle of conversation 2 \(byte \d+\)/);
  });

  test("export and backup never write over a file", async () => {
    writeExport("a.json", "a");
    await run(["import", "a.json"]);
    for (const command of ["export", "backup"]) {
      expect(await run([command, "a.json"])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/a\.json exists already/),
      });
    }
  });
});

describe("alone", SLOW, () => {
  test("imports, exports and imports again without a change", async () => {
    writeExport("conversations.json", "a", "b");
    const first = await run(["import", "conversations.json"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toMatch(/^Added 2 conversations with 4 messages\.\nDone in \d+\.\d s\.\n$/);
    expect((await run(["export", "out.json"])).out).toBe(`Wrote 2 conversations to ${join(folder, "out.json")}.\n`);
    expect((await run(["import", "out.json"])).out).toMatch(
      /^Added 0 conversations with 0 messages\.\nAlready here \(or deleted here before\), left as they are: 2\./,
    );
    expect((await run(["check"])).out).toMatch(/all is right\.\n$/);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("[EPOCH-1] a restore brings back what the backup had, under a new epoch, and keeps the former database", async () => {
    const dataDir = join(folder, "data");
    writeExport("a.json", "a");
    writeExport("b.json", "b");
    await run(["import", "a.json"]);
    const before = await syncOf(dataDir);
    expect((await run(["backup", "saved"])).code).toBe(0);
    await run(["import", "b.json"]);
    expect((await syncOf(dataDir)).ids).toHaveLength(2);
    const restored = await run(["restore", "saved"]);
    expect(restored).toMatchObject({ code: 0, err: "" });
    const after = await syncOf(dataDir);
    expect(after.ids).toEqual([uuidOf("a")]);
    expect(after.epoch).not.toBe(before.epoch);
    const kept = readdirSync(dataDir).filter((name) => name.includes("before-restore"));
    expect(kept.filter((name) => !name.endsWith("-seal"))).toHaveLength(1);
    expect((await run(["check"])).code).toBe(0);
  });

  test("a restore into an empty folder makes the database", async () => {
    writeExport("a.json", "a");
    await run(["import", "a.json"]);
    await run(["backup", "saved"]);
    const other = join(folder, "other");
    expect(await run(["restore", "saved"], { DATA_DIR: other })).toMatchObject({ code: 0, err: "" });
    expect((await syncOf(other)).ids).toEqual([uuidOf("a")]);
  });

  test("what is no backup is not restored, and what is no export not imported", async () => {
    writeFileSync(join(folder, "notes.txt"), "These are notes. ".repeat(100));
    expect(await run(["restore", "notes.txt"])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/can't be restored: it is no database/),
    });
    expect(existsSync(join(folder, "data"))).toBe(false);
    expect(await run(["import", "notes.txt"])).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/^The file is no JSON[^\n]*\n$/),
    });
  });
});

describe("beside a running server", SLOW, () => {
  test("an import shows with the next question within two seconds; export, backup and check work, restore refuses", async () => {
    const app = await startApp();
    try {
      const env = { DATA_DIR: app.dataDir };
      const first = await ask(app.url, "");
      writeExport("a.json", "a");
      expect((await run(["import", "a.json"], env)).code).toBe(0);
      const found = await waitFor(async () => {
        const answer = await ask(app.url, `?since=${encodeURIComponent(first.server_time)}`);
        return answer.conversations.length > 0 ? answer : null;
      });
      expect(found.conversations).toMatchObject([{ id: uuidOf("a"), message_count: 2, read_seq: 2 }]);
      // Read, with nothing unread: at its default, so left out [SYNC-0].
      expect(found.conversations[0]).not.toHaveProperty("unread_count");
      expect(found.is_full_sync).toBe(false);
      for (const args of [["export", "out.json"], ["backup", "saved"], ["check"]]) {
        expect(await run(args, env)).toMatchObject({ code: 0, err: "" });
      }
      expect(await run(["restore", "saved"], env)).toMatchObject({
        code: 1,
        err: "The server is running; stop it, then restore.\n",
      });
      expect((await ask(app.url, "")).conversations).toHaveLength(1);
    } finally {
      await app.stop();
    }
  });
});

test("an export that can't be written says why, and leaves no half of one", SLOW, async () => {
  writeFileSync(join(folder, "a.json"), chatGptExport(1, "large", "words ".repeat(20_000)));
  await run(["import", "a.json"]);
  const ran = await run(["export", "no/such/folder/x.json"]);
  expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/^.*could not be written: ENOENT[^\n]*\n$/) });
  const full = await run(["export", "x.json"], {}, "ulimit -f 128");
  expect(full).toMatchObject({ code: 1, err: expect.stringMatching(/x\.json could not be written: EFBIG[^\n]*\n$/) });
  expect(readdirSync(folder).filter((name) => name.startsWith("x.json"))).toEqual([]);
});

test(
  "a command whose output can't be written says so in one line, and one that can't complain ends with its code",
  SLOW,
  async () => {
    const err = expect.stringMatching(/^The output could not be written: ENOSPC[^\n]*\n$/) as string;
    expect(await run(["help"], {}, "exec 1>/dev/full")).toMatchObject({ code: 1, err });
    expect(await run(["frobnicate"], {}, "exec 2>/dev/full")).toMatchObject({ code: 2, out: "" });
  },
);

test("of two exports to one FILE at once one has it, whole, and the other says that it is there", SLOW, async () => {
  writeFileSync(join(folder, "a.json"), chatGptExport(1, "large", "words ".repeat(20_000)));
  await run(["import", "a.json"]);
  const both = await Promise.all([run(["export", "x.json"]), run(["export", "x.json"])]);
  expect(new Set(both.map(({ code }) => code))).toEqual(new Set([0, 1]));
  expect(both.map(({ err }) => err).join("")).toBe(`${join(folder, "x.json")} exists already; name another file.\n`);
  expect(readdirSync(folder).filter((name) => name.startsWith("x.json"))).toEqual(["x.json"]);
  expect(JSON.parse(readFileSync(join(folder, "x.json"), "utf8"))).toMatchObject({ conversations: [{}] });
});

test.each([
  ["the accounts", "saved.sqlite.accounts", "person"],
  ["the conversations", "saved.sqlite", "filler"],
])(
  "[SAFE-3] [SIGN-8] a restore for whose copy of %s the disk has no room leaves everything as it was",
  SLOW,
  async (_what, large, table) => {
    writeExport("a.json", "saved");
    await run(["import", "a.json"]);
    await run(["backup", "saved.sqlite"]);
    await run(["users", "invite", "ann@example.com"]);
    writeExport("b.json", "present");
    await run(["import", "b.json"]);
    const db = new DatabaseSync(join(folder, large));
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (id TEXT)`);
    db.exec("CREATE TABLE room (taken BLOB); INSERT INTO room VALUES (randomblob(2000000))");
    db.close();
    const ran = await run(["restore", "saved.sqlite"], {}, "ulimit -f 2000");
    expect(ran).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^restore failed: [^\n]*\n$/) });
    expect(await run(["users", "list"])).toMatchObject({ out: "ann@example.com  invited\n" });
    const standing = new DatabaseSync(join(folder, "data", "instep.sqlite"));
    expect(standing.prepare("SELECT count(*) AS held FROM conversation").get()).toEqual({ held: 2 });
    standing.close();
    expect(readdirSync(join(folder, "data")).filter((name) => /restor/.test(name))).toEqual([]);
  },
);

describe("a database of an older version", SLOW, () => {
  test("is left as it is while a server has it open, and brought up to date where none has", async () => {
    writeExport("a.json", "a");
    await run(["import", "a.json"]);
    const path = join(folder, "data", "instep.sqlite");
    const server = new DatabaseSync(path);
    server.exec("BEGIN; CREATE TABLE kept (x); PRAGMA user_version = 0; COMMIT; SELECT 1");
    for (const args of [["export", "out.json"], ["import", "a.json"], ["check"]]) {
      expect(await run(args)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^An older server is running[^\n]*\n$/),
      });
    }
    expect(server.prepare("PRAGMA user_version").get()).toEqual({ user_version: 0 });
    server.close();
  });
});

describe("a full-text index that is damaged", SLOW, () => {
  test.each([
    "UPDATE message_text_data SET block = x'00'",
    "DROP TABLE message_text_data",
    "DELETE FROM title_text_idx",
  ])("is made anew by reindex, and everything is found again: %s", async (damage) => {
    writeExport("a.json", "a");
    await run(["import", "a.json"]);
    const db = new DatabaseSync(join(folder, "data", "instep.sqlite"), { defensive: false });
    const text = String(db.prepare("SELECT content FROM message LIMIT 1").get()?.["content"]);
    db.exec(damage);
    db.close();
    expect(await run(["reindex"])).toMatchObject({ code: 0, err: "" });
    const app = await startApp({ env: { DATA_DIR: join(folder, "data") } });
    try {
      const found = await waitFor(async () => {
        const answer = await fetch(`${app.url}/api/search?q=${encodeURIComponent(text.split(" ")[0] ?? "")}`);
        const { results } = (await answer.json()) as { results: readonly unknown[] };
        return results.length > 0 ? results : null;
      });
      expect(found.length).toBeGreaterThan(0);
      expect(await run(["reindex"])).toMatchObject({ code: 1, err: "The server is running; stop it, then reindex.\n" });
    } finally {
      await app.stop();
    }
    expect(await run(["check"])).toMatchObject({ code: 0 });
  });
});

test("a reader that has had enough, as head has, ends the command without a word", SLOW, async () => {
  const command = `"$0" --conditions=@instep/source "$1" help | head -c 1`;
  const child = spawn("sh", ["-c", command, process.execPath, CLI], { env: THIS_MACHINES });
  let err = "";
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  expect(err).toBe("");
});

test.skipIf(!existsSync("/dev/full"))("what can't be printed fails, as on a full disk", SLOW, async () => {
  const command = '"$0" --conditions=@instep/source "$1" help > /dev/full';
  const child = spawn("sh", ["-c", command, process.execPath, CLI], { env: THIS_MACHINES, stdio: "ignore" });
  expect(await new Promise((resolve) => child.once("close", resolve))).not.toBe(0);
});

interface SyncAnswer {
  readonly conversations: readonly { readonly id: string }[];
  readonly server_time: string;
  readonly is_full_sync: boolean;
  readonly epoch: string;
}

async function ask(url: string, query: string): Promise<SyncAnswer> {
  const response = await fetch(`${url}/api/conversations/sync${query}`);
  return (await response.json()) as SyncAnswer;
}

/** What a server on that folder would tell a device. */
async function syncOf(dataDir: string) {
  const app = await startApp({ env: { DATA_DIR: dataDir } });
  try {
    const { conversations, epoch } = await ask(app.url, "");
    return { ids: conversations.map((conversation) => conversation.id), epoch };
  } finally {
    await app.stop();
  }
}

async function waitFor<T>(look: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 40; tries++) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  throw new Error("It did not come within two seconds");
}
