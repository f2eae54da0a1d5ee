/** A start over a database that can't be opened, though it is as good as ever: nobody is told to replace it. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { unusableDatabase } from "../src/unusable-database.ts";
import { startForPeople } from "./people.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const MAIN = resolve(import.meta.dirname, "../src/main.ts");
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
