/** Presets beside the instructions: what one device keeps another has, and nothing that was written is lost by one click. */
import type { Preset } from "@instep/protocol";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { useState } from "preact/hooks";
import { beforeEach, expect, test } from "vitest";
import { type Failure, failure } from "../sync/device.ts";
import { PresetBar } from "./preset-bar.tsx";
import type { PresetCalls } from "./preset-calls.ts";

/** The account's, as its server has them. */
let stored: Preset[];
let refusal: Failure | null;
let made = 0;

const preset = (name: string, instructions: string): Preset => ({
  id: `id-${name}`,
  name,
  instructions,
  updated_at: "2026-01-01T12:00:00.000000Z",
});

beforeEach(() => {
  stored = [preset("Rude", "Be rude."), preset("Brief", "Be brief.")];
  refusal = null;
});

const answer = async () => refusal ?? [...stored];
const calls: PresetCalls = {
  list: answer,
  save: async ({ id = `new-${++made}`, name, instructions }) => {
    if (refusal) return refusal;
    const at = stored.findIndex((one) => one.id === id);
    const saved = { ...preset(name, instructions), id };
    stored = at < 0 ? [...stored, saved] : stored.with(at, saved);
    return answer();
  },
  remove: async (id) => {
    if (!refusal) stored = stored.filter((one) => one.id !== id);
    return answer();
  },
};

function show(first = "") {
  let current = first;
  function Field() {
    const [text, setText] = useState(first);
    current = text;
    return (
      <>
        <textarea aria-label="Instructions" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <PresetBar calls={calls} text={text} onText={setText} />
      </>
    );
  }
  const { unmount } = render(<Field />);
  return {
    unmount,
    text: () => current,
    write: (text: string) =>
      fireEvent.input(screen.getByRole("textbox", { name: "Instructions" }), { target: { value: text } }),
  };
}

const list = () => screen.findByRole<HTMLSelectElement>("combobox", { name: "Preset" });
const options = async () => [...(await list()).options].slice(1).map(({ text }) => text);
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });
const undo = async () => userEvent.click(await screen.findByRole("button", { name: "Undo" }));

async function name(words: string, verb: string) {
  const field = screen.getByRole("textbox", { name: "Name of the preset" });
  fireEvent.input(field, { target: { value: words } });
  await userEvent.click(await screen.findByRole("button", { name: verb }));
}

