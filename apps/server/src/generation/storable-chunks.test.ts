/** What a model's words become, wherever its chunks are cut. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { storableText } from "../storable-text.ts";
import type { ModelChunk } from "./model.ts";
import { storableChunks } from "./storable-chunks.ts";

const END: ModelChunk = { kind: "end", stopReason: "stop", usage: null };

async function collect(chunks: readonly ModelChunk[]): Promise<ModelChunk[]> {
  async function* source() {
    yield* chunks;
  }
  const told: ModelChunk[] = [];
  for await (const chunk of storableChunks(source())) told.push(chunk);
  return told;
}

const words = (chunks: readonly ModelChunk[], kind: "text" | "thoughts") =>
  chunks.map((chunk) => (chunk.kind === kind ? chunk.text : "")).join("");

test("[TURN-4] what is told while a reply is written is what is stored, wherever its characters are cut", async () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "\0", "\uD83D", "\uDE00", "😀"), maxLength: 4 });
  const kind = fc.constantFrom("text" as const, "thoughts" as const);
  await fc.assert(
    fc.asyncProperty(kind, fc.array(piece, { maxLength: 6 }), async (kind, pieces) => {
      const told = await collect([...pieces.map((text) => ({ kind, text })), END]);
      for (const chunk of told) if ("text" in chunk) expect(chunk.text).toBe(storableText(chunk.text));
      expect(words(told, kind)).toBe(storableText(pieces.join("")));
      expect(told.at(-1)).toEqual(END);
    }),
  );
});

test("[MODEL-5] half a character at the end of the thoughts stays with them, and text is taken back with its last half", async () => {
  const told = await collect([
    { kind: "thoughts", text: "hm\uD83D" },
    { kind: "text", text: "\uDE00 yes\uD83D" },
    { kind: "text_was_thoughts" },
    END,
  ]);
  expect(told.filter((chunk) => !("text" in chunk) || chunk.text !== "")).toEqual([
    { kind: "thoughts", text: "hm" },
    { kind: "thoughts", text: "\uFFFD" },
    { kind: "text", text: "\uFFFD yes" },
    { kind: "text", text: "\uFFFD" },
    { kind: "text_was_thoughts" },
    END,
  ]);
});
