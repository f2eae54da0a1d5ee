import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorMessage } from "../code-of.ts";
import { readJsonElements, type JsonElement, type JsonHeader } from "./json-elements.ts";

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The same from a buffer that is used again for every chunk. */
async function* reusing(text: string, size: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(size);
  for await (const chunk of chunksOf(text, size)) {
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
    buffer.fill(0);
  }
}

async function read(text: string, size = 7) {
  const elements: JsonElement[] = [];
  let header: JsonHeader | undefined;
  const onHeader = (found: JsonHeader) => {
    header = found;
  };
  let fault: string | null = null;
  try {
    for await (const element of readJsonElements(chunksOf(text, size), onHeader)) elements.push(element);
  } catch (error) {
    fault = errorMessage(error);
  }
  return { header, values: elements.map((element) => element.value), offsets: elements.map((e) => e.offset), fault };
}

/** Each letter as its code. */
function escaped(text: string): string {
  return text.replaceAll(/./g, (letter) => String.raw`\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

describe("readJsonElements", () => {
  test("reads the same from a source that uses its buffer again, whatever its size", async () => {
    const text = JSON.stringify(Array.from({ length: 20 }, (_, n) => ({ id: n, title: `conversation ${n}` })));
    for (const size of [1, 3, 16, 100]) {
      const values: unknown[] = [];
      for await (const { value } of readJsonElements(reusing(text, size), () => undefined)) values.push(value);
      expect(values).toEqual(JSON.parse(text));
    }
  });

  test("gives what JSON.parse gives, wherever the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(0, 2),
        async (values, size, indent) => {
          const parsed = JSON.parse(JSON.stringify(values)) as unknown[];
          expect(await read(JSON.stringify(values, null, indent), size)).toMatchObject({
            header: null,
            values: parsed,
          });
          const wrapped = JSON.stringify(
            { a: [[1], { conversations: [2] }], conversations: values, b: 1 },
            null,
            indent,
          );
          expect(await read(wrapped, size)).toMatchObject({
            header: { conversations: [] },
            values: parsed,
            fault: null,
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("passes a byte order mark and tells where each element begins", async () => {
    expect(await read('\uFEFF [ {"a":"]"} , {"b":"\\"}"} ]')).toEqual({
      header: null,
      values: [{ a: "]" }, { b: '"}' }],
      offsets: [6, 18],
      fault: null,
    });
  });

  test("an object without a list of conversations is an element by itself, wherever the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((key) => key !== "conversations"),
          fc.jsonValue(),
        ),
        fc.constantFrom("", "\uFEFF", " \n"),
        fc.integer({ min: 1, max: 50 }),
        async (value, before, size) => {
          const text = `${before}${JSON.stringify(value)}\n`;
          expect(await read(text, size)).toMatchObject({
            header: null,
            values: [JSON.parse(JSON.stringify(value))],
            fault: null,
          });
        },
      ),
    );
  });

  test.each([
    ["white space around its colon, however much", `{"a":1,"conversations"${" ".repeat(500)}:${"\n".repeat(500)}[7]}`],
    ["letters that are escaped", String.raw`{"a":1,"\u0063onversation\u0073":[7]}`],
    ["every letter escaped", `{"a":1,"${escaped("conversations")}":[7]}`],
  ])("finds the list behind a key with %s, wherever the bytes are cut", async (_what, text) => {
    for (let size = 1; size < 40; size++) {
      expect(await read(text, size)).toMatchObject({ header: { a: 1, conversations: [] }, values: [7], fault: null });
    }
  });

  test.each([
    ["ends like it", String.raw`{"my \"conversations":[1],"conversations":[7]}`],
    ["is longer", `{"conversations, all of them":[1],"${"x".repeat(300)}conversations":[2],"conversations":[7]}`],
    ["is it, of something else", '{"conversations":{"conversations":[1]},"a":[2],"conversations":[7]}'],
    ["is another's value", '{"a":"conversations","b":[1],"conversations":[7]}'],
    ["is it, of no list", '{"conversations":null,"conversations":"conversations","b":[1],"conversations":[7]}'],
    ["holds brackets", '{"a[":[1],"{b":["]"],"conversations":[7]}'],
    ["is escaped wrongly", String.raw`{"\conversations":[1],"conversations":[7]}`],
  ])("takes no list for it whose key %s", async (what, text) => {
    for (let size = 1; size < 40; size++) {
      const { values, fault } = await read(text, size);
      const isBroken = what === "is escaped wrongly";
      expect([values, fault === null]).toEqual([isBroken ? [] : [7], !isBroken]);
    }
  });

  test(
    "[SAFE-2] reads what stands before the list once, of however many lists it is",
    { timeout: 20_000 },
    async () => {
      const text = `{${'"a":[],'.repeat(600_000)}"conversations":[7]}`;
      expect(await read(text, 65_536)).toMatchObject({
        header: { a: [], conversations: [] },
        values: [7],
        fault: null,
      });
      expect((await read(text.replace("conversations", "b"), 65_536)).values).toEqual([{ a: [], b: [7] }]);
    },
  );

  test("gives the whole elements of a file that is cut, and then says where it ends", async () => {
    const { values, fault } = await read('[{"a":1},{"b":2},{"c":');
    expect(values).toEqual([{ a: 1 }, { b: 2 }]);
    expect(fault).toBe("The file ends in the middle of conversation 3 (byte 22); download or unpack it again.");
  });

  test("says which conversation is no valid JSON, and where", async () => {
    const { values, fault } = await read('[{"a":1},{"b":nonsense},{"c":3}]');
    expect(values).toEqual([{ a: 1 }]);
    expect(fault).toMatch(/^Conversation 2 \(byte 9\) is no valid JSON \(/);
  });

  test.each([
    ["", /file is empty/],
    ["  \n", /file is empty/],
    ["hello", /is no JSON; it has to be the conversations\.json/],
    ["<html>", /is no JSON/],
    ['{"a":1}{"b":2}', /no list of conversations/],
    ['{"a":1}\n{"b":2}\n', /no list of conversations/],
    ['{"a":1', /no list of conversations/],
    ['{"a":nonsense}', /is no valid JSON/],
    ["[}", /a bracket that closes nothing after conversation 0 \(byte 1\)/],
  ])("refuses %o in a sentence", async (text, sentence) => {
    expect((await read(text)).fault).toMatch(sentence);
  });
});