test("[PRESET-1] presets stand in the order of their names, and choosing one takes its text over", async () => {
  const { text } = show();
  expect(await options()).toEqual(["Brief", "Rude"]);
  expect((await list()).selectedIndex).toBe(0);
  await userEvent.selectOptions(await list(), "Rude");
  expect(text()).toBe("Be rude.");
  expect((await list()).value).toBe("id-Rude");
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("[PRESET-1] a text of one's own that a preset replaces comes back", async () => {
  const { text } = show("Be kind.");
  await userEvent.selectOptions(await list(), "Rude");
  await userEvent.selectOptions(await list(), "Brief");
  expect(text()).toBe("Be brief.");
  await undo();
  expect(text()).toBe("Be kind.");
  expect((await list()).selectedIndex).toBe(0);
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("[PRESET-1] what was written since a preset was chosen comes back too, once what that replaced was taken back", async () => {
  const { text, write } = show("Be kind.");
  await userEvent.selectOptions(await list(), "Rude");
  write("Be rude, but fair.");
  await undo();
  expect(text()).toBe("Be kind.");
  write("Be kind, always.");
  await undo();
  expect(text()).toBe("Be rude, but fair.");
  await undo();
  expect(text()).toBe("Be kind, always.");
  write(" ");
  await undo();
  expect(text()).toBe("Be rude, but fair.");
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("[PRESET-1] what is written is saved under a name, and another opening has it", async () => {
  const first = show();
  await list();
  expect(button("Save as preset").disabled).toBe(true);
  first.write("Rhyme.");
  await userEvent.click(button("Save as preset"));
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Name of the preset" }));
  await name("  Poet ", "Save preset");
  expect(await options()).toEqual(["Brief", "Poet", "Rude"]);
  expect((await list()).selectedOptions[0]?.text).toBe("Poet");
  expect(document.activeElement).toBe(await list());
  first.unmount();
  show();
  expect(await options()).toEqual(["Brief", "Poet", "Rude"]);
});

test("[PRESET-1] a changed preset is saved in its own place, and what stood there comes back", async () => {
  const { write, text } = show();
  await userEvent.selectOptions(await list(), "Brief");
  write("Be very brief.");
  await userEvent.click(button("Save as preset"));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the preset" }).value).toBe("Brief");
  await name("bRIEF", "Replace");
  await waitFor(() => expect(stored.map(({ instructions }) => instructions)).toEqual(["Be rude.", "Be very brief."]));
  await undo();
  await waitFor(() => expect(stored[1]).toMatchObject({ id: "id-Brief", name: "Brief", instructions: "Be brief." }));
  expect(text()).toBe("Be very brief.");
});

test("[PRESET-1] one is renamed, to no name that another has; Enter takes the name and Escape leaves it", async () => {
  show("Be rude.");
  await list();
  await userEvent.click(button("Rename preset"));
  const field = screen.getByRole("textbox", { name: "Name of the preset" });
  fireEvent.input(field, { target: { value: "brief" } });
  expect(button("Name is taken").disabled).toBe(true);
  fireEvent.keyDown(field, { key: "Enter" });
  fireEvent.keyDown(field, { key: "Escape" });
  expect(screen.queryByRole("textbox", { name: "Name of the preset" })).toBeNull();
  await userEvent.click(button("Rename preset"));
  const cancel = screen.getByRole("textbox", { name: "Name of the preset" }).closest(".preset-row")?.lastElementChild;
  expect(fireEvent.keyDown(cancel ?? window, { key: "Escape" })).toBe(false);
  expect(screen.queryByRole("textbox", { name: "Name of the preset" })).toBeNull();
  await userEvent.click(button("Rename preset"));
  const again = screen.getByRole("textbox", { name: "Name of the preset" });
  fireEvent.input(again, { target: { value: "Gruff" } });
  fireEvent.keyDown(again, { key: "Enter" });
  await waitFor(() => expect(stored.map((one) => one.name)).toEqual(["Gruff", "Brief"]));
  expect(await options()).toEqual(["Brief", "Gruff"]);
  expect(stored[0]).toMatchObject({ id: "id-Rude", instructions: "Be rude." });
});

test("[PRESET-1] a name that was begun for a new one is not the renamed one's, whose case alone can be changed; an input method's Enter takes none", async () => {
  show("Be rude.");
  await list();
  const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the preset" });
  await userEvent.click(button("Save as preset"));
  fireEvent.input(field(), { target: { value: "Gruff" } });
  await userEvent.click(button("Rename preset"));
  expect(field().value).toBe("Rude");
  fireEvent.input(field(), { target: { value: "RUDE" } });
  fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([field().value, stored.map((one) => one.name)]).toEqual(["RUDE", ["Rude", "Brief"]]);
  fireEvent.keyDown(field(), { key: "Enter" });
  await waitFor(() => expect(stored.map((one) => one.name)).toEqual(["RUDE", "Brief"]));
});

test("[PRESET-1] a deleted one comes back as it was, and the text stays", async () => {
  const { text } = show("Be rude.");
  await list();
  await userEvent.click(button("Delete preset"));
  await waitFor(() => expect(stored.map((one) => one.name)).toEqual(["Brief"]));
  expect(screen.queryByRole("button", { name: "Delete preset" })).toBeNull();
  expect(document.activeElement).toBe(await list());
  await undo();
  await waitFor(() => expect(stored.map(({ id, name: called }) => [id, called])).toContainEqual(["id-Rude", "Rude"]));
  expect(text()).toBe("Be rude.");
});

test("[PRESET-1] what another device has changed meanwhile is there with the next answer", async () => {
  show("Be rude.");
  await list();
  stored = [preset("Rude", "Be rude."), preset("Kind", "Be kind.")];
  await userEvent.click(button("Rename preset"));
  await name("Gruff", "Rename");
  await waitFor(async () => expect(await options()).toEqual(["Gruff", "Kind"]));
});

test("[PRESET-1] what can't be read or saved says so, keeps what was written, and can be tried again", async () => {
  refusal = failure("unreachable", "");
  const { text } = show("Rhyme.");
  const told = await screen.findByRole("alert");
  expect(button("Save as preset").disabled).toBe(true);
  refusal = null;
  await userEvent.click(within(told).getByRole("button", { name: "Try again" }));
  expect(await options()).toEqual(["Brief", "Rude"]);
  expect(screen.queryByRole("alert")).toBeNull();
  refusal = failure("too_many_presets", "");
  await userEvent.click(button("Save as preset"));
  await name("Poet", "Save preset");
  expect((await screen.findByRole("alert")).textContent).toContain("no room for another preset");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the preset" }).value).toBe("Poet");
  expect(text()).toBe("Rhyme.");
});
