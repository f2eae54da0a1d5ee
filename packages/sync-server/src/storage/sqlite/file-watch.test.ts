/** What is wrong with the files of an open database, for every way in which somebody may have touched them. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  openSync,
  closeSync,
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
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { FileWatch } from "./file-watch.ts";

const PAGE_SIZE = 4096;
const LOG_HEADER = 32;
const FRAME = 24 + PAGE_SIZE;
const PAGES = 6;
const SUFFIXES = ["", "-wal", "-shm"];
/** A write of another process, which a lock of this one keeps from being committed. */
const WRITE = `
  const db = require("better-sqlite3")(process.argv[1], { timeout: 0 });
  try { db.exec("INSERT INTO t VALUES ('z')"); console.log("written") } catch (error) { console.log(error.code) }`;

/** Files as an open database has them, with a log of some pages. */
function openFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), "instep-watch-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [original, path] = [join(folder, "original"), join(folder, "instep.sqlite")];
  const db = new Database(original);
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma("journal_mode = WAL");
  db.exec("CREATE TABLE t (x)");
  db.pragma("wal_checkpoint(TRUNCATE)");
  const insert = db.prepare("INSERT INTO t VALUES (?)");
  while (statSync(`${original}-wal`).size < LOG_HEADER + PAGES * FRAME) insert.run("x");
  for (const suffix of SUFFIXES) copyFileSync(`${original}${suffix}`, `${path}${suffix}`);
  db.close();
  return path;
}

function watching(path: string): FileWatch {
  const watch = new FileWatch(path, PAGE_SIZE);
  onTestFinished(() => watch.close());
  return watch;
}

function writeElsewhere(path: string): string {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  return execFileSync(process.execPath, ["-e", WRITE, path], { cwd, encoding: "utf8" }).trim();
}

function overwrite(path: string, at: number, text: string): void {
  const file = openSync(path, "r+");
  writeSync(file, text, at);
  closeSync(file);
}

test("[SAFE-3] files that nobody touches have neither fault nor damage", () => {
  const path = openFiles();
  const watch = watching(path);
  for (const pages of [0, 1, PAGES]) expect([watch.fault(pages), watch.damage(pages)]).toEqual([null, null]);
});

test.each(SUFFIXES)("[SAFE-3] a file%s that is gone, or another one, is a fault until it is back", (suffix) => {
  const path = openFiles();
  const watch = watching(path);
  renameSync(`${path}${suffix}`, `${path}.aside`);
  expect(watch.fault(PAGES)).toMatchObject({ code: "STORAGE_GONE" });
  copyFileSync(`${path}.aside`, `${path}${suffix}`);
  expect(watch.fault(PAGES)).toMatchObject({ code: "STORAGE_GONE" });
  renameSync(`${path}.aside`, `${path}${suffix}`);
  expect(watch.fault(PAGES)).toBeNull();
});

test.each([1, FRAME, PAGES * FRAME, PAGES * FRAME + LOG_HEADER])(
  "[SAFE-3] a log that was cut by %d bytes is a fault, and one that has nothing to lose is none",
  (bytes) => {
    const path = openFiles();
    const watch = watching(path);
    truncateSync(`${path}-wal`, LOG_HEADER + PAGES * FRAME - bytes);
    expect(watch.fault(PAGES)).toMatchObject({ message: expect.stringContaining("has been cut") });
    expect(watch.fault(0)).toBeNull();
  },
);

test.each<readonly [string, string, number]>([
  ["the beginning of the file", "", 0],
  ["the log's header", "-wal", 0],
  ["the salts of the log's header", "-wal", 16],
  ...Array.from({ length: PAGES }, (_, n) => [`the log's frame ${n + 1}`, "-wal", LOG_HEADER + n * FRAME + 8] as const),
])("[SAFE-3] what overwrote %s is damage", (_what, suffix, at) => {
  const path = openFiles();
  const watch = watching(path);
  overwrite(`${path}${suffix}`, at, "noise!!!");
  // What the log has is looked at by the second, what the file begins with before and after every commit.
  if (suffix === "") expect(watch.fault(PAGES)).toMatchObject({ code: "STORAGE_GONE" });
  else expect(watch.fault(PAGES)).toBeNull();
  expect(watch.damage(PAGES)).toMatchObject({ message: expect.stringContaining("is damaged") });
});

test.each(SUFFIXES.slice(0, 2))("[SAFE-3] damage of a file%s stays a fault until a look finds it gone", (suffix) => {
  const path = openFiles();
  const watch = watching(path);
  const former = readFileSync(`${path}${suffix}`);
  overwrite(`${path}${suffix}`, 0, "noise!!!");
  expect(watch.damage(PAGES)).not.toBeNull();
  for (const pages of [0, PAGES]) expect(watch.fault(pages)).toMatchObject({ code: "STORAGE_GONE" });
  writeFileSync(`${path}${suffix}`, former);
  expect(watch.fault(PAGES)).not.toBeNull();
  expect([watch.damage(PAGES), watch.fault(PAGES)]).toEqual([null, null]);
});

test.each([0, 1, PAGE_SIZE])("[SAFE-3] a file that was cut to %d bytes is damaged until it is whole again", (size) => {
  const path = openFiles();
  const watch = watching(path);
  const former = readFileSync(path);
  expect(former.length).toBeGreaterThan(PAGE_SIZE);
  truncateSync(path, size);
  expect(watch.fault(PAGES)).toMatchObject({ message: expect.stringContaining("is damaged") });
  writeFileSync(path, former);
  expect(watch.fault(PAGES)).toBeNull();
});

test("[SAFE-3] a file that is shorter than it was, and says so, is whole", () => {
  const path = openFiles();
  const watch = watching(path);
  const db = new Database(path);
  db.exec("DROP TABLE t; VACUUM");
  db.pragma("wal_checkpoint(TRUNCATE)");
  expect(statSync(path).size).toBe(PAGE_SIZE);
  expect(watch.damage(0)).toBeNull();
  db.close();
});

test("[SAFE-3] a look into the files takes no lock of this process away", () => {
  const path = openFiles();
  const db = new Database(path);
  onTestFinished(() => void db.close());
  // Without the log, the lock on the file itself is what a write meets.
  db.pragma("journal_mode = DELETE");
  db.exec("BEGIN; SELECT * FROM t");
  const watch = watching(path);
  expect(writeElsewhere(path)).toBe("SQLITE_BUSY");
  expect([watch.damage(0), watch.damage(0)]).toEqual([null, null]);
  expect(writeElsewhere(path)).toBe("SQLITE_BUSY");
  db.exec("COMMIT");
  expect(writeElsewhere(path)).toBe("written");
});
