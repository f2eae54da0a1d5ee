/** In a language in which every text of the page stands in brackets, nothing else is shown or told: no text goes past the layer. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, row } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { GERMAN } from "./german/german.ts";
import { type Catalogue, setSpeech } from "./words.ts";

const NO_WORDS = /^(?:Instep|English|Deutsch|Demo|Januar 2026|\W|\d|kB|MB)*$/;
const TELLING = ["aria-label", "title", "placeholder", "alt"];

/** Every text in brackets, with its slots in it. */
function bracketed(): Catalogue {
  return Object.fromEntries(Object.keys(GERMAN).map((text) => [text, `⟦${text}⟧`])) as unknown as Catalogue;
}

beforeEach(() => {
  layOut();
  setSpeech({ language: "de", locale: "de", clock: "de", catalogue: bracketed() });
});
afterEach(() => vi.unstubAllGlobals());

/** What is shown or told in the page, without what stands in brackets. */
function pastTheLayer(): readonly string[] {
  const shown: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const isForeign = walker.currentNode.parentElement?.closest(
      ".row-time, time, kbd, .conversation-title, code, pre, option",
    );
    if (!isForeign) shown.push(walker.currentNode.textContent ?? "");
  }
  for (const element of document.querySelectorAll("*")) {
    if (!element.closest(".conversation-link")) shown.push(...TELLING.map((name) => element.getAttribute(name) ?? ""));
  }
  return shown.map(withoutBrackets).filter((text) => !NO_WORDS.test(text));
}

function withoutBrackets(text: string): string {
  const shorter = text.replaceAll(/⟦[^⟦⟧]*⟧/g, "");
  return shorter === text ? text.trim() : withoutBrackets(shorter);
}

test("the page, its menus, dialogs and toasts say nothing that is not in the catalogue", async () => {
  const whole = await wholePage("/", {}, { isTouch: true });
  await whole.transport.last.answer(full(100, [row("a", 10, { title: "" }), row("b", 4, { title: "" })]));
  await whole.settle();
  expect(pastTheLayer()).toEqual([]);
  const press = async (name: string) => {
    fireEvent.click(screen.getAllByRole("button", { name })[0] as HTMLElement);
    await whole.settle();
  };
  await press("⟦Conversation actions⟧");
  expect(pastTheLayer()).toEqual([]);
  fireEvent.click(screen.getByRole("menuitem", { name: "⟦Archive⟧" }));
  await whole.settle();
  expect(document.querySelectorAll(".toast")).toHaveLength(1);
  expect(pastTheLayer()).toEqual([]);
  for (const key of ["?", "k"]) {
    fireEvent.keyDown(document.body, { key, ctrlKey: key === "k" });
    await whole.settle();
    expect(document.querySelectorAll("dialog")).toHaveLength(1);
    expect(pastTheLayer()).toEqual([]);
    fireEvent(document.querySelector("dialog") as Element, new Event("cancel"));
    await whole.settle();
  }
  await press("⟦Settings⟧");
  expect(pastTheLayer()).toEqual([]);
  await press("⟦Account⟧");
  expect(pastTheLayer()).toEqual([]);
});
