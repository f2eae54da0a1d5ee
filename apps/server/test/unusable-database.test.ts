/** A start over a database that can't be opened, though it is as good as ever: nobody is told to replace it. */
import { spawnSync } from "node:child_process";
import { chownSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { unusableDatabase } from "../src/data-folder/unusable-database.ts";
import { signUp, startForPeople } from "./people.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const CLI = resolve(import.meta.dirname, "../src/cli/cli.ts");
const MAIN = resolve(import.meta.dirname, "../src/main.ts");
const PAGE_SIZE = 4096;
const failure = (code: string) => Object.assign(new Error("it is said"), { code });

test.each([
  ["SQLITE_FULL", "make room on its disk, and start again"],
  ["SQLITE_IOERR_SHMSIZE", "make room on its disk, and start again"],
  ["SQLITE_BUSY", "another program holds it: end that one, and start again"],
  ["SQLITE_READONLY_DIRECTORY", "let this user read and write it and its folder, and start again"],
  ["SQLITE_CORRUPT", "restore a backup, or put the file back"],
])("[SAFE-3] what helps against %s is said", (code, remedy) => {
  expect(unusableDatabase("/data/instep.sqlite", failure(code)).message).toBe(
    `DATA_DIR: "/data/instep.sqlite" can't be used (it is said); ${remedy}`,
  );
});

test("[SAFE-3] a start on a full disk asks for room, and not for a backup in the place of what is there", async () => {
  const app = await startForPeople();
  onTestFinished(() => rmSync(app.dataDir, { recursive: true, force: true }));
  await app.leave();
  for (const more of [{}, { ALLOWED_EMAILS: "*@example.com" }]) {
    const command = ["-c", 'ulimit -f 0 && exec "$0" "$@"', process.execPath, "--conditions=@instep/source", MAIN];
    const env = { ...THIS_MACHINES, DATA_DIR: app.dataDir, PORT: "0", ...more };
    const { status, stderr } = spawnSync("sh", command, { env, encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^DATA_DIR: [^\n]+; make room on its disk[^\n]+\n$/)]);
  }
}, 60_000);

test.each(["accounts.sqlite", "instep.sqlite"])(
  "[SAFE-3] a start over pages of %s that are damaged names that file and no other",
  async (name) => {
    const app = await startForPeople();
    onTestFinished(() => rmSync(app.dataDir, { recursive: true, force: true }));
    await signUp(app.url, "ann");
    await app.leave();
    const path = join(app.dataDir, name);
    const whole = new DatabaseSync(path);
    const { rootpage } = whole
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?")
      .get(name === "accounts.sqlite" ? "secret_mark" : "meta") as { readonly rootpage: number };
    whole.close();
    const bytes = readFileSync(path);
    bytes.fill(7, (rootpage - 1) * PAGE_SIZE, rootpage * PAGE_SIZE);
    writeFileSync(path, bytes);
    const env = { ...THIS_MACHINES, DATA_DIR: app.dataDir, PORT: "0", ALLOWED_EMAILS: "*@example.com" };
    const { status, stderr } = spawnSync(process.execPath, ["--conditions=@instep/source", MAIN], {
      env,
      encoding: "utf8",
      timeout: 20_000,
    });
    expect([status, stderr]).toEqual([
      1,
      `DATA_DIR: "${path}" can't be used (database disk image is malformed); restore a backup, or put the file back\n`,
    ]);
  },
  60_000,
);

test.each(["instep.sqlite", "accounts.sqlite"])(
  "[SAFE-3] %s that was emptied while nothing ran is not made anew, and stays as it is; one that was taken away is",
  async (name) => {
    const app = await startForPeople();
    onTestFinished(() => rmSync(app.dataDir, { recursive: true, force: true }));
    await app.leave();
    const path = join(app.dataDir, name);
    const settings = { env: { DATA_DIR: app.dataDir } };
    for (const left of [0, 1]) {
      truncateSync(path, left);
      for (let round = 0; round < 2; round++) {
        await expect(startForPeople(settings)).rejects.toThrow(
          `DATA_DIR: "${path}" can't be used (it has been emptied); restore a backup, or put the file back`,
        );
        expect(statSync(path).size).toBe(left);
      }
    }
    rmSync(path);
    await (await startForPeople(settings)).stop();
  },
  60_000,
);

const NOBODY = 65_534;
const asAnother = { uid: NOBODY, gid: NOBODY };

// Only the superuser can make a file another's.
test.runIf(process.geteuid?.() === 0)(
  "[SAFE-3] a start over a file that is another's names that very file, and asks for leave to read it and no more",
  async () => {
    const app = await startForPeople();
    onTestFinished(() => rmSync(app.dataDir, { recursive: true, force: true }));
    await app.leave();
    chownSync(app.dataDir, NOBODY, NOBODY);
    const names = readdirSync(app.dataDir);
    for (const other of ["instep.lock", "instep.sqlite", "accounts.sqlite", "auth-secret"]) {
      expect(names).toContain(other);
      for (const name of names) {
        const owner = name === other ? 0 : NOBODY;
        chownSync(join(app.dataDir, name), owner, owner);
      }
      const env = { ...THIS_MACHINES, DATA_DIR: app.dataDir, PORT: "0", ALLOWED_EMAILS: "*@example.com" };
      const command = ["--conditions=@instep/source", MAIN];
      const { status, stderr } = spawnSync(process.execPath, command, {
        env,
        encoding: "utf8",
        uid: NOBODY,
        gid: NOBODY,
      });
      expect([status, stderr]).toEqual([1, expect.stringMatching(/^[^\n]+; let this user read [^\n]+\n$/)]);
      expect(stderr).toContain(`"${join(app.dataDir, other)}" can't be `);
    }
  },
  60_000,
);

test.runIf(process.geteuid?.() === 0)(
  "[SAFE-3] a command over another's data says that it may not touch it, and neither that it isn't there nor that it is none",
  async () => {
    const app = await startForPeople();
    onTestFinished(() => rmSync(app.dataDir, { recursive: true, force: true }));
    await app.leave();
    const database = join(app.dataDir, "instep.sqlite");
    const run = (...words: readonly string[]) => {
      const env = { ...THIS_MACHINES, DATA_DIR: app.dataDir, INIT_CWD: app.dataDir };
      const command = ["--conditions=@instep/source", CLI, ...words];
      const { status, stderr } = spawnSync(process.execPath, command, { env, encoding: "utf8", ...asAnother });
      return [status, stderr];
    };
    for (const path of [app.dataDir, join(app.dataDir, "instep.lock")]) chownSync(path, NOBODY, NOBODY);
    const said = [1, `${database} can't be read and written by this user; use the command as the server's user.\n`];
    for (const words of [["check"], ["backup", "copy.sqlite"], ["export", "copy.json"], ["reindex"]]) {
      expect(run(...words), words[0]).toEqual(said);
    }
    const unread = `${database} can't be restored: it can't be read (unable to open database file).\n`;
    expect(run("restore", database)).toEqual([1, unread]);
    chownSync(app.dataDir, 0, 0);
    expect(run("reindex")).toEqual(said);
  },
  60_000,
);
