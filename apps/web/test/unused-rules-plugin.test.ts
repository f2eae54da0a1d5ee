/** The markdown parser that the page is built with, beside the whole one. */
import { createRequire } from "node:module";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { expect, test } from "vitest";
import { withoutUnused } from "../unused-rules-plugin.ts";

type Parser = InstanceType<typeof MarkdownIt>;

// What Node itself loads is not built as the page is.
const loaded: unknown = createRequire(import.meta.url)("markdown-it");

const PIECES = ["# a", "- b", "> c", "`d`", "**e**", "_f_", "~~g~~", "[h](i 'j')", "[h]", "[h]: k", "<div>", "</div>"];
const MARKS = ["<b>", "<!-- l -->", "http://m.n", "<http://m.n>", "&amp;", "\\*", "![o](p)", "|q|r|", "|-|-|", "```"];
const TEXTS = fc
  .array(fc.constantFrom(...PIECES, ...MARKS, "\n", "\n\n", " ", "    ", "1. ", "---", "==="), { maxLength: 30 })
  .map((pieces) => pieces.join(""));

function tokensOf(parser: Parser, text: string): unknown {
  parser.normalizeLink = (address) => address;
  parser.normalizeLinkText = (address) => address;
  parser.validateLink = () => true;
  const blocks: ReturnType<Parser["parse"]> = [];
  parser.block.parse(text, parser, {}, blocks);
  return JSON.parse(JSON.stringify(blocks.map((block) => [block, inside(parser, block.content)])));
}

function inside(parser: Parser, text: string): unknown {
  const tokens: ReturnType<Parser["parse"]> = [];
  parser.inline.parse(text, parser, {}, tokens);
  return tokens;
}

function isParser(value: unknown): value is typeof MarkdownIt {
  return typeof value === "function";
}

test("without what the page never runs, the parser reads any text as the whole one does", () => {
  if (!isParser(loaded)) throw new Error("the whole parser is not there");
  const [whole, own] = [new loaded(), new MarkdownIt()];
  expect([whole.renderer !== null, own.renderer]).toEqual([true, null]);
  fc.assert(
    fc.property(TEXTS, (text) => {
      expect(tokensOf(own, text)).toEqual(tokensOf(whole, text));
    }),
  );
});

test("a parser that has become another one is no longer cut, and says so", () => {
  expect(() => withoutUnused("export default class MarkdownIt {}")).toThrow("other parts");
});
