/** Markdown of messages: what is safe, what is quick, what is shown. */
import { fireEvent, render, screen } from "@testing-library/preact";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { readBlocks } from "./blocks.ts";
import { decodeEntities } from "./entities.ts";
import { Markdown } from "./markdown.tsx";
import { safeLink } from "./safe-link.ts";

function show(text: string) {
  const environment = testEnvironment();
  const view = render(
    <EnvironmentProvider value={environment}>
      <Markdown text={text} />
    </EnvironmentProvider>,
  );
  return { ...view, environment };
}

test("raw HTML is shown as the text that it is", () => {
  const { container } = show('Hi <img src=x onerror="alert(1)"> there\n\n<script>alert(1)</script>\n\n<b>bold</b>');
  expect(container.querySelector("img, script, b")).toBeNull();
  expect(container.textContent).toContain('<img src=x onerror="alert(1)">');
  expect(container.textContent).toContain("<script>alert(1)</script>");
});

test("only links that open a page or a letter can be followed", () => {
  const { container } = show(
    "[a](https://example.org/x) [b](javascript:alert(1)) [c](data:text/html,x) [d](/relative) [e](mailto:a@b.example) [f](JAVASCRIPT:x)",
  );
  const links = [...container.querySelectorAll("a")].map((link) => link.getAttribute("href"));
  expect(links).toEqual(["https://example.org/x", "mailto:a@b.example"]);
  expect(container.querySelector("a")?.getAttribute("rel")).toContain("noopener");
  expect(container.textContent).toContain("b c d");
});

test("no address with another protocol is ever safe", () => {
  fc.assert(
    fc.property(
      fc
        .tuple(
          fc.constantFrom(
            "http:",
            "javascript:",
            "java\nscript:",
            "data:",
            "vbscript:",
            "mailto:",
            "tel:",
            "ftp:",
            "blob:",
            "",
          ),
          fc.string(),
        )
        .map((parts) => parts.join("")),
      (href) => {
        const safe = safeLink(href);
        return safe === null || /^(https?|mailto):/.test(safe);
      },
    ),
  );
});

test("an image becomes a link, so that nobody learns who reads", () => {
  const { container } = show("![A map](https://example.org/map.png)");
  expect(container.querySelector("img")).toBeNull();
  expect(screen.getByRole("link", { name: "A map" }).getAttribute("href")).toBe("https://example.org/map.png");
});

