/** Whether a disk has room for files that pass. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasRoom } from "./disk-room.ts";

const MB = 1024 * 1024;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-room-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const disk = (allMb: number, freeMb: number) => async () => ({
  bsize: 4096,
  blocks: allMb * 256,
  bavail: freeMb * 256,
});

test.each([
  [1_000_000, 512, true],
  [1_000_000, 511, false],
  [1000, 50, true],
  [1000, 49, false],
])("[SAFE-2] a disk of %i MB with %i free has room: %s", async (allMb, freeMb, expected) => {
  expect(await hasRoom(folder, disk(allMb, freeMb))).toBe(expected);
});

test("[SAFE-2] what waits there is counted: it comes into the database too", async () => {
  writeFileSync(join(folder, "waits"), Buffer.alloc(2 * MB));
  expect(await hasRoom(folder, disk(1000, 52))).toBe(true);
  expect(await hasRoom(folder, disk(1000, 51))).toBe(false);
});

test("a disk that doesn't say has room", async () => {
  expect(await hasRoom(folder, () => Promise.reject(new Error("ENOSYS")))).toBe(true);
  expect(await hasRoom(folder, disk(0, 0))).toBe(true);
});
