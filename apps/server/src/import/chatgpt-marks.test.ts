/** What the marks of a ChatGPT export become. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOfMarks } from "./chatgpt-marks.ts";

const mark = (...parts: readonly string[]) => `\uE200${parts.join("\uE202")}\uE201`;

test.each([
  ["an entity is its name", `by ${mark("entity", '["people","Marta Quill",0]')} here`, "by Marta Quill here", 0],
  ["an entity whose list is broken is its own text", `by ${mark("entity", "Marta")} here`, "by Marta here", 0],
  [
    "a citation goes with the space before it",
    `Yes. ${mark("cite", "turn0search3", "turn1news8")} Next`,
    "Yes. Next",
    1,
  ],
  ["a citation of a file goes", `Yes${mark("filecite", "turn0file1", "L1-L9")}.`, "Yes.", 1],
  [
    "an address is a link",
    `see ${mark("url", "the page", "https://example.org/x")}`,
    "see [the page](https://example.org/x)",
    0,
  ],
  ["what is for a program goes", `a ${mark("image_group", '{"query":["tea"]}')} b`, "a b", 1],
  ["an unknown kind is its text", `a ${mark("term", "osmosis")} b`, "a osmosis b", 0],
  ["a mark without an end is one too", "Half \uE200cite\uE202turn0sea", "Half", 1],
  ["an old citation goes", "Yes【4:0†source】.", "Yes.", 1],
  ["the space before several that go goes with them", "Yes 【1†a】 【2†b】 \uE200cite\uE202turn0sea\uE201.", "Yes.", 3],
  ["a character of a mark alone goes", "a\uE203b", "ab", 0],
])("%s", (_title, marked, ...[text, citations]) => {
  expect(wordsOfMarks(marked, [])).toEqual({ text, citations });
});

test("the message's own list says what a mark without words stands for", () => {
  const marked = mark("genui", '{"x":1}');
  const references = [{ matched_text: marked, type: "alt_text", alt: "A table" }, null, { matched_text: 7 }];
  expect(wordsOfMarks(`See ${marked}`, references).text).toBe("See A table");
});

test("no character of a mark remains, and every word outside of marks does", () => {
  const word = fc.stringMatching(/^[a-z]{1,6}$/);
  const noise = fc.string({
    unit: fc.constantFrom("\uE200", "\uE201", "\uE202", "[", "]", '"', ",", "a", " ", "【", "†"),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(word, noise)), word, (parts, last) => {
      const closed = parts
        .map(([before, inside]) => `${before} ${mark("k", inside.replaceAll("\uE201", ""))} `)
        .join("");
      const { text } = wordsOfMarks(closed + last, []);
      expect(text).not.toMatch(/[\uE200-\uE20F]/u);
      for (const [before] of parts) expect(text).toContain(before);
      expect(text.endsWith(last)).toBe(true);
    }),
  );
});

test("[SAFE-2] a text of very many marks is read in the time that its length accounts for", { timeout: 20_000 }, () => {
  const many = 100_000;
  const { text, citations } = wordsOfMarks("Some words 【1†s】.".repeat(many), []);
  expect([text.length, citations]).toEqual(["Some words.".length * many, many]);
});
