/** The words that the page leaves its worker for a push. */
import { expect, test } from "vitest";
import { speak } from "../words/language.ts";
import { keepPushWords } from "./keep-push-words.ts";
import { readPushWords } from "./push-words.ts";

const ENGLISH = { complete: "The reply is finished.", failed: "The reply failed.", untitled: "New chat" };

function keeper() {
  const kept = new Map<string, Response>();
  const open = async (name: string) => ({
    put: async (_path: unknown, answer: Response) => void kept.set(name, answer),
  });
  return { kept, open, read: () => readPushWords(Promise.resolve([...kept.values()].at(-1)?.clone())) };
}

test("[PUSH-1] a push is told in the language that the page spoke last, and in English until it has", async () => {
  const { kept, open, read } = keeper();
  expect(await read()).toEqual(ENGLISH);
  await speak("de", []);
  await keepPushWords(open);
  expect(await read()).toEqual({
    complete: "Die Antwort ist fertig.",
    failed: "Die Antwort ist fehlgeschlagen.",
    untitled: "Neuer Chat",
  });
  await speak("en", []);
  await keepPushWords(open);
  expect([await read(), kept.size]).toEqual([ENGLISH, 1]);
});

test.each(["", "null", "7", "[]", '{"complete":7,"failed":""}'])(
  "words that are none are English: %s",
  async (text) => {
    expect(await readPushWords(Promise.resolve(new Response(text)))).toEqual(ENGLISH);
  },
);

test("a browser that keeps nothing, or reads nothing, is a worker that speaks English", async () => {
  await keepPushWords(() => Promise.reject(new Error("No room")));
  expect(await readPushWords(Promise.reject(new Error("No cache")))).toEqual(ENGLISH);
  expect(await readPushWords(Promise.resolve(new Response('{"failed":"Kaputt"}')))).toEqual({
    ...ENGLISH,
    failed: "Kaputt",
  });
});
