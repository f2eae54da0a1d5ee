/** Files that can be made anew: which are put aside, and what becomes of one that two processes find damaged at once. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReplaceable } from "./clear-place.ts";

let folder: string;
let path: string;
/** Why something was put aside, and under which name. */
let told: (readonly [unknown, string])[];
let opened: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-place-"));
  path = join(folder, "file");
  [told, opened] = [[], 0];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Reads what stands there, makes it where there is nothing, and can't use what says "damaged". */
function open(): string {
  opened += 1;
  if (!existsSync(path)) writeFileSync(path, `made ${opened}`);
  const content = readFileSync(path, "utf8");
  if (content === "damaged") throw new Error("it is damaged");
  return content;
}

const openIt = (how: () => string = open) =>
  openReplaceable(path, how, (error, aside) => void told.push([error, aside]));
const names = () => readdirSync(folder).toSorted();

test("what can be used is used, and what is not there is made; nothing is put aside for either", () => {
  expect(openIt()).toBe("made 1");
  expect(openIt()).toBe("made 1");
  expect([names(), told]).toEqual([["file"], []]);
});

test("what can't be used gets another name, with what SQLite keeps beside it, and is told once", () => {
  for (const part of ["", "-wal", "-shm", "-journal"]) writeFileSync(path + part, "damaged");
  writeFileSync(`${path}-other`, "kept");
  expect(openIt()).toBe("made 2");
  const [[error, aside] = []] = told;
  expect([String(error), told.length]).toEqual(["Error: it is damaged", 1]);
  expect(aside).toMatch(/file\.unusable-[\dTZ-]+$/);
  for (const part of ["", "-wal", "-shm", "-journal"]) expect(readFileSync(aside + part, "utf8")).toBe("damaged");
  expect(names()).toHaveLength(6);
});

test("a folder in its place gets another name too, with what is in it", () => {
  mkdirSync(join(path, "inside"), { recursive: true });
  expect(openIt()).toBe("made 2");
  expect(existsSync(join(told[0]?.[1] ?? "", "inside"))).toBe(true);
});

test.each(["SQLITE_BUSY", "SQLITE_BUSY_RECOVERY", "SQLITE_LOCKED"])("what somebody holds (%s) is let be", (code) => {
  writeFileSync(path, "held");
  const held = () => {
    throw Object.assign(new Error("database is locked"), { code });
  };
  expect(() => openIt(held)).toThrow("database is locked");
  expect([names(), told]).toEqual([["file"], []]);
});

test.each(["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "ENOSPC", "EMFILE"])(
  "[SAFE-3] what the disk or the process has no room to open (%s) is let be, and used when there is some again",
  (code) => {
    writeFileSync(path, "kept");
    const full = () => {
      throw Object.assign(new Error("no room"), { code });
    };
    expect(() => openIt(full)).toThrow("no room");
    expect([openIt(), names(), told]).toEqual(["kept", ["file"], []]);
  },
);

test("where there is nothing to put aside, the failure is told as it is", () => {
  const failing = () => {
    throw new Error("no room");
  };
  expect(() => openIt(failing)).toThrow("no room");
  expect([names(), told]).toEqual([[], []]);
});

test("[SAFE-3] what another process has made anew meanwhile is used, and not put aside in its turn", () => {
  writeFileSync(path, "damaged");
  let others = "";
  const whileTheOtherMends = () => {
    if (others !== "") return open();
    others = "begun";
    expect(() => open()).toThrow("it is damaged");
    others = openIt();
    throw new Error("it is damaged");
  };
  expect(openIt(whileTheOtherMends)).toBe(others);
  expect(others).toMatch(/^made/);
  expect([told.length, names().length]).toEqual([1, 2]);
});
