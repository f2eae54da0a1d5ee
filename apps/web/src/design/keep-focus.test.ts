import { beforeEach, expect, test } from "vitest";
import { keepFocus } from "./keep-focus.ts";

let isTouch = false;

beforeEach(() => {
  isTouch = false;
  const stop = keepFocus(document, () => isTouch);
  return stop;
});

function page(html: string): void {
  document.body.innerHTML = html;
}

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`${selector} is not there`);
  return found;
}

async function focused(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve));
  return document.activeElement?.id ?? "";
}

test("what goes leaves the focus to the next of its kind, and there to the first thing, whatever was pressed", async () => {
  page(
    `<ul>${["a", "b", "c"].map((id) => `<li><button id="open-${id}"></button><button id="erase-${id}"></button></li>`).join("")}</ul>`,
  );
  find("#erase-b").focus();
  find("li:nth-child(2)").remove();
  expect(await focused()).toBe("open-c");
  find("li:last-child").remove();
  expect(await focused()).toBe("open-a");
});

test("the last one leaves it to what stands before the list, not to what can be pressed after it", async () => {
  page(
    `<main><textarea id="box"></textarea><ul><li><button id="remove"></button></li></ul><button id="send"></button></main>`,
  );
  find("#remove").focus();
  find("ul").remove();
  expect(await focused()).toBe("box");
});

test("who was writing presses nothing by going on", async () => {
  page(`<main><form><textarea id="box"></textarea></form><button id="erase"></button></main>`);
  find("#box").focus();
  find("form").remove();
  expect(await focused()).toBe("");
});

test("where nothing near can take it, what follows is asked before what comes first of all", async () => {
  page(
    `<nav><button id="hide"></button><div><h2><button id="back"></button></h2></div><p><button id="status"></button></p></nav>`,
  );
  find("#back").focus();
  find("h2").remove();
  expect(await focused()).toBe("status");
});

test("on a touch screen no text field takes it over", async () => {
  isTouch = true;
  page(`<main><textarea id="box"></textarea><p><button id="remove"></button></p><button id="after"></button></main>`);
  find("#remove").focus();
  find("p").remove();
  expect(await focused()).toBe("after");
});

test("in what is read, one goes on reading", async () => {
  page(
    `<div id="log" tabindex="0"><article><button id="first"></button></article><article><button id="again"></button></article></div>`,
  );
  find("#again").focus();
  find("article:last-child").remove();
  expect(await focused()).toBe("log");
});

test("a group that is rendered anew keeps it, with what can be pressed there", async () => {
  const group = (back: string) =>
    `<article><div role="group" aria-label="Versions"><button id="back" ${back}></button><button id="on"></button></div></article>`;
  page(`<div id="log" tabindex="0">${group("")}</div>`);
  find("#back").focus();
  find("#log").innerHTML = group("disabled");
  expect(await focused()).toBe("on");
});

test("what a component has focused by itself keeps the focus, and so does nothing where the person has left", async () => {
  page(`<p><button id="gone"></button></p><p><button id="near"></button></p><p><button id="far"></button></p>`);
  find("#gone").focus();
  find("p").remove();
  find("#far").focus();
  expect(await focused()).toBe("far");
  find("#far").blur();
  expect(await focused()).toBe("");
  find("p:last-child").remove();
  expect(await focused()).toBe("");
});

test("a button that can't be pressed for a moment has the focus again afterwards, and leaves it where it goes meanwhile", async () => {
  page(`<p><button id="save"></button></p><p><button id="near"></button></p>`);
  find("#save").focus();
  await focused();
  find("#save").blur();
  find("#save").setAttribute("disabled", "");
  expect(await focused()).toBe("");
  find("#save").removeAttribute("disabled");
  expect(await focused()).toBe("save");
  find("#save").blur();
  find("#save").setAttribute("disabled", "");
  await focused();
  find("p").remove();
  expect(await focused()).toBe("near");
});

test("what lay over the page leaves it to what is read there, and a page that goes leaves it to nobody", async () => {
  const shell = `<a id="skip" href="#log"></a><main><div id="log" tabindex="0"></div></main><p><button id="over"></button></p>`;
  page(`<div id="app"><div>${shell}</div></div>`);
  find("#over").focus();
  find("p").remove();
  expect(await focused()).toBe("log");
  find("#app").innerHTML = `<div>${shell.replace("log", "next")}</div>`;
  expect(await focused()).toBe("");
});
