/** Code in a message: what is shown of it, what is copied, and what stays as a person has seen it. */
import { fireEvent, render, screen } from "@testing-library/preact";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { FOLDED_OVER, lineCountOf, lineGroupsOf, SHOWN_FOLDED } from "./code-lines.ts";
import { loadHighlighter } from "../rich-text/highlight-code.ts";
import { createRichText, type RichText } from "../rich-text/rich-text.ts";
import { keyOf, type TextJob } from "../rich-text/text-job.ts";
import { RichTextContext } from "../rich-text/use-rich-text.ts";
import { readBlocks } from "./blocks.ts";
import { Markdown } from "./markdown.tsx";
import { UnfoldedContext } from "./unfolded-context.ts";

const environment = testEnvironment();

// Everything is near the view.
beforeEach(() => void vi.stubGlobal("IntersectionObserver", undefined));
afterEach(() => void vi.unstubAllGlobals());

/** Colours in this thread, at once after a moment. */
function richTextHere() {
  const asked: TextJob[] = [];
  const richText = createRichText(async (job) => {
    asked.push(job);
    const highlight = job.kind === "code" ? await loadHighlighter(job.language) : null;
    return { kind: "done", result: highlight?.(job.source) ?? null };
  });
  return { asked, richText };
}

interface Shown {
  readonly richText?: RichText;
  readonly text: string;
  readonly isGrowing?: boolean;
  readonly remembered?: Set<string>;
}

