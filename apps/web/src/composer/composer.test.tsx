/** The message box: typing, sending, stopping, choosing. */
import { fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { useState } from "preact/hooks";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import type { EnterKey } from "../settings/settings-store.ts";
import { Composer } from "./composer.tsx";
import { createDrafts } from "./drafts.ts";
import { sendsOn } from "./enter-key.ts";

interface Setting {
  readonly isStreaming?: boolean;
  readonly isTouch?: boolean;
  readonly models?: readonly { readonly id: string; readonly name: string }[];
}

function show({ isStreaming = false, isTouch = false, models = [{ id: "demo", name: "Demo" }] }: Setting = {}) {
  const calls: unknown[] = [];
  function Box() {
    const [text, setText] = useState("");
    return (
      <Composer
        text={text}
        onText={setText}
        onSend={() => {
          calls.push(["send", text]);
          setText("");
        }}
        onStop={isStreaming ? () => void calls.push("stop") : null}
        isStopping={false}
        models={{ models, chosenId: "demo", onChoose: (id) => void calls.push(["model", id]) }}
        isSendKey={(event) => sendsOn(event, "auto", isTouch)}
        focusKey="here"
      />
    );
  }
  render(<Box />);
  return { calls, field: screen.getByRole("textbox", { name: "Message" }) };
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
});

test("nothing but blanks is not sent", async () => {
  const { calls, field } = show();
  await userEvent.type(field, "  {Enter}");
  expect(document.querySelector("#send-btn")).toHaveProperty("disabled", true);
  expect(calls).toEqual([]);
});

test("the stop button is there only while the reply is written, and typing goes on meanwhile", async () => {
  show();
  expect(document.querySelector("#stop-btn")).toBeNull();
  document.body.replaceChildren();
  const { calls, field } = show({ isStreaming: true });
  await userEvent.type(field, "next{Enter}");
  expect(field).toHaveProperty("value", "next");
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect(calls).toEqual(["stop"]);
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
  expect(sendsOn({ ...press, ctrlKey: true }, "newline", false)).toBe(true);
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
  expect(screen.getByRole("alert").textContent).toBe("Too long to send.");
  expect(document.querySelector(".over-limit")?.textContent).toContain("200,003 characters, 3 more than the 200,000");
  expect(document.querySelector("#send-btn")).toMatchObject({ disabled: true, title: "Too long to send" });
  expect([field.getAttribute("aria-invalid"), field.getAttribute("aria-describedby")]).toEqual([
    "true",
    document.querySelector(".over-limit")?.id,
  ]);
  await userEvent.type(field, "{Enter}");
  expect(calls).toEqual([]);
});
