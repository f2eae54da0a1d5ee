import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { writeBody } from "./request-json.ts";
import type { RequestBody } from "./request-form.ts";

const { signal } = new AbortController();

function bodyOf(...contents: readonly string[]): RequestBody & { readonly max_tokens: number } {
  const messages = contents.map((content) => ({ role: "user", content }) as const);
  return { model: "m", messages, stream: true, max_tokens: 3 };
}

test("[MODEL-3] a short body is its JSON, with whatever its form has", async () => {
  const body = bodyOf('"One"\n\\', "字😀", "");
  const written = await writeBody(body, signal);
  expect(typeof written === "string" && JSON.parse(written)).toEqual(body);
});

test("[SAFE-2] a long body is written in turns with others, and no character of it is cut in two", async () => {
  const body = bodyOf(
    `${"x".repeat(499_999)}${"😀".repeat(600_000)}`,
    ...Array<string>(100).fill("word ".repeat(2000)),
  );
  const writing = { isOver: false };
  const ended = writeBody(body, signal).finally(() => (writing.isOver = true));
  let turns = 0;
  for (; !writing.isOver; turns++) await nextTurn();
  const written = await ended;
  expect(typeof written === "string" ? null : JSON.parse(await written.text())).toEqual(body);
  expect(turns).toBeGreaterThan(4);
});

test("[TURN-5] a reply that is stopped while its long question is written is asked of no model", async () => {
  const stop = new AbortController();
  const writing = writeBody(bodyOf("x".repeat(2_000_000)), stop.signal);
  stop.abort();
  await expect(writing).rejects.toBe(stop.signal.reason);
});
