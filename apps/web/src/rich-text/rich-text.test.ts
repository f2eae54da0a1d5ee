/** What is remembered of rich texts. */
import { expect, test } from "vitest";
import { createRichText, type TextOutcome } from "./rich-text.ts";
import type { TextJob } from "./text-job.ts";

const RESULT = Uint32Array.of(1, 0);
const job = (source: string, language = "ts"): TextJob => ({ kind: "code", source, language });

function counted(outcome: () => TextOutcome) {
  const asked: TextJob[] = [];
  const richText = createRichText(async (wanted) => {
    asked.push(wanted);
    return outcome();
  });
  return { richText, asked };
}

test("a text is worked on once, also where it is asked for twice at a time", async () => {
  const { richText, asked } = counted(() => ({ kind: "done", result: RESULT }));
  expect(richText.known(job("a"))).toBeUndefined();
  await Promise.all([richText.ask(job("a")), richText.ask(job("a")), richText.ask(job("a", "js"))]);
  expect(asked).toHaveLength(2);
  expect(richText.known(job("a"))).toBe(RESULT);
  expect(richText.known(job("a", "py"))).toBeUndefined();
});

test("[SAFE-2] a text that took too long is not tried again, one that could not be reached is", async () => {
  let outcome: TextOutcome = { kind: "too-long" };
  const { richText } = counted(() => outcome);
  await richText.ask(job("slow"));
  expect(richText.known(job("slow"))).toBeNull();
  outcome = { kind: "unreachable" };
  await richText.ask(job("far"));
  expect(richText.known(job("far"))).toBeUndefined();
  outcome = { kind: "done", result: RESULT };
  await richText.ask(job("far"));
  expect(richText.known(job("far"))).toBe(RESULT);
});

test("[SAFE-2] a text over 300,000 characters stays as it was written, and of all no more than two million are kept, the newest", async () => {
  const { richText } = counted(() => ({ kind: "done", result: RESULT }));
  expect(richText.known(job("x".repeat(300_000)))).toBeUndefined();
  expect(richText.known(job("x".repeat(300_001)))).toBeNull();
  const large = (index: number) => job(String(index).padEnd(250_000, "x"));
  for (let index = 0; index < 12; index++) await richText.ask(large(index));
  const known = Array.from({ length: 12 }, (_, index) => richText.known(large(index)) !== undefined);
  expect(known).toEqual([...Array.from({ length: 5 }, () => false), ...Array.from({ length: 7 }, () => true)]);
});
