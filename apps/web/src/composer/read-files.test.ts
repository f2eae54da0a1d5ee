/** What of dropped files can stand in a message: any text, and nothing that closes its own fence. */
import { MAX_MESSAGE_LENGTH } from "@instep/protocol";
import fc from "fast-check";
import MarkdownIt, { type Token } from "markdown-it";
import { expect, test } from "vitest";
import { fenced, readFiles } from "./read-files.ts";

const file = (name: string, content: string | Uint8Array<ArrayBuffer>, type = "") =>
  new File([content], name, { type });

test("a text file stands under its name, in a block of its language", async () => {
  expect(await readFiles([file("Notes.TXT", "one\r\ntwo\n\n"), file("a.ts", "let x = 1;")])).toEqual({
    text: "Notes.TXT\n\n```txt\none\ntwo\n```\n\na.ts\n\n```ts\nlet x = 1;\n```",
    refusals: [],
    exports: [],
  });
});

test("whatever a file says stays in its block, and its name is no markup", () => {
  const lines = fc.array(fc.constantFrom("```", "````ts", "~~~", "text", "", "    ", "# head", "`"), { maxLength: 8 });
  const names = fc.string({ unit: fc.constantFrom("a", ".", "`", "*", "\n", "#", "<", "x") });
  fc.assert(
    fc.property(lines, names, (all, name) => {
      const content = `x\n${all.join("\n")}\nx`;
      const blocks: Token[] = [];
      const text = fenced(name.replaceAll(/[\n`*<#]/g, " ").trim() || "a", content);
      // The page's parser has no rules for whole documents.
      const parser = new MarkdownIt();
      parser.block.parse(text, parser, {}, blocks);
      const fences = blocks.filter(({ type }) => type === "fence");
      expect(fences.map((fence) => fence.content)).toEqual([`${content}\n`]);
    }),
  );
});

test.each([
  ["a*b*.txt", "a b .txt"],
  ["`x`_y_[z](w)<b>.txt", "x  y  z (w) b .txt"],
  ["two\nlines\\.txt", "two lines .txt"],
])("a file that is called %o stands under a name that is no markup", async (name, shown) => {
  expect((await readFiles([file(name, "text")])).text).toBe(`${shown}\n\n\`\`\`txt\ntext\n\`\`\``);
});

test("UTF-16 that says so is text too", async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x48, 0x00, 0x69, 0x00]);
  expect((await readFiles([file("u.txt", bytes)])).text).toContain("\nHi\n");
});

test("what is no text is refused in words, and takes nothing of the others with it", async () => {
  const unreadable = file("folder", "");
  unreadable.arrayBuffer = () => Promise.reject(new Error("a folder"));
  const { text, refusals } = await readFiles([
    file("cat.png", "GIF", "image/png"),
    file("a.bin", new Uint8Array([80, 75, 3, 4, 0, 0, 255])),
    file("zero.txt", "a\0b"),
    file("empty.txt", " \n"),
    file("long.txt", "x".repeat(MAX_MESSAGE_LENGTH + 1)),
    unreadable,
    file("ok.md", "fine"),
  ]);
  expect(text).toBe("ok.md\n\n```md\nfine\n```");
  expect(refusals.map((words) => words.replace(/\..*/s, ""))).toEqual([
    "cat",
    "a",
    "zero",
    "There is no text in empty",
    "long",
    "folder is no text file",
  ]);
  expect(refusals[0]).toMatch(/is an image\. Only text/);
  expect(refusals[4]).toContain("200,000 characters");
});

test("an export of conversations is no text for a message, and takes none of the others with it", async () => {
  const zip = file("export.zip", new Uint8Array([80, 75, 3, 4, 0, 0, 255]));
  const json = file("conversations.json", '[{"title":"One","mapping":{}}]');
  const { text, refusals, exports } = await readFiles([zip, file("ok.md", "fine"), json]);
  expect([text, refusals, exports]).toEqual(["ok.md\n\n```md\nfine\n```", [], [zip, json]]);
});

test("what can't fit is not even read, and a heap of files is cut short in words", async () => {
  const huge = file("huge.log", "x");
  Object.defineProperty(huge, "size", { value: MAX_MESSAGE_LENGTH * 4 + 1 });
  huge.arrayBuffer = () => Promise.reject(new Error("must not be read"));
  expect((await readFiles([huge])).refusals).toEqual([expect.stringContaining("huge.log is too long")]);
  const lengths = [MAX_MESSAGE_LENGTH, MAX_MESSAGE_LENGTH + 1];
  const both = await readFiles(lengths.map((length) => file(`${length}.txt`, "x".repeat(length))));
  expect([both.text.includes("200000.txt"), both.refusals]).toEqual([
    true,
    [expect.stringMatching(/^200001\.txt is too long/)],
  ]);
  const { text, refusals } = await readFiles(Array.from({ length: 21 }, (_, index) => file(`${index}.txt`, "x")));
  expect([text.match(/```txt/g)?.length, refusals.length]).toEqual([20, 1]);
});
