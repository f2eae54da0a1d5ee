/** Maths in a message: what is maths and what is money, how it is shown, and that none of it is lost. */
import { render } from "@testing-library/preact";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mathsTree } from "../rich-text/maths-tree.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import { typeset } from "../rich-text/typeset-maths.ts";
import { RichTextContext } from "../rich-text/use-rich-text.ts";
import type { BlockNode } from "./block-tree.ts";
import { readBlocks } from "./blocks.ts";
import { type InlineNode, inlineTree } from "./inline-tree.ts";
import { Markdown } from "./markdown.tsx";

beforeEach(() => void vi.stubGlobal("IntersectionObserver", undefined));
afterEach(() => void vi.unstubAllGlobals());

const TYPESETTING: RichText = {
  known: (job) => (job.kind === "maths" ? typeset(job.source, job.isDisplay) : null),
  ask: () => Promise.resolve(),
};

function show(text: string, richText: RichText | null = TYPESETTING): Element {
  return render(
    <RichTextContext.Provider value={richText}>
      <Markdown text={text} />
    </RichTextContext.Provider>,
  ).container;
}

/** The TeX of every formula in the text, display ones in brackets. */
function formulasIn(text: string): readonly string[] {
  const ofInline = (nodes: readonly InlineNode[]): readonly string[] =>
    nodes.flatMap((node) => {
      if (typeof node === "string") return [];
      if (node.kind === "maths") return [node.isDisplay ? `[${node.tex}]` : node.tex];
      return "children" in node ? ofInline(node.children) : [];
    });
  const ofBlocks = (nodes: readonly BlockNode[]): readonly string[] =>
    nodes.flatMap((node) => {
      if (node.kind === "maths") return [`[${node.tex}]`];
      if (node.kind === "list") return node.items.flatMap(({ children }) => ofBlocks(children));
      if ("children" in node) return ofBlocks(node.children);
      return "text" in node && node.kind !== "plain" ? ofInline(inlineTree(node.text, {}) ?? []) : [];
    });
  return readBlocks(text).blocks.flatMap(({ nodes }) => ofBlocks(nodes));
}

test.each([
  ["Let $x$ be", ["x"]],
  ["($a_1 + b_1$), and $c_2$.", ["a_1 + b_1", "c_2"]],
  ["$\\frac{1}{2}$", ["\\frac{1}{2}"]],
  ["costs $\\$5$ a day", ["\\$5"]],
  ["\\(a_1 * b * c\\) and **\\(d\\)**", ["a_1 * b * c", "d"]],
  ["\\[ x \\]", ["[ x ]"]],
  ["$$E = mc^2$$", ["[E = mc^2]"]],
  ["so $$x$$, then", ["[x]"]],
  ["$$\na\n- b\n= c\n+ d\n# e\n$$", ["[\na\n- b\n= c\n+ d\n# e\n]"]],
  ["\\[\na \\\\\n> b\n\\]", ["[\na \\\\\n> b\n]"]],
  ["Then:\n$$\na\n$$\nand", ["[\na\n]"]],
  ["$$\na\n$$.", ["[\na\n.]"]],
  ["- one\n\n  $$\n  a\n  - b\n  $$\n- two $x$", ["[\na\n- b\n]", "x"]],
  ["> \\[\n> a\n> \\]", ["[\na\n]"]],
  ["| a | b |\n|---|---|\n| $x$ | y |", []],
])("maths is found: %j", (text, formulas) => {
  expect(formulasIn(text)).toEqual(formulas);
});

test.each([
  "It costs $5 and $10",
  "$5, or $10.",
  "between $5-$10 a day",
  "$5/$10",
  "I paid $20 for it and he paid 30$ for that",
  "US$5 and US$10",
  "5$ and 6$.",
  "$ a $",
  "$HOME and $PATH",
  "$HOME/$USER",
  "$x\n+ y$",
  "$x `and` y$",
  "`$x$` and `\\(y\\)`",
  "```\n$$\nx\n$$\n```",
  "    $$\n    x\n    $$",
  "\\$x\\$",
  "\\\\(x\\\\)",
  "a$x$b",
  "$$",
  "$$$$",
  "\\(\\)",
  "$$ is money.\n\nAnd $$ too.",
  "\\[\n\na\n\n\\]",
])("what is no maths stays what it was: %j", (text) => {
  expect(formulasIn(text)).toEqual([]);
});

