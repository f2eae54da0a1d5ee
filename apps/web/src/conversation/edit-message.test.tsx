/** A message as a field: its keys, its limits, and where the focus goes. */
import { fireEvent, render, screen } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { message } from "../../test/messages.ts";
import { settle } from "../../test/settle.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { editKey } from "../composer/edit-drafts.ts";
import { createDrafts } from "../composer/drafts.ts";
import { DraftsProvider } from "../composer/use-draft.ts";
import { lazyPart } from "../design/lazy-part.tsx";
import { EnvironmentProvider } from "../environment.ts";
import { createSettingsStore, SettingsProvider } from "../settings/settings-store.ts";
import { EditMessage, type EditMessageProps } from "./edit-message.tsx";

function show(isPressed = true, drafts = createDrafts(testEnvironment().keyValue), isLocked = false) {
  const environment = testEnvironment();
  const calls: string[] = [];
  const { unmount } = render(
    <EnvironmentProvider value={environment}>
      <SettingsProvider value={createSettingsStore(environment.keyValue)}>
        <DraftsProvider value={drafts}>
          <EditMessage
            message={message(1, { content: "words" })}
            since={isPressed ? document.body : "kept"}
            isLocked={isLocked}
            onSave={(text) => calls.push(text)}
            onClose={() => calls.push("cancelled")}
          />
        </DraftsProvider>
      </SettingsProvider>
    </EnvironmentProvider>,
  );
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });
  return { calls, field, unmount, write: (value: string) => fireEvent.input(field, { target: { value } }) };
}

test("it begins at the end of the text, and Escape leaves it and nothing behind it", () => {
  const { calls, field } = show();
  expect([document.activeElement, field.selectionStart]).toEqual([field, 5]);
  let heard = 0;
  const hear = () => void heard++;
  window.addEventListener("keydown", hear);
  fireEvent.keyDown(field, { key: "Escape", isComposing: true });
  expect(calls).toEqual([]);
  heard = 0;
  fireEvent.keyDown(field, { key: "Escape" });
  window.removeEventListener("keydown", hear);
  expect([calls, heard]).toEqual([["cancelled"], 0]);
});

test.each(["Cancel", "Send"])("Escape on its button %s leaves it too, and means nothing else on the page", (name) => {
  const { calls } = show();
  let heard = 0;
  const hear = () => void heard++;
  window.addEventListener("keydown", hear);
  fireEvent.keyDown(screen.getByRole("button", { name }), { key: "Escape" });
  window.removeEventListener("keydown", hear);
  expect([calls, heard]).toEqual([["cancelled"], 0]);
});

test("nothing empty and nothing too long is sent", () => {
  const { calls, field, write } = show();
  for (const text of ["  ", "x".repeat(200_001)]) {
    write(text);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(screen.getByRole("button", { name: "Send" })).toHaveProperty("disabled", true);
  }
  expect(calls).toEqual([]);
  write("better");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(calls).toEqual(["better"]);
});

test("[DEV-12] what is typed is kept until it is sent or cancelled, and nothing is where it is the message as it was", () => {
  const drafts = createDrafts(testEnvironment().keyValue);
  const kept = () => drafts.get(editKey(message(1)));
  for (const [name, calls] of [
    ["Cancel", ["cancelled"]],
    ["Send", ["better"]],
  ] as const) {
    const shown = show(true, drafts);
    shown.write("better");
    expect(kept()).toBe("better");
    shown.write("words");
    expect(kept()).toBe("");
    shown.write("better");
    fireEvent.click(screen.getByRole("button", { name }));
    expect([kept(), shown.calls]).toEqual(["", calls]);
    shown.unmount();
  }
});

test("[DEV-12] what was kept comes back by itself without the focus", () => {
  const drafts = createDrafts(testEnvironment().keyValue);
  drafts.set(editKey(message(1)), "half a thought");
  const { field } = show(false, drafts);
  expect([field.value, document.activeElement === field]).toEqual(["half a thought", false]);
});

test("while a reply is being written it waits for that, since what replaces messages meanwhile would be refused after it", () => {
  const { calls, field, write } = show(true, undefined, true);
  write("other words");
  fireEvent.keyDown(field, { key: "Enter" });
  const form = field.closest("form");
  if (form) fireEvent.submit(form);
  expect(calls).toEqual([]);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(true);
  expect(form?.textContent).toContain("Wait until it has finished, or stop it first.");
});

test("one that comes once somebody has gone on to write elsewhere, over a slow line, takes no focus", () => {
  const box = document.createElement("textarea");
  document.body.append(box);
  box.focus();
  show();
  expect(document.activeElement).toBe(box);
});

test("where it can't be loaded, as offline or once the server has another build, it can be closed, and the message is there again", async () => {
  const Field = lazyPart<EditMessageProps>(() => Promise.reject(new Error("no network")));
  const closed = vi.fn();
  render(<Field message={message(1)} since="kept" isLocked={false} onSave={() => undefined} onClose={closed} />);
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(closed).toHaveBeenCalledTimes(1);
});
