/** The reader against bytes cut anywhere and bytes that mean nothing; what real servers write is tested over HTTP. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompletionReader } from "./openai-reader.ts";

function read(bytes: Uint8Array, size: number) {
  const reader = new CompletionReader();
  const readings = [];
  for (let at = 0; at < bytes.length; at += size) readings.push(reader.feed(bytes.subarray(at, at + size)));
  readings.push(reader.finish());
  return {
    text: readings.flatMap(({ said }) => said.map(({ text }) => text)).join(""),
    isDone: readings.some((reading) => reading.isDone),
    isUnreadable: readings.some((reading) => reading.isUnreadable),
  };
}

const events = (texts: readonly string[]) =>
  texts.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`).join("");

describe("CompletionReader", () => {
  test("gives the whole text, wherever the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (texts, size) => {
          const bytes = Buffer.from(`${events(texts)}data: [DONE]\n\n`);
          expect(read(bytes, size)).toEqual({ text: texts.join(""), isDone: true, isUnreadable: false });
        },
      ),
    );
  });

  test("never throws, and calls nothing readable that is not", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 40 }), (bytes, size) => {
        expect(read(bytes, size)).toEqual({ text: "", isDone: false, isUnreadable: true });
      }),
    );
  });

  test.each([
    ["a line", "data: ".padEnd(1024 * 1024, "x")],
    ["an event", `data: ${"x".repeat(1024 * 1024)}\n`],
  ])("gives up on %s that never ends", (_what, piece) => {
    const reader = new CompletionReader();
    const readings = Array.from({ length: 20 }, () => reader.feed(Buffer.from(piece)));
    expect(readings.some((reading) => reading.isUnreadable)).toBe(true);
    expect(readings.at(-1)?.isUnreadable).toBe(true);
  });

  test("[SAFE-2] events that were run into one are read, but not what has more lines than any answer", () => {
    const joined = (count: number) =>
      Buffer.from(`${events(Array.from({ length: count }, () => "a")).replaceAll("\n\n", "\n")}\n`);
    expect(read(joined(1000), 65_536)).toMatchObject({ text: "a".repeat(1000), isUnreadable: false });
    expect(read(joined(1001), 65_536)).toMatchObject({ text: "", isUnreadable: true });
  });

  test.each(["data:x\n\n", "x\n", "data: {}\n\n"])(
    "[SAFE-2] gives up on %o without end, but not where words come between",
    (piece) => {
      const much = piece.repeat(9000);
      expect(read(Buffer.from(`${much}${events(["a"])}${much}${events(["b"])}data: [DONE]\n\n`), 65_536)).toEqual({
        text: "ab",
        isDone: true,
        isUnreadable: false,
      });
      expect(read(Buffer.from(`${much}${much}`), 65_536).isUnreadable).toBe(true);
    },
  );

  test("[SAFE-2] an endless beginning of white space costs no more than its bytes, and what comes after it is read", () => {
    const reader = new CompletionReader();
    const piece = Buffer.alloc(65_536, " ");
    // Each looked through once: some 20 ms. All of them with each took a minute, in which this test ends.
    for (let index = 0; index < 600; index += 1) reader.feed(piece);
    const said = reader.feed(Buffer.from(`\n${events(["Here"])}`));
    expect(said).toMatchObject({ said: [{ text: "Here" }], isUnreadable: false });
  });
});
