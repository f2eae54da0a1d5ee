import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { readBody } from "./openai-request.ts";

const { signal } = new AbortController();

test("[SAFE-2] an answer that comes at once is read by and by, and others have their turn meanwhile", async () => {
  const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
  const read: Uint8Array[] = [];
  let turns = 0;
  const reading = (async () => {
    for await (const slice of readBody(new Response(bytes), signal)) read.push(slice);
  })();
  for (; read.length < 13; turns++) await nextTurn();
  await reading;
  expect(Buffer.concat(read)).toEqual(Buffer.from(bytes));
  expect(turns).toBeGreaterThanOrEqual(12);
});
