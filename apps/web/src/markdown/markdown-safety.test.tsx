/** No text breaks the page, runs anything, loads anything, or costs more than it may [SAFE-2]. */
import { fireEvent, render, screen } from "@testing-library/preact";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { COSTLY_TEXTS } from "../../test/costly-texts.ts";
import { HOSTILE_TEXTS } from "../../test/hostile-texts.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { MATHS_ELEMENTS } from "../rich-text/maths-tree.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import { typeset } from "../rich-text/typeset-maths.ts";
import { RichTextContext } from "../rich-text/use-rich-text.ts";
import type { BlockNode } from "./block-tree.ts";
import { type Blocks, NO_BLOCKS, readBlocks, readGrowingBlocks } from "./blocks.ts";
import { inlineTree } from "./inline-tree.ts";
import { Markdown } from "./markdown.tsx";

/** Formulas at once. */
const RICH_TEXT: RichText = {
  known: (job) => (job.kind === "maths" ? typeset(job.source, job.isDisplay) : null),
  ask: () => Promise.resolve(),
};

// Everything is near the view.
beforeEach(() => void vi.stubGlobal("IntersectionObserver", undefined));
afterEach(() => void vi.unstubAllGlobals());

function show(text: string): Element {
  const { container } = render(
    <EnvironmentProvider value={testEnvironment()}>
      <RichTextContext.Provider value={RICH_TEXT}>
        <Markdown text={text} />
      </RichTextContext.Provider>
    </EnvironmentProvider>,
  );
  return container;
}

const ALLOWED = new Set([
  ..."A BLOCKQUOTE BR BUTTON CODE DEL DETAILS DIV EM FIGCAPTION FIGURE H3 H4 H5 HR INPUT KBD LI OL P PRE SPAN STRONG SUB SUMMARY SUP TABLE TBODY TD TH THEAD TR UL svg path rect".split(
    " ",
  ),
  ...MATHS_ELEMENTS,
]);
const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:)/;

