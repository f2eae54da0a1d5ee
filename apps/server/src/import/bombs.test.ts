/** Files that are small and unpack, or read, to far more than any export: refused in one sentence, in bounded memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeZip } from "../../test/zip-fixture.ts";
import { withSource } from "./import-source.ts";
import { BrokenFileError, readJsonElements } from "./json-elements.ts";

const MB = 1024 * 1024;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-bombs-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is read of a file, up to its end or its refusal. */
async function read(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let elements = 0;
  for await (const { index } of readJsonElements(bytes, () => undefined)) elements = index + 1;
  return elements;
}

async function readZip(bytes: Buffer): Promise<number> {
  const path = join(folder, "export.zip");
  writeFileSync(path, bytes);
  return withSource(path, async (files) => {
    let elements = 0;
    for (const file of files) elements += await read(file.open());
    return elements;
  });
}

/** What is unpacked of a .zip, in bytes, up to its end or its refusal. */
async function unpackedOf(zip: Buffer): Promise<{ readonly bytes: number; readonly refusal: string | null }> {
  const path = join(folder, "export.zip");
  writeFileSync(path, zip);
  let bytes = 0;
  const refusal = await withSource(path, async (files) => {
    for (const file of files) for await (const piece of file.open()) bytes += piece.length;
    return null;
  }).catch((error: unknown) => (error instanceof BrokenFileError ? error.message : String(error)));
  return { bytes, refusal };
}

const ENTRY = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
const END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);

/** The zip file of one entry with that entry so many times in its directory. */
function listedAgain(zip: Buffer, times: number): Buffer {
  const [directory, end] = [zip.lastIndexOf(ENTRY), zip.lastIndexOf(END)];
  const entries = Buffer.concat(Array.from({ length: times }, () => zip.subarray(directory, end)));
  const last = Buffer.from(zip.subarray(end));
  last.writeUInt16LE(times, 10);
  last.writeUInt32LE(entries.length, 12);
  return Buffer.concat([zip.subarray(0, directory), entries, last]);
}

function partsOf(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`conversations-${index}.json`, `[${index}]`]));
}

/** A text of that many repeats, as it comes from a disk. */
async function* repeated(before: string, text: string, megabytes: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(before);
  const piece = Buffer.from(text.repeat(Math.ceil(MB / text.length)));
  for (let sent = 0; sent < megabytes; sent += 1) yield piece;
}

const ONE_SENTENCE = /^[A-Z][^\n]{20,200}\.$/;

