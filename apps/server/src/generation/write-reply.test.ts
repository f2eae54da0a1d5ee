/** A reply's limits, whatever its model does, and that no timer outlives it. */
import type { ReplyWriter } from "@instep/sync-server";
import { expect, test } from "vitest";
import { ManualEnvironment } from "../../test/manual-environment.ts";
import { ModelError, type Model, type ModelChunk } from "./model.ts";
import { writeReply } from "./write-reply.ts";

/** What a reply comes to whose model gives these chunks, or fails where there is an error among them. */
async function write(chunks: readonly (ModelChunk | Error)[], maxCharacters = 1000) {
  const environment = new ManualEnvironment();
  const said: string[] = [];
  const model: Model = {
    id: "m",
    name: "m",
    makesTitles: false,
    async *generate() {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk;
        yield chunk;
      }
    },
  };
  const writer: ReplyWriter = {
    replyId: "r" as ReplyWriter["replyId"],
    signal: new AbortController().signal,
    write: (text) => void said.push(text),
    think: (text) => void said.push(`(${text})`),
    takeBackText: () => void said.push("<"),
    end: () => Promise.resolve(),
  };
  const context = { messages: [], leftOut: 0 };
  const written = await writeReply({ model, context, writer, limits: { maxCharacters, maxMs: 1000 }, environment });
  expect(environment.pendingTimers).toBe(0);
  return { said, ending: written.ending, text: written.text };
}

const text = (words: string): ModelChunk => ({ kind: "text", text: words });
const thoughts = (words: string): ModelChunk => ({ kind: "thoughts", text: words });
const TAKEN_BACK: ModelChunk = { kind: "text_was_thoughts" };
const END: ModelChunk = { kind: "end", stopReason: "stop", usage: null };

test("[MODEL-5, TURN-12] text that turns out to be thoughts counts as such: together they stay within the limit", async () => {
  const { said, ending } = await write(
    [text("x".repeat(80)), TAKEN_BACK, thoughts("y".repeat(80)), text("Yes"), END],
    100,
  );
  expect(said).toEqual(["x".repeat(80), "<", `(${"y".repeat(20)})`]);
  expect(ending).toMatchObject({ kind: "failed" });
});

test("[TURN-4] what no database keeps is never told, so that a replay says what was seen", async () => {
  const { said, text: kept } = await write([text("a\uD83D"), text("\uDE00\uD800b\0"), END]);
  expect([said.join(""), kept]).toEqual(["a😀\uFFFDb\uFFFD", "a😀\uFFFDb\uFFFD"]);
});

test("[MODEL-5] after text that was thoughts the reply has the whole limit for itself", async () => {
  const { text: kept, ending } = await write([text("x".repeat(80)), TAKEN_BACK, text("y".repeat(80)), END], 100);
  expect([kept, ending]).toEqual(["y".repeat(80), { kind: "complete", stopReason: "stop" }]);
});

test.each<[string, readonly (ModelChunk | Error)[], string]>([
  ["completes", [text("Yes"), END], "complete"],
  ["fails", [text("Yes"), new ModelError("model_failed", "No.", { retryable: false })], "failed"],
  ["fails unexpectedly", [new Error("what?")], "failed"],
  ["says nothing", [END], "failed"],
  ["ends without an end", [text("Yes")], "failed"],
])("[TURN-9] a model that %s leaves no timer", async (_what, chunks, kind) => {
  expect((await write(chunks)).ending?.kind).toBe(kind);
});