test("a code block says its language and copies its text", async () => {
  const { environment } = show("```ts\nconst a = 1 < 2;\n```");
  expect(screen.getByText("ts")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Copy" }));
  expect(environment.copied).toEqual(["const a = 1 < 2;"]);
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
});

test("lists, tasks, tables, quotes and emphasis become their elements", () => {
  const { container } = show(
    "# Top\n\n1. one\n2. **two**\n\n- [x] done\n- [ ] open\n\n> said\n\n| a | b |\n|--|--:|\n| 1 | 2 |\n",
  );
  expect(container.querySelector("h3")?.textContent).toBe("Top");
  expect(container.querySelector("ol strong")?.textContent).toBe("two");
  expect([...container.querySelectorAll("input")].map((box) => box.checked)).toEqual([true, false]);
  expect(container.querySelector("blockquote")?.textContent?.trim()).toBe("said");
  expect(container.querySelector("td:last-child")?.textContent).toBe("2");
});

test("a numbered list begins with its number, and goes on counting where it is cut into pieces", () => {
  const starts = (text: string) => [...show(text).container.querySelectorAll("ol")].map(({ start }) => start);
  expect([starts("1. one\n2. two"), starts("5. five\n6. six"), starts("0) none")]).toEqual([[1], [5], [0]]);
  const long = Array.from({ length: 250 }, (_, index) => `${index + 3}. item`).join("\n");
  expect(starts(long)).toEqual([3, 103, 203]);
});

test("headings of a message stand below those of the page, each at its depth", () => {
  const { container } = show([1, 2, 3, 4, 5, 6].map((depth) => `${"#".repeat(depth)} Depth ${depth}`).join("\n\n"));
  const headings = [...container.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(({ tagName }) => tagName);
  expect(headings).toEqual(["H3", "H4", "H5", "H5", "H5", "H5"]);
});

test.each([
  ["https://a.b/c", "https://a.b/c", "https://a.b/c"],
  ["HTTP://A.b", "http://a.b/", "HTTP://A.b"],
  ["www.a.b/c", "https://www.a.b/c", "www.a.b/c"],
  ["ann@a.example", "mailto:ann@a.example", "ann@a.example"],
  ["www.x@a.example", "mailto:www.x@a.example", "www.x@a.example"],
  ["(https://a.b/c)", "https://a.b/c", "https://a.b/c"],
  ["((https://a.b/c))", "https://a.b/c", "https://a.b/c"],
  ["https://a.b/c_(d)", "https://a.b/c_(d)", "https://a.b/c_(d)"],
  ["(https://a.b/c_(d))", "https://a.b/c_(d)", "https://a.b/c_(d)"],
  ["(www.a.b/c), so", "https://www.a.b/c", "www.a.b/c"],
  ["(ann@a.example).", "mailto:ann@a.example", "ann@a.example"],
  ["https://a.b/c?d!", "https://a.b/c?d", "https://a.b/c?d"],
  ["https://a.b/c…", "https://a.b/c", "https://a.b/c"],
])(
  "an address without marks is a link that opens beside the chat, without what stands around it: %s",
  (text, href, words) => {
    const { container } = show(`See ${text} there`);
    const links = [...container.querySelectorAll("a")];
    expect(links.map((link) => [link.getAttribute("href"), link.textContent, link.target])).toEqual([
      [href, words, "_blank"],
    ]);
    expect(container.textContent).toBe(`See ${text} there`);
  },
);

test("an address in a link's words is no link of its own", () => {
  const { container } = show("[https://a.example](https://b.example) [www.a.example x@a.example](https://b.example)");
  const links = [...container.querySelectorAll("a")].map((link) => [link.getAttribute("href"), link.textContent]);
  expect(links).toEqual([
    ["https://b.example/", "https://a.example"],
    ["https://b.example/", "www.a.example x@a.example"],
  ]);
});

test("character references are shown as characters, in code as they were written", () => {
  const { container } = show("Fish &amp; chips &#8364; &unknown; `&amp;`");
  expect(container.textContent).toBe("Fish & chips € &unknown; &amp;");
  expect(decodeEntities("&#0; &#xD800; &#x1F600;")).toBe("&#0; &#xD800; 😀");
});

const PIECES = [
  "Some words here. ",
  "\n\n",
  "\n",
  "- item\n",
  "1. one\n",
  "# Heading\n",
  "```js\n",
  "code();\n",
  "```\n",
  "> quote\n",
  "| a | b |\n|---|---|\n",
  "**bold** ",
  "  indented\n",
  "\tindented with a tab\n",
  "    code\n",
  "<div>\n",
  "---\n",
  "\r\n",
];

test("a text that grew token by token reads like one that came whole", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
      let grown = readBlocks("");
      let text = "";
      for (const piece of pieces) {
        text += piece;
        grown = readBlocks(text, grown);
      }
      expect({ ...grown, cost: null }).toEqual({ ...readBlocks(text), cost: null });
      expect(grown.blocks.map(({ source }) => source).join("")).toBe(text.trim() === "" ? grown.text : text);
    }),
    { numRuns: 400 },
  );
});

test("a finished block of a growing text keeps its identity, so that a token costs the same at any length", () => {
  const long = Array.from({ length: 200 }, (_, index) => `Paragraph ${index} with some words.`).join("\n\n");
  const before = readBlocks(long);
  const after = readBlocks(`${long} And one more`, before);
  const kept = after.blocks.filter((block, index) => block === before.blocks[index]).length;
  expect(after.blocks).toHaveLength(before.blocks.length);
  expect(kept).toBeGreaterThanOrEqual(before.blocks.length - 4);
});

test("only a long text is marked as one whose parts need no place while they are out of sight", () => {
  const classOf = (count: number) =>
    show(Array.from({ length: count }, () => "Words.").join("\n\n"))
      .container.querySelector(".markdown")
      ?.className.trim();
  expect([classOf(2), classOf(400)]).toEqual(["markdown", "markdown long"]);
});
