/** Files that are small and unpack, or read, to far more than any export: refused in one sentence, in bounded memory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeZip } from "../../test/zip-fixture.ts";
import { withSource } from "./import-source.ts";
import { readJsonElements } from "./json-elements.ts";

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

  it.each([
    ["begins behind the file", 16, 0xfffffff0],
    ["has entries that it lacks", 10, 0xfffe],
  ])("[SAFE-7] a .zip whose directory says that it %s is refused", async (_what, at, value) => {
    const zip = makeZip({ "conversations.json": "[]" });
    const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
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
