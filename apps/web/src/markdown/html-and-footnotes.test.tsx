/** Tags that models write, and footnotes: shown as meant, and otherwise the text that they are. */
import { fireEvent, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { readBlocks, readGrowingBlocks } from "./blocks.ts";
import { Markdown } from "./markdown.tsx";

const environment = testEnvironment();

function show(text: string): Element {
  return render(
    <EnvironmentProvider value={environment}>
      <Markdown text={text} />
    </EnvironmentProvider>,
  ).container;
}

test("sub, sup, kbd and br are what they say, with marks inside, in paragraphs and cells", () => {
  const container = show("H<sub>2</sub>O, x<SUP>**n**</SUP>, <kbd>Ctrl</kbd><br>next<br/>\n\n|a|\n|-|\n|b<br />c|");
  expect(container.querySelector("sub")?.textContent).toBe("2");
  expect(container.querySelector("sup strong")?.textContent).toBe("n");
  expect(container.querySelector("kbd")?.textContent).toBe("Ctrl");
  expect(container.querySelectorAll("p br")).toHaveLength(2);
  expect(container.querySelectorAll("td br")).toHaveLength(1);
});

test.each([
  "a <sub>b",
  "a </sub> b",
  "a <sub></sub> b",
  '<sub class="x">b</sub>',
  "<br onclick=x>",
  "<u>b</u>",
  "`<sub>a</sub>`",
])("other tags, and tags alone, are text: %j", (text) => {
  const container = show(text);
  expect(container.querySelector("sub, sup, kbd, br, u")).toBeNull();
  expect(container.textContent).toBe(text.replaceAll("`", ""));
});

test("a tag that encloses half of an emphasis breaks nothing", () => {
  expect(show("*a <sub>b* c</sub> d").textContent).toBe("*a b* c d");
});

test("details fold what they hold, whole markdown in it, up to their own end", () => {
  const container = show(
    "Before\n\n<details>\n<summary>More **of** it</summary>\n\n- one\n\n<details><summary>Inner</summary>\n\n```html\n</details>\n```\n\n</details>\n\nlast\n</details>\n\nAfter",
  );
  const [outer, inner] = container.querySelectorAll("details");
  expect(outer?.querySelector("summary strong")?.textContent).toBe("of");
  expect(outer?.querySelector("li")?.textContent).toBe("one");
  expect(inner?.parentElement).toBe(outer);
  expect(inner?.querySelector("code")?.textContent).toBe("</details>");
  expect(outer?.textContent).toContain("last");
  expect(outer?.textContent).not.toContain("After");
  expect(container.querySelector(".markdown")?.textContent).not.toMatch(/<.?details>\s*After/);
});

test("details without a summary, and such whose end has not come yet, hold what there is", () => {
  const container = show("<details>\n\nhidden\n\n- x");
  expect(container.querySelector("summary")?.textContent).toBe("Details");
  expect(container.querySelector("details li")?.textContent).toBe("x");
});

test("details in a list's item end with the item", () => {
  const container = show("- <details>\n  <summary>s</summary>\n\n  a\n\nb");
  expect(container.querySelector("li details")?.textContent).toContain("a");
  expect(container.querySelector("details")?.textContent).not.toContain("b");
});

test("a mark leads to its footnote, also where the note comes later than the mark", () => {
  let read = readBlocks("As said[^1].\n\n");
  read = readGrowingBlocks("As said[^1].\n\n[^1]: By **whom**\n  and when.\n", read);
  expect(read.blocks.at(-1)?.nodes).toEqual([{ kind: "footnote", label: "1", text: "By **whom**\nand when." }]);
  const container = show("As said[^1] and[^Note].\n\n[^1]: By **whom**\n  and when.\n[^note]: Other");
  const notes = container.querySelectorAll(".footnote");
  expect([...notes].map((note) => note.textContent)).toEqual(["1 By whom\nand when.", "note Other"]);
  fireEvent.click(screen.getByRole("button", { name: "Footnote Note" }));
  expect(document.activeElement).toBe(notes[1]);
});

test("a mark without a note is the text that it is, and what looks like a note in code is code", () => {
  expect(show("See[^9] and [^a b].").textContent).toBe("See[^9] and [^a b].");
  expect(show("x[^1]\n\n```\n[^1]: y\n```").textContent).toContain("x[^1]");
});