test("a formula that is not typeset yet, or can't be, is marked as its source, and no other is", () => {
  const classOf = (richText: RichText | null) => show("$x$", richText).querySelector(".maths")?.className;
  expect([classOf(TYPESETTING), classOf({ known: () => null, ask: () => Promise.resolve() })]).toEqual([
    "maths",
    "maths source",
  ]);
});

test("a formula in a table's cell is one", () => {
  const container = show("| a | b |\n|---|---|\n| $x$ | \\(y\\) |");
  expect(container.querySelectorAll("td math")).toHaveLength(2);
});

test("a formula is MathML, and its words are the formula's", () => {
  const container = show("$$\\frac{a}{b} = \\left(\\sqrt{c}\\right)^2$$");
  const math = container.querySelector("math");
  expect(math?.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
  expect(math?.getAttribute("display")).toBe("block");
  expect(math?.textContent).toBe("ab=(c)2");
  expect(container.querySelectorAll("mfrac, msqrt")).toHaveLength(2);
  expect(container.querySelector(".maths.display")).not.toBeNull();
});

test.each([
  "$\\unknowncommand{x}$",
  "\\(\\frac{1}\\)",
  "$$\n\\begin{x}\na\n$$",
  "\\[ {a \\]",
  "$\\href{https://a.b}{x}$",
])("what can't be set stays as it was written: %j", (text) => {
  const container = show(text);
  expect(container.querySelector("math")).toBeNull();
  expect(container.querySelector(".markdown")?.textContent).toBe(text);
});

test("without a thread to set it, and until it has, a formula is its source", () => {
  const text = "Let \\(a_1 * b_1\\) be **it**, $x$ and\n\n$$\ny_1 - y_2\n$$";
  expect(show(text, null).textContent).toBe("Let \\(a_1 * b_1\\) be it, $x$ and$$\ny_1 - y_2\n$$");
});

test("[SAFE-2] no TeX at all makes anything but harmless elements, in bounded number, and the same one twice the same", () => {
  const piece = fc.constantFrom(
    ..."\\frac \\sqrt { } ^ _ & \\\\ \\left( \\right) a 1 \\text{x} \\color{red} \\href{javascript:x}{y} \\begin{matrix} \\end{matrix} \\def\\a{\\a} \\a \\rule{9em}{9em} \\kern-9em # % ~ \\, \\class{a}{b} \\includegraphics{x} <b>".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, isDisplay) => {
      const tex = pieces.join(" ");
      const tree = typeset(tex, isDisplay);
      expect(typeset(tex, isDisplay)).toEqual(tree);
      const written = JSON.stringify(tree);
      expect(written).not.toMatch(/javascript|url\(|"(?:href|src|onclick|id)"/);
      expect(tree?.name ?? "math").toBe("math");
    }),
    { numRuns: 300 },
  );
});

test("[SAFE-2] a tree with anything foreign in it, or too deep or too large, is none", () => {
  const node = (type: string, children: readonly unknown[] = [], rest = {}) => ({
    type,
    children,
    classes: [],
    ...rest,
  });
  expect(mathsTree(node("math", [{ text: "x" }]))?.children).toEqual(["x"]);
  for (const foreign of ["script", "img", "a", "style", "annotation-xml", "maction"]) {
    expect(mathsTree(node("math", [node("mrow", [node(foreign)])]))).toBeNull();
  }
  expect(mathsTree(null)).toBeNull();
  let deep: unknown = { text: "x" };
  for (let depth = 0; depth < 150; depth++) deep = node("mrow", [deep]);
  expect(mathsTree(deep)).toBeNull();
  expect(
    mathsTree(
      node(
        "math",
        Array.from({ length: 6000 }, () => node("mi")),
      ),
    ),
  ).toBeNull();
  const styled = node("mi", [], {
    attributes: { href: "javascript:x", onclick: "x", mathvariant: "bold", "data-x": "y" },
    style: { color: "red", position: "fixed", backgroundColor: "url(x)" },
  });
  expect(mathsTree(styled)).toMatchObject({ attributes: { mathvariant: "bold" }, style: { color: "red" } });
  expect(Object.keys(mathsTree(styled)?.style ?? {})).toEqual(["color"]);
  expect(Object.keys(mathsTree(styled)?.attributes ?? {})).toEqual(["mathvariant"]);
});