function page({ text, isGrowing = false, remembered = new Set(), richText }: Shown) {
  return (
    <EnvironmentProvider value={environment}>
      <RichTextContext.Provider value={richText ?? null}>
        <UnfoldedContext.Provider value={remembered}>
          <Markdown text={text} isGrowing={isGrowing} />
        </UnfoldedContext.Provider>
      </RichTextContext.Provider>
    </EnvironmentProvider>
  );
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n");
const fenced = (count: number) => `\`\`\`ts\n${numbered(count)}\n\`\`\``;
const hiddenLines = (container: Element) =>
  [...container.querySelectorAll<HTMLElement>(".code-lines")].filter(({ hidden }) => hidden).length;

test("code of 40 lines is shown whole, and of more it is folded until one asks for all of it", () => {
  const short = render(page({ text: fenced(FOLDED_OVER) }));
  expect(hiddenLines(short.container)).toBe(0);
  expect(screen.queryByRole("button", { name: /Show all/ })).toBeNull();
  short.unmount();
  const { container } = render(page({ text: fenced(1234) }));
  expect(hiddenLines(container)).toBe(container.querySelectorAll(".code-lines").length - 1);
  fireEvent.click(screen.getByRole("button", { name: "Show all 1,234 lines" }));
  expect(hiddenLines(container)).toBe(0);
  fireEvent.click(screen.getByRole("button", { name: "Show fewer lines" }));
  expect(hiddenLines(container)).toBeGreaterThan(0);
});

test("a folded block copies all of its code, and unfolds where the browser's search finds something in it", () => {
  const { container } = render(page({ text: fenced(100) }));
  fireEvent.click(screen.getByRole("button", { name: "Copy" }));
  expect(environment.copied.at(-1)).toBe(numbered(100));
  container.querySelector("[hidden]")?.dispatchEvent(new Event("beforematch"));
  return expect.poll(() => hiddenLines(container)).toBe(0);
});

test("lines wrap where a person wants it", () => {
  const { container } = render(page({ text: fenced(2) }));
  const wrap = screen.getByRole("button", { name: "Wrap" });
  expect(wrap.getAttribute("aria-pressed")).toBe("false");
  fireEvent.click(wrap);
  expect(wrap.getAttribute("aria-pressed")).toBe("true");
  expect(container.querySelector(".code-block.wrapped")).not.toBeNull();
});

test("code is folded while it grows too, and what a person has unfolded stays so, also where its message is shown anew", () => {
  const remembered = new Set<string>();
  const growing = render(page({ text: "```ts\n", isGrowing: true, remembered }));
  for (let count = 10; count <= 60; count += 10) {
    growing.rerender(page({ text: `\`\`\`ts\n${numbered(count)}`, isGrowing: true, remembered }));
    expect(hiddenLines(growing.container) > 0).toBe(count > FOLDED_OVER);
  }
  fireEvent.click(screen.getByRole("button", { name: "Show all 60 lines" }));
  growing.rerender(page({ text: `${fenced(100)}\n\nMore`, isGrowing: true, remembered }));
  expect(hiddenLines(growing.container)).toBe(0);
  growing.unmount();
  const again = render(page({ text: fenced(100), remembered }));
  expect(hiddenLines(again.container)).toBe(0);
  const other = render(page({ text: `\`\`\`ts\nother\n${numbered(100)}\n\`\`\``, remembered }));
  expect(hiddenLines(other.container)).toBeGreaterThan(0);
  other.unmount();
  fireEvent.click(screen.getByRole("button", { name: "Show fewer lines" }));
  again.unmount();
  expect(hiddenLines(render(page({ text: fenced(100), remembered })).container)).toBeGreaterThan(0);
});

test("code is coloured once its fence has closed, with the same words, and again at once where it is shown anew", async () => {
  const { asked, richText } = richTextHere();
  const open = "```ts\nconst a = 1;\n";
  const growing = render(page({ text: open, isGrowing: true, richText }));
  growing.rerender(page({ text: `${open}const b = 2;\n`, isGrowing: true, richText }));
  await Promise.resolve();
  expect(asked).toEqual([]);
  const whole = `${open}const b = 2;\n\`\`\``;
  growing.rerender(page({ text: whole, isGrowing: true, richText }));
  const keywords = (container: Element) => container.querySelectorAll(".code-keyword").length;
  await expect.poll(() => keywords(growing.container)).toBe(2);
  expect(growing.container.querySelector("code")?.textContent).toBe("const a = 1;\nconst b = 2;");
  growing.unmount();
  expect(keywords(render(page({ text: whole, richText })).container)).toBe(2);
  expect(asked).toHaveLength(1);
});

test("a fence that a whole message leaves open is coloured, one without a language is not", async () => {
  const { asked, richText } = richTextHere();
  const { container } = render(page({ text: "```\nlet b\n```\n\n```js\nlet a", richText }));
  await expect.poll(() => container.querySelectorAll(".code-keyword").length).toBe(1);
  expect(asked.map(keyOf)).toEqual(["code js\nlet a"]);
});

test("[SAFE-2] coloured lines say what was written, folded or not, in every group of them", async () => {
  const { richText } = richTextHere();
  const code = Array.from({ length: 700 }, (_, index) => `const a${index} = "<&>"; /* ${index}`).join("*/\n");
  const { container } = render(page({ text: `\`\`\`js title="x"\n${code}\n\`\`\``, richText }));
  await expect
    .poll(() => container.querySelectorAll(".code-lines:last-child .code-keyword").length)
    .toBeGreaterThan(50);
  expect(container.querySelector("code")?.textContent).toBe(code);
});

test("[SAFE-2] groups of lines are all of any code, and the first is what a folded one shows", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "\n", "\n\n\n", "word ", "\r\n"), { maxLength: 900 }), (pieces) => {
      const code = pieces.join("");
      const groups = lineGroupsOf(code);
      expect(groups.map(({ start, end }) => code.slice(start, end)).join("")).toBe(code);
      expect(lineCountOf(code)).toBe(code.split("\n").length);
      for (const { start, end, lineCount } of groups) {
        const text = code.slice(start, end);
        expect(lineCount).toBe(text === "" ? 0 : text.replace(/\n$/, "").split("\n").length);
        if (end < code.length) expect(text.endsWith("\n")).toBe(true);
      }
      if (groups.length > 1) expect(groups[0]?.lineCount).toBe(SHOWN_FOLDED);
    }),
  );
});

test.each([
  ["```\na\n```", true],
  ["```\n```", true],
  ["```\na\n\n```  ", true],
  ["````\n```\n````", true],
  ["- ```\n  a\n  ```", true],
  ["    indented", true],
  ["```", false],
  ["```\n", false],
  ["```\na", false],
  ["```\na\n", false],
  ["```\na\n\n", false],
  ["````\n```\n", false],
  ["- ```\n  a", false],
  ["> ```\n> a\n\nb", false],
])("a fence is closed by its own mark only: %j", (text, isClosed) => {
  const [block] = readBlocks(text).blocks;
  const code = JSON.stringify(block?.nodes).match(/"isClosed":(true|false)/)?.[1];
  expect(code).toBe(String(isClosed));
});
