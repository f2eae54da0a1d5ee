/** A message as a field: its keys, its limits, and where the focus goes. */
import { fireEvent, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { createSettingsStore, SettingsProvider } from "../settings/settings-store.ts";
import { EditMessage } from "./edit-message.tsx";

function show() {
  const environment = testEnvironment();
  const calls: string[] = [];
  render(
    <EnvironmentProvider value={environment}>
      <SettingsProvider value={createSettingsStore(environment.keyValue)}>
        <EditMessage text="words" onSave={(text) => calls.push(text)} onCancel={() => calls.push("cancelled")} />
      </SettingsProvider>
    </EnvironmentProvider>,
  );
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });
  return { calls, field, write: (value: string) => fireEvent.input(field, { target: { value } }) };
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
