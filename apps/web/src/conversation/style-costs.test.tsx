/** Styles whose cost grows with a conversation: what a browser works out anew for each token that comes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detail, full, idOf, row } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";

const SOURCES = join(import.meta.dirname, "..");

/** What stands before each `:has(…)` of the page's styles: the elements that a browser looks into. */
function anchors(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".css"));
  const styles = files.map((file) => readFileSync(join(SOURCES, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, ""));
  const selectors = styles.flatMap((style) =>
    [...style.matchAll(/([^{}]*:has\([^{}]*)\{/g)].map(([, selector = ""]) => selector.trim()),
  );
  return selectors.map((selector) => selector.split(":", 1)[0] || "*");
}

test("no style depends on what is inside of what contains the messages: it would be looked for among thousands of them with every token", async () => {
  const { transport, settle, container } = await wholePage(`/c/${idOf("a")}`);
  transport.answers.open = () => detail("a", 2);
  await transport.last.answer(full(100, [row("a", 2)]));
  await settle();
  const messages = container.querySelector("#messages");
  expect(messages?.querySelector(".message")).not.toBeNull();
  expect(anchors()).toContain(".model-picker");
  const around = anchors().filter((anchor) =>
    [...document.querySelectorAll(anchor)].some((element) => element.contains(messages)),
  );
  expect(around).toEqual([]);
});

test.each([
  ["/", true],
  [`/c/${idOf("a")}`, false],
  ["/elsewhere", false],
])("the message box of %s stands in the middle: %s", async (path, isBeginning) => {
  const { container } = await wholePage(path);
  expect(container.querySelector("main")?.classList.contains("beginning")).toBe(isBeginning);
  expect(container.querySelector(".welcome") !== null).toBe(isBeginning);
});
