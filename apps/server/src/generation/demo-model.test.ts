import { describe, expect, test } from "vitest";
import { composeDemoReply } from "./demo-text.ts";
import { createDemoModel } from "./demo-model.ts";
import { generationEnvironment, type GenerationEnvironment } from "./environment.ts";

const wordCount = (text: string) => text.split(/\s+/).length;

async function answer(content: string, tokenDelayMs: number, environment: GenerationEnvironment) {
  const model = createDemoModel({ id: "demo", name: "Demo model", tokenDelayMs, environment });
  const tokens: string[] = [];
  const { signal } = new AbortController();
  for await (const chunk of model.generate({ messages: [{ role: "user", content }], signal })) {
    if (chunk.kind === "text") tokens.push(chunk.text);
  }
  return tokens;
}

describe("the demo model", () => {
  test("says that it is one, in its name and in what it writes", () => {
    expect(
      createDemoModel({ id: "demo", name: "Demo model", tokenDelayMs: 0, environment: generationEnvironment }).name,
    ).toBe("Demo model");
    expect(composeDemoReply("Hello", 1)).toMatch(/I am the built-in \*\*demo model\*\*/);
  });

  test("repeats the user's words, with a list, and markdown in them stays text", () => {
    const reply = composeDemoReply("Is *this* <b>bold</b>?", 1);
    expect(reply).toContain("> Is \\*this\\* \\<b\\>bold\\</b\\>?");
    expect(reply).toMatch(/^- it has \*\*3\*\* words/m);
    expect(composeDemoReply("$x^2$ &amp;", 1)).toContain("> \\$x^2\\$ \\&amp;");
  });

  test("[SAFE-2] looks at the beginning of a question that is very long", () => {
    expect(composeDemoReply("a\n".repeat(100_000), 1)).toMatch(
      /^- it has more than \*\*10000\*\* words and 200000 characters$/m,
    );
  });

  test("writes code where it is asked for code", () => {
    expect(composeDemoReply("Write a python function", 1)).toMatch(/```js\nconst words = .*\n.*\n```/);
    expect(composeDemoReply("Good morning", 1)).not.toContain("```");
  });

  test.each([
    ["write 500 words", 500],
    ["a 1200-word essay please", 1200],
    ["Tell me a long story", 500],
    ["Schreib 300 Wörter über den Regen", 300],
    ["write 99999 words", 5000],
  ])("answers %o with at least %i words, and not many more", (question, count) => {
    const words = wordCount(composeDemoReply(question, 1));
    expect(words).toBeGreaterThanOrEqual(count);
    expect(words).toBeLessThan(count + 120);
  });

  test("ends by telling what to try next, by turns", () => {
    const endings = [1, 2, 3].map((turn) => composeDemoReply("Hello", turn).split("\n\n").at(-1) ?? "");
    expect(new Set(endings).size).toBe(3);
    for (const ending of endings) expect(ending).toMatch(/another device|second tab|Reload the page/);
  });

  test("gives the same answer to the same question", () => {
    expect(composeDemoReply("Hello", 1)).toBe(composeDemoReply("Hello", 1));
    expect(composeDemoReply("Hello", 2)).toContain("answer number 2");
  });

  test.each([
    ["before each", 25, 1],
    ["before each 50, since others have to get their turn, where it has no pace", 0, 50],
  ])("streams the whole text token by token, with a pause %s", async (_, delayMs, tokensAPause) => {
    const delays: number[] = [];
    const tokens = await answer("Hello there, 200 words please", delayMs, {
      ...generationEnvironment,
      startTimer: (asked, callback) => {
        delays.push(asked);
        return generationEnvironment.startTimer(0, callback);
      },
    });
    expect(tokens.join("")).toBe(composeDemoReply("Hello there, 200 words please", 1));
    expect(tokens.length).toBeGreaterThan(200);
    expect(delays).toEqual(Array.from({ length: Math.ceil(tokens.length / tokensAPause) }, () => delayMs));
  });

  test("[TURN-5] stops within the token that it was told to stop in", async () => {
    const model = createDemoModel({
      id: "demo",
      name: "Demo model",
      tokenDelayMs: 60_000,
      environment: generationEnvironment,
    });
    const aborting = new AbortController();
    const { signal } = aborting;
    const tokens = model.generate({ messages: [{ role: "user", content: "Hi" }], signal });
    const first = tokens[Symbol.asyncIterator]().next();
    aborting.abort(new Error("stopped"));
    await expect(first).rejects.toThrow("stopped");
  });
});
