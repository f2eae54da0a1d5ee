/** A body as a file: whole and its owner's, or not at all. */
import fc from "fast-check";
import { execFile } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openFilesUnder } from "../../test/open-files.ts";
import { receiveFile } from "./received-file.ts";

const MB = 1024 * 1024;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-received-"));
  path = join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { signal } = new AbortController();

/** A body of which no more comes. */
function endless(...begun: string[]): Readable {
  const body = new Readable({ read: () => undefined });
  for (const piece of begun) body.push(Buffer.from(piece));
  return body;
}

test("whatever the pieces are, the file is what was sent where it fits, and is not there where it doesn't", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 200 }), async (sent, maxBytes) => {
      rmSync(path, { force: true });
      const whole = Buffer.concat(sent);
      const refusal = await receiveFile(Readable.from(sent), { path, maxBytes, signal });
      const expected = whole.length > maxBytes ? "body_too_large" : whole.length === 0 ? "invalid_body" : undefined;
      expect(refusal?.refused).toBe(expected);
      expect(existsSync(path)).toBe(expected === undefined);
      if (expected === undefined) expect(readFileSync(path).equals(whole)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("[SAFE-3] the file is its owner's alone", async () => {
  expect(await receiveFile(Readable.from([Buffer.from("words")]), { path, maxBytes: 9, signal })).toBeNull();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what is too much is passed over, so that its sender can be told, and what is sent after it is read", async () => {
  const body = endless("too much");
  expect(await receiveFile(body, { path, maxBytes: 3, signal })).toMatchObject({ refused: "body_too_large" });
  expect(body.destroyed).toBe(false);
  const ended = once(body, "end");
  for (const rest of [Buffer.from("and more"), null]) body.push(rest);
  await ended;
});

test("a sender of whom nothing comes any more is given up, and so is one that may send no more", async () => {
  const stalled = endless("be");
  const patience = { path, maxBytes: 9, signal, stalledMs: 1 };
  expect(await receiveFile(stalled, patience)).toMatchObject({ refused: "invalid_body" });
  expect([stalled.destroyed, existsSync(path)]).toEqual([true, false]);
  const controller = new AbortController();
  const gone = endless("be");
  const receiving = receiveFile(gone, { path, maxBytes: 9, signal: controller.signal });
  await vi.waitFor(() => expect(statSync(path).size).toBe(2), { timeout: 15_000 });
  controller.abort();
  expect(await receiving).toMatchObject({ refused: "invalid_body" });
  expect([gone.destroyed, existsSync(path)]).toEqual([true, false]);
});

test("a sender is waited for as long as something comes, however little and however long in all", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const slow = endless("1");
    const receiving = receiveFile(slow, { path, maxBytes: 9, signal, stalledMs: 1000 });
    for (let size = 1; size <= 5; size += 1) {
      while (!existsSync(path) || statSync(path).size < size) await setImmediate();
      vi.advanceTimersByTime(999);
      slow.push(size < 5 ? Buffer.from("1") : null);
    }
    expect([await receiving, readFileSync(path, "utf8")]).toEqual([null, "11111"]);
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  [5, undefined],
  [4, "body_too_large"],
])("five bytes where %i may come: %s", async (maxBytes, refused) => {
  const body = Readable.from([Buffer.from("123"), Buffer.from("45")]);
  expect((await receiveFile(body, { path, maxBytes, signal }))?.refused).toBe(refused);
});

test("one that may send no more before anything was read is given up at once", async () => {
  const body = endless("be");
  expect(await receiveFile(body, { path, maxBytes: 9, signal: AbortSignal.abort() })).toMatchObject({
    refused: "invalid_body",
  });
  expect([body.destroyed, existsSync(path)]).toEqual([true, false]);
});

test("whatever comes of it, no timer, no listener and no open file is left", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const sender = new AbortController();
  const bodies = [
    Readable.from([Buffer.from("words")]),
    Readable.from([Buffer.from("far too much of it")]),
    Readable.from([]),
    new Readable({ read: (): void => void bodies[3]?.destroy(new Error("gone")) }),
  ];
  for (const body of bodies) {
    await receiveFile(body, { path, maxBytes: 9, signal: sender.signal });
    rmSync(path, { force: true });
  }
  // What another file's tests have left may end meanwhile.
  expect(timers() - before).toBeLessThanOrEqual(0);
  expect([getEventListeners(sender.signal, "abort").length, openFilesUnder(folder)]).toEqual([0, []]);
});

test("what is there already is never written over", async () => {
  writeFileSync(path, "another's");
  await expect(receiveFile(Readable.from([Buffer.from("x")]), { path, maxBytes: 9, signal })).rejects.toThrow(/EEXIST/);
  expect(readFileSync(path, "utf8")).toBe("another's");
});

test("where not even an empty file can be made, that is said like a full disk, and the body is left to be passed over", async () => {
  writeFileSync(path, "not a folder");
  const body = Readable.from([Buffer.from("words")]);
  const refusal = await receiveFile(body, { path: join(path, "imports", "file"), maxBytes: 9, signal });
  expect([refusal?.refused, body.destroyed, readFileSync(path, "utf8")]).toEqual([
    "unavailable",
    false,
    "not a folder",
  ]);
});

test("the folder is made for it, its owner's alone", async () => {
  const inFolder = join(folder, "imports", "file");
  const file = { path: inFolder, maxBytes: 9, signal };
  expect(await receiveFile(Readable.from([Buffer.from("words")]), file)).toBeNull();
  expect(statSync(join(folder, "imports")).mode & 0o777).toBe(0o700);
});

test.each([
  [0, 0],
  [1, 4],
])("[SAFE-2] a disk that has room %i times gets %i MB and no more, and keeps none of it", async (looks, megabytes) => {
  const [sizes, asked] = [[0], { looks: 0 }];
  const hasRoomIn = async () => {
    if (existsSync(path)) sizes.push(statSync(path).size);
    return asked.looks++ < looks;
  };
  const body = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(MB)));
  const refusal = await receiveFile(body, { path, maxBytes: 90 * MB, signal, hasRoomIn });
  expect([refusal?.refused, Math.max(...sizes), existsSync(path), body.destroyed]).toEqual([
    "unavailable",
    megabytes * MB,
    false,
    false,
  ]);
  await once(body, "end");
});

/** In a process that may write no more than four thousand bytes to a file: what the system says then is as final as a full disk. */
const WITHOUT_ROOM = `
  import { existsSync } from "node:fs";
  import { Readable } from "node:stream";
  const [module, path] = process.argv.slice(1);
  const { receiveFile } = await import(module);
  const body = Readable.from(Array.from({ length: 9 }, () => Buffer.alloc(1000)));
  const { signal } = new AbortController();
  const refusal = await receiveFile(body, { path, maxBytes: 9000, signal });
  console.log(JSON.stringify([refusal.refused, existsSync(path), body.destroyed]));
`;

test("what the disk has no room for is refused as that, not as a body that is cut, and nothing of it stays", async () => {
  const limited = 'ulimit -f 8 && exec "$0" "$@"';
  const node = [process.execPath, "--conditions=@instep/source", "--input-type=module", "-e", WITHOUT_ROOM];
  const module = new URL("received-file.ts", import.meta.url).href;
  const { stdout } = await promisify(execFile)("sh", ["-c", limited, ...node, module, path]);
  // The rest of the body is left to be passed over, so that its sender can be told.
  expect(JSON.parse(stdout)).toEqual(["unavailable", false, false]);
});