describe("a file that is made to do harm", { timeout: 60_000 }, () => {
  it.each([
    ["white space between conversations", `[${" ".repeat(100 * MB)}]`],
    ["one string without an end", `[{"title":"${"a".repeat(50 * MB)}"}]`],
    ["white space before anything", `${" ".repeat(100 * MB)}[]`],
  ])("[SAFE-7] a .zip that unpacks to %s is refused", async (_what, text) => {
    const bomb = makeZip({ "conversations.json": text });
    expect(bomb.length).toBeLessThan(MB);
    await expect(readZip(bomb)).rejects.toThrow(/unpacks to more than 200 times its size/);
  });

  it("[SAFE-7] a .zip that packs well, as texts do, is read", async () => {
    const conversation = JSON.stringify({ title: "The same again", mapping: "words and words ".repeat(50) });
    const text = `[${Array.from({ length: 20_000 }, () => conversation).join(",")}]`;
    expect(await readZip(makeZip({ "conversations.json": text }))).toBe(20_000);
  });

  it("[SAFE-7] a .zip whose parts unpack to too much together is refused, though each by itself is no bomb", async () => {
    const part = `[${" ".repeat(30 * MB)}]`;
    const names = Array.from({ length: 8 }, (_, index) => `conversations-${index}.json`);
    const zip = makeZip(Object.fromEntries(names.map((name) => [name, part])));
    expect(zip.length).toBeLessThan(MB / 2);
    const unpacked = await unpackedOf(zip);
    expect(unpacked.refusal).toMatch(/unpacks to more than 200 times its size/);
    expect(unpacked.bytes).toBeLessThanOrEqual(Math.max(32 * MB, 200 * zip.length));
  });

  it.each([5, 10_000])(
    "[SAFE-7] a .zip that lists one part %i times is refused before any is unpacked",
    async (times) => {
      const zip = listedAgain(makeZip({ "conversations.json": `[${" ".repeat(MB)}]` }), times);
      const { refusal, bytes } = await unpackedOf(zip);
      expect([refusal, bytes]).toEqual([expect.stringMatching(/has parts that share their bytes/), 0]);
      expect(refusal).toMatch(ONE_SENTENCE);
    },
  );

  it("[SAFE-7] a .zip whose parts lie in one another is refused", async () => {
    const zip = makeZip({ "conversations-1.json": `["${"x".repeat(100)}"]`, "conversations-2.json": "[]" }, false);
    const second = zip.lastIndexOf(ENTRY);
    zip.writeUInt32LE(60, second + 42);
    await expect(readZip(zip)).rejects.toThrow(/has parts that share their bytes/);
  });

  it("[SAFE-7] a .zip of more parts than any export has is refused", async () => {
    const { refusal, bytes } = await unpackedOf(makeZip(partsOf(10_001)));
    expect([refusal, bytes]).toEqual([expect.stringMatching(/^The \.zip file has over 10,000 parts/), 0]);
    expect(refusal).toMatch(ONE_SENTENCE);
  });

  it("[SAFE-7] a .zip of thousands of parts and pictures is read, its directory once", async () => {
    const pictures = Array.from({ length: 4000 }, (_, index) => [`file-${index}.png`, "x"]);
    expect(await readZip(makeZip({ ...Object.fromEntries(pictures), ...partsOf(4000) }))).toBe(4000);
  });

  it.each([
    ["begins behind the file", 16, 0xfffffff0],
    ["has entries that it lacks", 10, 0xfffe],
  ])("[SAFE-7] a .zip whose directory says that it %s is refused", async (_what, at, value) => {
    const zip = makeZip({ "conversations.json": "[]" });
    const end = zip.lastIndexOf(END);
    if (at === 10) zip.writeUInt16LE(value, end + at);
    else zip.writeUInt32LE(value, end + at);
    await expect(readZip(zip)).rejects.toThrow("The .zip file is cut or damaged; download it again.");
  });

  it.each([
    ["nested arrays", "[", "[", 1, /^Conversation 1 \(byte \d+\) is nested too deep/],
    ["nested objects", "[", '{"a":', 1, /^Conversation 1 \(byte \d+\) is nested too deep/],
    ["nested before any list", "", '{"a":', 1, /^Conversation 1 \(byte \d+\) is nested too deep/],
    ["a great many small parts", "[[", "[],", 10, /^Conversation 1 \(byte 1\) has too many parts/],
    ["one long string", '[{"title":"', "a", 70, /^Conversation 1 \(byte 1\) is larger than 64 MB/],
    ["one long number", "[", "1", 70, /^Conversation 1 \(byte 1\) is larger than 64 MB/],
  ] as const)("[SAFE-7] JSON of %s is refused", async (...[, before, text, megabytes, message]) => {
    const refusal = await read(repeated(before, text, megabytes)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Error);
    const said = refusal instanceof Error ? refusal.message : "";
    expect(said).toMatch(message);
    expect(said).toMatch(ONE_SENTENCE);
  });

  it("[SAFE-7] many conversations, each with what it may have, are read", async () => {
    const conversation = `{"parts":[${"{},".repeat(60_000)}{}]}`;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("[");
      for (let index = 0; index < 50; index += 1) yield Buffer.from(`${index > 0 ? "," : ""}${conversation}`);
      yield Buffer.from("]");
    }
    expect(await read(file())).toBe(50);
  });
});
