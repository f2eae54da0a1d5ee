import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAttemptBuckets } from "./attempt-buckets.ts";
import type { StoredBuckets } from "./storage/stored-buckets.ts";

const RULE = { burst: 3, refillMs: 60_000 };

let folder: string;
let path: string;
let said: string[];
let buckets: StoredBuckets;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-attempts-"));
  path = join(folder, "attempts.sqlite");
  said = [];
});
afterEach(() => {
  buckets.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): StoredBuckets {
  const log = { warn: (_fields: object, message: string) => void said.push(message) };
  buckets = openAttemptBuckets({ path, hashOf: (key) => key, now: () => 0, log });
  return buckets;
}

/** How many are let through one after the other, until one isn't. */
function letThrough(): number {
  let count = 0;
  while (count < 100 && buckets.take([{ key: "one", rule: RULE }]) === 0) count += 1;
  return count;
}

test("[SIGN-4] attempts are counted across a new start, and nothing is said of it", () => {
  open().take([{ key: "one", rule: RULE }]);
  buckets.close();
  open();
  expect(letThrough()).toBe(2);
  expect(said).toEqual([]);
});

test("[SIGN-4] [SAFE-3] a file that is damaged while it is used is put aside, and attempts are limited without a gap", () => {
  open();
  buckets.take([{ key: "one", rule: RULE }]);
  harm();
  expect(letThrough()).toBeLessThanOrEqual(2 * RULE.burst);
  expect(letThrough()).toBe(0);
  expect(said).toEqual(["the attempts to sign in could not be read; they are counted anew"]);
  expect(readdirSync(folder).some((name) => name.includes(".unusable-"))).toBe(true);
});

test("[SIGN-4] [SAFE-3] two programs that find it damaged put it aside once, and count together from there on", () => {
  const first = open();
  const second = open();
  for (const one of [first, second]) one.take([{ key: "one", rule: RULE }]);
  harm();
  buckets = first;
  letThrough();
  // The attempt that finds it out is counted in memory.
  second.take([{ key: "one", rule: RULE }]);
  expect(second.take([{ key: "one", rule: RULE }])).toBeGreaterThan(0);
  expect(readdirSync(folder).filter((name) => /\.unusable-[\dTZ-]+$/.test(name))).toHaveLength(1);
  expect(said).toEqual(["the attempts to sign in could not be read; they are counted anew"]);
  second.close();
});

test("[SIGN-4] a file that somebody holds keeps nobody out: such attempts are counted in memory, and said once", () => {
  open();
  const holder = new Database(path);
  holder.exec("BEGIN EXCLUSIVE");
  expect(buckets.take([{ key: "one", rule: RULE }])).toBe(0);
  expect(buckets.take([{ key: "one", rule: RULE }])).toBe(0);
  expect(said).toEqual(["an attempt to sign in could not be written down; it is counted in memory"]);
  holder.close();
  expect(letThrough()).toBe(3);
  const again = new Database(path);
  again.exec("BEGIN EXCLUSIVE");
  buckets.giveBack([{ key: "one", rule: RULE }]);
  expect(said).toHaveLength(2);
  again.close();
});

test("[SIGN-4] a folder that takes no file has them counted in memory", () => {
  writeFileSync(join(folder, "file"), "");
  path = join(folder, "file", "attempts.sqlite");
  open();
  expect(letThrough()).toBe(3);
  expect(said).toEqual(["the attempts to sign in can't be kept; they are counted in memory"]);
  buckets.giveBack([{ key: "one", rule: RULE }]);
  expect(letThrough()).toBe(1);
});

/** Noise in the place of every page but the first, which then says that something has changed. */
function harm(): void {
  const other = new Database(path);
  other.pragma("wal_checkpoint(TRUNCATE)");
  const file = readFileSync(path);
  writeFileSync(path, file.fill(255, Number(other.pragma("page_size", { simple: true }))));
  other.pragma("user_version = 2");
  other.close();
}
