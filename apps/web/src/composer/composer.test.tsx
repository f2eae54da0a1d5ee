/** The message box: typing, sending, stopping, choosing. */
import type { Config } from "@instep/protocol";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { useState } from "preact/hooks";
import { expect, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import type { EnterKey } from "../settings/settings-store.ts";
import { Composer } from "./composer.tsx";
import { createDrafts } from "./drafts.ts";
import { sendsOn } from "./enter-key.ts";

interface Setting {
  readonly isStreaming?: boolean;
  readonly isTouch?: boolean;
  readonly isStopping?: boolean;
  readonly models?: Config["models"];
  readonly chosenId?: string;
}

function show(setting: Setting = {}) {
  const { isStreaming = false, isTouch = false, isStopping = false, chosenId = "demo" } = setting;
  const { models = [{ id: "demo", name: "Demo" }] } = setting;
  const calls: unknown[] = [];
  function Box({ open }: { readonly open: string }) {
    const [text, setText] = useState("");
    return (
      <Composer
        text={text}
        onText={setText}
        onSend={() => {
          calls.push(["send", text]);
          setText("");
        }}
        onFiles={(files) => void calls.push(["files", files.map(({ name }) => name)])}
        onStop={isStreaming ? () => void calls.push("stop") : null}
        isStopping={isStopping}
        models={{ models, chosenId, onChoose: (id) => void calls.push(["model", id]) }}
        isSendKey={(event) => sendsOn(event, "auto", isTouch)}
        focusKey={isTouch ? null : open}
      />
    );
  }
  const { rerender } = render(<Box open="here" />);
  const field = screen.getByRole("textbox", { name: "Message" });
  return { calls, field, open: (id: string) => rerender(<Box open={id} />) };
}

test("Enter sends, Shift with Enter makes a new line, and the box is empty and focused afterwards", async () => {
  const { calls, field } = show();
  expect(document.activeElement).toBe(field);
  await userEvent.type(field, "one{Shift>}{Enter}{/Shift}two{Enter}");
  expect(calls).toEqual([["send", "one\ntwo"]]);
  expect(field).toHaveProperty("value", "");
  expect(document.activeElement).toBe(field);
});

test("on a touch screen Enter makes a new line, and the button sends", async () => {
  const { calls, field } = show({ isTouch: true });
  await userEvent.type(field, "one{Enter}two");
  expect(calls).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(calls).toEqual([["send", "one\ntwo"]]);
  expect(document.activeElement).toBe(field);
});

test("opening another conversation at a keyboard leads into the box, and brings no keyboard up on a touch screen", () => {
  for (const isTouch of [false, true]) {
    const { field, open } = show({ isTouch });
    field.blur();
    open("there");
    expect(document.activeElement === field).toBe(!isTouch);
    document.body.replaceChildren();
  }
});

test("a stop that is on its way says so and can't be asked again, and on a touch screen brings no keyboard up", async () => {
  show({ isStreaming: true, isStopping: true });
  const stopping = screen.getByRole("button", { name: "Stop" });
  expect(stopping).toMatchObject({ disabled: true, textContent: "Stopping…" });
  document.body.replaceChildren();
  const { calls, field } = show({ isStreaming: true, isTouch: true });
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect([calls, document.activeElement === field]).toEqual([["stop"], false]);
});

test("the box grows with its text and shrinks again, and with the page's width, where the browser does not do it itself", () => {
  vi.stubGlobal("CSS", { supports: () => false });
  const { field } = show();
  let width = 1;
  Object.defineProperty(field, "scrollHeight", {
    get: () => 24 * width * (field as HTMLTextAreaElement).value.split("\n").length,
  });
  const heights = ["one", "one\ntwo\nthree", ""].map((value) => {
    fireEvent.input(field, { target: { value } });
    return field.style.height;
  });
  expect(heights).toEqual(["24px", "72px", "24px"]);
  width = 2;
  window.dispatchEvent(new Event("resize"));
  expect(field.style.height).toBe("48px");
  vi.unstubAllGlobals();
});

test("the box is measured in no key press where its CSS sizes it", () => {
  vi.stubGlobal("CSS", { supports: () => true });
  const { field } = show();
  let measured = 0;
  Object.defineProperty(field, "scrollHeight", { get: () => measured++ });
  fireEvent.input(field, { target: { value: "one\ntwo" } });
  window.dispatchEvent(new Event("resize"));
  expect([measured, field.style.height]).toEqual([0, ""]);
  vi.unstubAllGlobals();
});

const LONG = Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n");
const paste = (field: HTMLElement, text: string) =>
  fireEvent.paste(field, { clipboardData: { types: ["text/plain"], files: [], getData: () => text } });

test("a long paste is folded beside what is typed, can be looked at, and is sent with it", async () => {
  const { calls, field } = show();
  await userEvent.type(field, "Look:");
  paste(field, LONG);
  await screen.findByText("Pasted text · 50 lines");
  expect(field).toHaveProperty("value", "Look:");
  await userEvent.type(field, " well{Enter}");
  expect(calls.at(-1)).toEqual(["send", expect.stringContaining("Look: well")]);
  expect(screen.queryByText(/Pasted text/)).toBeNull();
});

test("a long paste takes the place of what is selected, though it is folded beside it", async () => {
  const { field } = show();
  await userEvent.type(field, "Before, the old text, after");
  (field as HTMLTextAreaElement).setSelectionRange(6, 20);
  paste(field, LONG);
  await screen.findByText("Pasted text · 50 lines");
  expect(field).toHaveProperty("value", "Before, after");
});

test("a folded paste can be sent by itself, put into the box under what is typed, and taken away", async () => {
  const { field } = show();
  paste(field, LONG);
  await screen.findByText("Pasted text · 50 lines");
  expect(document.querySelector("#send-btn")).toHaveProperty("disabled", false);
  await userEvent.type(field, "above");
  await userEvent.click(screen.getByRole("button", { name: "Put into the box" }));
  expect(field).toHaveProperty("value", `above\n\n${LONG}`);
  paste(field, "x".repeat(5000));
  await userEvent.click(await screen.findByRole("button", { name: "Remove" }));
  expect(field).toHaveProperty("value", `above\n\n${LONG}`);
  expect(screen.queryByText(/Pasted text/)).toBeNull();
});

test("several pastes stand in the order of their coming, and each button is its own's", async () => {
  const { field } = show();
  const pastes = ["first", "second", "third"].map((name) => `${name} ${"x".repeat(5000)}`);
  for (const text of pastes) paste(field, text);
  const folded = () => [...document.querySelectorAll(".pasted-texts pre")].map(({ textContent }) => textContent);
  await screen.findAllByText(/Pasted text/);
  expect(folded()).toEqual(pastes);
  await userEvent.click(screen.getAllByRole("button", { name: "Put into the box" })[1] ?? document.body);
  expect([field, folded()]).toEqual([expect.objectContaining({ value: pastes[1] }), [pastes[0], pastes[2]]]);
  await userEvent.click(screen.getAllByRole("button", { name: "Remove" })[0] ?? document.body);
  expect(folded()).toEqual([pastes[2]]);
});

test("pasted texts count for the limit, and a short paste is left to the box", async () => {
  const { field } = show();
  for (let count = 0; count < 2; count++) paste(field, "x".repeat(150_000));
  expect(await screen.findAllByText("Pasted text · 150,000 characters")).toHaveLength(2);
  expect(document.querySelector("#send-btn")).toMatchObject({ disabled: true, title: "Too long to send" });
  expect(paste(field, "short")).toBe(true);
});

test("pasted files are taken; a paste that has text of its own is left to the box", () => {
  const { calls, field } = show();
  const file = new File(["text"], "notes.txt", { type: "text/plain" });
  for (const types of [["Files"], ["Files", "text/plain"], ["text/plain"]]) {
    const files = types.includes("Files") ? [file] : [];
    fireEvent.paste(field, { clipboardData: { types, files, getData: () => "" } });
  }
  expect(calls).toEqual([["files", ["notes.txt"]]]);
});

test("nothing but blanks is not sent", async () => {
  const { calls, field } = show();
  await userEvent.type(field, "  {Enter}");
  expect(document.querySelector("#send-btn")).toHaveProperty("disabled", true);
  expect(calls).toEqual([]);
});

test("the stop button is there only while the reply is written, and what is sent meanwhile can be seen to wait", async () => {
  show();
  expect(document.querySelector("#stop-btn")).toBeNull();
  document.body.replaceChildren();
  const { calls, field } = show({ isStreaming: true });
  await userEvent.type(field, "next{Enter}and");
  expect(document.querySelector("#send-btn")).toMatchObject({
    disabled: false,
    title: "Send when the reply has ended",
  });
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect(calls).toEqual([["send", "next"], "stop"]);
  expect(field).toHaveProperty("value", "and");
  expect(document.activeElement).toBe(field);
});

test("a model is chosen where there are several", async () => {
  const models = [
    { id: "demo", name: "Demo" },
    { id: "large", name: "Large" },
  ];
  const { calls } = show({ models });
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Model" }), "large");
  expect(calls).toEqual([["model", "large"]]);
});

test("the model that is chosen is the one that is named, also where it is not among the offered", () => {
  const models = ["demo", "large"].map((id) => ({ id, name: id }));
  for (const chosenId of ["large", "gone"]) {
    show({ models, chosenId });
    const list = screen.getByRole("combobox", { name: "Model" });
    expect(list).toHaveProperty("value", chosenId);
    expect(list.closest("label")?.querySelector("span")?.textContent).toBe(chosenId);
    cleanup();
  }
});

test("what Enter does follows the setting, and an input method's Enter never sends", () => {
  const modifiers = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  const press = { key: "Enter", keyCode: 13, isComposing: false, ...modifiers };
  const table: readonly (readonly [EnterKey, boolean, boolean])[] = [
    ["auto", false, true],
    ["auto", true, false],
    ["sends", true, true],
    ["newline", false, false],
  ];
  for (const [enterKey, isTouch, sends] of table) expect(sendsOn(press, enterKey, isTouch)).toBe(sends);
  for (const key of ["ctrlKey", "metaKey"]) expect(sendsOn({ ...press, [key]: true }, "newline", false)).toBe(true);
  for (const key of ["shiftKey", "altKey"]) {
    expect(sendsOn({ ...press, [key]: true, ctrlKey: true }, "sends", false)).toBe(false);
  }
  expect(sendsOn({ ...press, isComposing: true }, "sends", false)).toBe(false);
  expect(sendsOn({ ...press, keyCode: 229 }, "sends", false)).toBe(false);
  expect(sendsOn({ ...press, shiftKey: true }, "sends", false)).toBe(false);
});

test("a draft is taken once, however late the page shows that it is gone", () => {
  const drafts = createDrafts(testEnvironment().keyValue);
  drafts.set("a", "half a thought");
  expect([drafts.take("a"), drafts.take("a"), drafts.get("a")]).toEqual(["half a thought", "", ""]);
});

test("a text of more than 200,000 UTF-16 units is not sent, and the box says so and by how much", async () => {
  const { calls, field } = show();
  fireEvent.input(field, { target: { value: "😀".repeat(100_000) } });
  expect(document.querySelector("#send-btn")).toHaveProperty("disabled", false);
  expect([screen.queryByRole("alert"), field.getAttribute("aria-invalid")]).toEqual([null, "false"]);
  fireEvent.input(field, { target: { value: `${"😀".repeat(100_000)}abc` } });
  expect((await screen.findByRole("alert")).textContent).toBe("Too long to send.");
  expect(document.querySelector(".over-limit")?.textContent).toContain("200,003 characters, 3 more than the 200,000");
  expect(document.querySelector("#send-btn")).toMatchObject({ disabled: true, title: "Too long to send" });
  expect([field.getAttribute("aria-invalid"), field.getAttribute("aria-describedby")]).toEqual([
    "true",
    document.querySelector(".over-limit")?.id,
  ]);
  await userEvent.type(field, "{Enter}");
  expect(calls).toEqual([]);
});

test("what the box does with a key or a paste itself, the browser doesn't do too", () => {
  const { calls, field } = show();
  const paste = (text: string, files: readonly File[] = []) => {
    const clipboardData = { types: text === "" ? ["Files"] : ["text/plain"], files, getData: () => text };
    return fireEvent(field, Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData }));
  };
  expect([paste("short"), paste("x".repeat(5000)), paste("", [new File(["x"], "x.txt")])]).toEqual([
    true,
    false,
    false,
  ]);
  expect(calls).toEqual([["files", ["x.txt"]]]);
  expect([
    fireEvent.keyDown(field, { key: "Enter" }),
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true }),
    fireEvent.keyDown(field, { key: "x" }),
  ]).toEqual([false, true, true]);
});