function faultsOf(container: Element): readonly string[] {
  return [...container.querySelectorAll("*")].flatMap((element) => {
    const attributes = [...element.attributes].flatMap(({ name, value }) => {
      const isHandler = name.startsWith("on");
      const loads = ["src", "srcset", "data", "action", "formaction", "background", "poster", "xlink:href"].includes(
        name,
      );
      const isUnsafe = name === "href" && !SAFE_ADDRESS.test(value);
      const isMaths = MATHS_ELEMENTS.has(element.tagName.toLowerCase());
      const isStyled =
        name === "style" &&
        !/^text-align: (?:left|center|right);?$/.test(value) &&
        !(isMaths && !/[(:]\w*\(|url|position|fixed/.test(value));
      return isHandler || loads || isUnsafe || isStyled ? [`${element.tagName} ${name}=${value}`] : [];
    });
    return ALLOWED.has(element.tagName) || ALLOWED.has(element.tagName.toLowerCase())
      ? attributes
      : [element.tagName, ...attributes];
  });
}

test("at least 90 hostile texts and 89 costly ones are tried", () => {
  expect(new Set(HOSTILE_TEXTS).size).toBeGreaterThanOrEqual(90);
  expect(COSTLY_TEXTS.length).toBeGreaterThanOrEqual(89);
});

test.each(HOSTILE_TEXTS)("[SAFE-2] nothing of a hostile text becomes more than text and safe links: %j", (text) => {
  expect(faultsOf(show(text))).toEqual([]);
});

test("[SAFE-2] no text at all becomes more than text and safe links", () => {
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("\n", "> ", "- ", "`", "["),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(faultsOf(show(pieces.join("")))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

function deepest(nodes: readonly BlockNode[]): number {
  const depths = nodes.map((node) => {
    if (node.kind === "quote" || node.kind === "details") return 1 + deepest(node.children);
    if (node.kind === "list") return 1 + Math.max(0, ...node.items.map(({ children }) => deepest(children)));
    return 1;
  });
  return Math.max(0, ...depths);
}

test.each(COSTLY_TEXTS)(
  "[SAFE-2] a costly text is read in bounded steps and depth, losing nothing: %s",
  (_name, make) => {
    for (const length of [1000, 100_000]) {
      const text = make(length);
      const read = readBlocks(text);
      // The limit, and the tokens of the one table that goes beyond it: the parser fills up 65,536 cells at most.
      expect(read.cost.steps).toBeLessThanOrEqual(100_000 + 3 * 65_536 + 10_000);
      expect(read.blocks.map(({ source }) => source).join("")).toBe(text);
      expect(Math.max(...read.blocks.map(({ nodes }) => deepest(nodes)))).toBeLessThanOrEqual(33);
    }
  },
);

test.each(COSTLY_TEXTS)("[SAFE-2] a costly text is shown: %s", (_name, make) => {
  for (const length of [1000]) {
    const text = make(length);
    expect(markless(show(text).textContent ?? "").length > 0 || markless(text) === "").toBe(true);
  }
});

test.each(COSTLY_TEXTS)(
  "[SAFE-2] a growing costly text costs a bounded number of steps for each character: %s",
  (_name, make) => {
    const text = make(8000);
    expect(stepsOfGrowing(text, 50) / text.length).toBeLessThan(150);
  },
);

function stepsOfGrowing(text: string, size: number): number {
  let grown: Blocks = NO_BLOCKS;
  let steps = 0;
  for (let end = size; end < text.length + size; end += size) {
    const before = grown;
    grown = readGrowingBlocks(text.slice(0, end), grown);
    if (grown.cost !== before.cost) steps += grown.cost.steps;
  }
  return steps;
}

test("[SAFE-2] reading a part of a text that is too long for it gives no tree, and a longer one costs no more", () => {
  expect(inlineTree("*a ".repeat(30_000), {})).toBeNull();
  expect(inlineTree("word ".repeat(20_000), {})).not.toBeNull();
});

const WORD = fc.stringMatching(/^[a-z]{3,8}$/);
const LINE = fc.tuple(
  fc.constantFrom("", "# ", "- ", "1. ", "> ", "> - ", "    ", "**", "_", "`", "[", "| ", "~~", "<b>", "\t", "- [ ] "),
  fc.array(WORD, { minLength: 1, maxLength: 4 }),
  fc.constantFrom("", "**", "_", "`", "](https://example.org)", " |", "~~", "</b>", "  ", "\\"),
);
const DOCUMENT = fc.array(fc.tuple(LINE, fc.constantFrom("\n", "\n\n", "\r\n")), { maxLength: 14 });

test("[SAFE-2] every word of any text is shown, in its order", () => {
  fc.assert(
    fc.property(DOCUMENT, (lines) => {
      const text = lines.map(([[before, words, after], end]) => `${before}${words.join(" ")}${after}${end}`).join("");
      const shown = show(text).textContent ?? "";
      let position = 0;
      for (const word of lines.flatMap(([[, words]]) => words)) {
        position = shown.indexOf(word, position);
        expect(position, `${word} of ${JSON.stringify(text)}`).toBeGreaterThanOrEqual(0);
        position += word.length;
      }
    }),
    { numRuns: 200 },
  );
});

const EXTRAS = [
  "$$\n",
  "$$",
  "$x$ ",
  "\\[\n",
  "\\]\n",
  "\\(a\\)",
  "a - b\n",
  "= c\n",
  "<details>\n",
  "<summary>s</summary>\n",
  "</details>\n",
  "<sub>",
  "</sub>",
  "<br>",
  "[^1]: note\n",
  "  more\n",
  "[^1] ",
];

test("[SAFE-2] showing any text never throws, and a text that grew in pieces ends as one that came whole", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "\n",
      "\n\n",
      "[a]: b\n",
      "[1]: /x\n",
      "[a]",
      "- x\n",
      "```\n",
      "a\r",
      "\n\r",
      "|a|\n|-|\n",
      ...EXTRAS,
      "> ",
      "  ",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      let grown: Blocks = NO_BLOCKS;
      let text = "";
      for (const next of pieces) {
        text += next;
        grown = readGrowingBlocks(text, grown);
      }
      const whole = readBlocks(text);
      expect({ ...readBlocks(text, grown), cost: null }).toEqual({ ...whole, cost: null });
      show(text);
    }),
    { numRuns: 300 },
  );
});

test("[SAFE-2] what is put off while a text grows is shown meanwhile, and read at its end", () => {
  const list = "- an item of some words\n".repeat(1200);
  const grown = readGrowingBlocks(`${list}- more`, readGrowingBlocks(list, NO_BLOCKS));
  expect(grown.rest).toBe("- more");
  const view = render(<Markdown text={list} isGrowing />);
  view.rerender(<Markdown text={`${list}- more`} isGrowing />);
  expect(view.container.querySelector(".markdown > .plain")?.textContent).toBe("- more");
  view.rerender(<Markdown text={`${list}- more`} />);
  expect(view.container.querySelector(".markdown > .plain")).toBeNull();
  expect(view.container.querySelectorAll("li")).toHaveLength(1201);
});

test("[SAFE-2] a message that breaks while it is shown stands as it was written, and the others are formatted", () => {
  const broken: RichText = {
    ...RICH_TEXT,
    known: () => {
      throw new TypeError("a fault of ours");
    },
  };
  const { container } = render(
    <EnvironmentProvider value={testEnvironment()}>
      <RichTextContext.Provider value={broken}>
        <Markdown text="**one**" />
        <Markdown text="**two** $x$" />
        <Markdown text="**three**" />
      </RichTextContext.Provider>
    </EnvironmentProvider>,
  );
  expect([...container.querySelectorAll("strong")].map((strong) => strong.textContent)).toEqual(["one", "three"]);
  expect([...container.querySelectorAll(".markdown")].map((text) => text.textContent)).toEqual([
    "one",
    "**two** $x$",
    "three",
  ]);
});

test("[SAFE-2] a long paragraph that is too costly is shown as it was written, until one asks for it formatted", () => {
  const container = show(`**bold**\n\n${"*a* ".repeat(8000)}`);
  expect(container.querySelectorAll("em")).toHaveLength(0);
  expect(container.querySelector("strong")).not.toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show formatted" }));
  expect(container.querySelectorAll("em")).toHaveLength(8000);
});

test("[SAFE-2] lists and quotes nest so deep and no deeper, and what lies deeper stands as it was written", () => {
  const lists = show(`${"- ".repeat(500)}end`);
  expect(lists.querySelectorAll("ul").length).toBeLessThanOrEqual(16);
  expect(lists.textContent).toMatch(/- - end$/);
  const quotes = show(`${">".repeat(450)}end`);
  expect(quotes.querySelectorAll("blockquote").length).toBeLessThanOrEqual(32);
  expect(quotes.textContent).toMatch(/>>end$/);
});

/** The text without white space and marks. */
function markless(text: string): string {
  return text.replaceAll(/[\s\p{P}\p{S}\p{C}]/gu, "");
}
