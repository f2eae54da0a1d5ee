/** Whether a file is the one that was left here, for every way in which it may have become another. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { putStrayLogAside, sealClosed, sealOpen, standingOf } from "./file-seal.ts";

const CONTENT = "a database";

/** A file with content, and nothing beside it. */
function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "instep-seal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "instep.sqlite");
  writeFileSync(path, CONTENT);
  return path;
}

/** Puts a copy in a file's place: another file with the same content. */
function replaceByCopy(path: string): void {
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
}

test.each([sealOpen, sealClosed])(
  "[EPOCH-1] a file that was given the number of the sealed one is another one (%o)",
  (seal) => {
    const path = databaseFile();
    seal(path);
    expect(standingOf(path)).toBe("same");
    // A removed file's number may be given to the next one, which is made later.
    const sealed = JSON.parse(readFileSync(`${path}-seal`, "utf8")) as { readonly birthtimeNs: string };
    const birthtimeNs = String(BigInt(sealed.birthtimeNs) - 1n);
    writeFileSync(`${path}-seal`, JSON.stringify({ ...sealed, birthtimeNs }));
    expect(standingOf(path)).toBe("other");
  },
);

test("[EPOCH-1] no file, or an empty one, is new, whatever a seal says", () => {
  const path = databaseFile();
  sealClosed(path);
  truncateSync(path);
  expect(standingOf(path)).toBe("new");
  rmSync(path);
  expect(standingOf(path)).toBe("new");
});

test.each<[string, (path: string) => void]>([
  ["was written to, with its time and length put back", rewriteUnnoticed],
  ["grew", (path) => appendFileSync(path, "more")],
  ["is a copy", replaceByCopy],
  ["has lost its seal", (path) => rmSync(`${path}-seal`)],
  ["has a seal that is none", (path) => writeFileSync(`${path}-seal`, "{")],
])("[EPOCH-1] a file that was closed and then %s is another one", (_what, change) => {
  const path = databaseFile();
  sealClosed(path);
  expect(standingOf(path)).toBe("same");
  change(path);
  expect(standingOf(path)).toBe("other");
});

test("[EPOCH-1] a file that was left open is the same whatever was written to it, and another one where it is a copy", () => {
  const path = databaseFile();
  sealOpen(path);
  rewriteUnnoticed(path);
  appendFileSync(path, "more");
  expect(standingOf(path)).toBe("same");
  replaceByCopy(path);
  expect(standingOf(path)).toBe("other");
});

test("[EPOCH-1] while another process has the file open, its close leaves the seal as it is", () => {
  const path = databaseFile();
  sealOpen(path);
  const before = readFileSync(`${path}-seal`, "utf8");
  writeFileSync(`${path}-wal`, "log");
  sealClosed(path);
  expect(readFileSync(`${path}-seal`, "utf8")).toBe(before);
});

test("[SAFE-3] the log of a lost file is put aside where another file stands in its place, and played into no other", () => {
  const path = databaseFile();
  writeFileSync(`${path}-wal`, "log");
  writeFileSync(`${path}-shm`, "index");
  sealOpen(path);
  putStrayLogAside(path);
  expect(existsSync(`${path}-wal`)).toBe(true);
  replaceByCopy(path);
  putStrayLogAside(path);
  expect(existsSync(`${path}-wal`) || existsSync(`${path}-shm`)).toBe(false);
  const kept = readdirSync(dirname(path)).find((name) => name.includes("of-another")) ?? "";
  expect(readFileSync(join(dirname(path), kept), "utf8")).toBe("log");
});

test.each([sealOpen, sealClosed])("[SAFE-3] a file that was brought with its own log keeps that (%o)", (seal) => {
  const path = databaseFile();
  if (seal === sealOpen) writeFileSync(`${path}-wal`, "the former log");
  seal(path);
  replaceByCopy(path);
  writeFileSync(`${path}-wal.brought`, "its own log");
  renameSync(`${path}-wal.brought`, `${path}-wal`);
  putStrayLogAside(path);
  expect(readFileSync(`${path}-wal`, "utf8")).toBe("its own log");
});

test("[EPOCH-1] what another process has begun to write is in nobody's way, and nothing is left beside a seal", () => {
  const path = databaseFile();
  writeFileSync(`${path}-seal.part`, "another's");
  sealClosed(path);
  expect(standingOf(path)).toBe("same");
  expect(readFileSync(`${path}-seal.part`, "utf8")).toBe("another's");
  rmSync(`${path}-seal.part`);
  rmSync(`${path}-seal`);
  mkdirSync(`${path}-seal`);
  sealClosed(path);
  expect(readdirSync(dirname(path)).toSorted()).toEqual(["instep.sqlite", "instep.sqlite-seal"]);
});

/** Other content of the same length, as if it had never been touched. */
function rewriteUnnoticed(path: string): void {
  const { atime, mtime, ctimeNs } = statSync(path, { bigint: true });
  // The file system's clock may be a coarse one.
  while (statSync(path, { bigint: true }).ctimeNs === ctimeNs) writeFileSync(path, CONTENT.toUpperCase());
  utimesSync(path, atime, mtime);
}
