/** The open conversation's menu: each item does what it says; a new chat's has only what can wait until it is begun. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { detail, full, idOf, row, summary } from "../../test/scripted-device.ts";
import { createDrafts, NEW_CHAT, NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { failure, type Result } from "../sync/device.ts";
import { InstructionsDialog } from "../instructions/instructions-dialog.tsx";
import { createToastStore, ToastProvider } from "../toasts/toast-store.ts";

const A = idOf("a");

async function opened(path = `/c/${A}`) {
  const whole = await wholePage(path);
  whole.transport.answers.open = () => detail("a", 2);
  await whole.transport.last.answer(full(100, [row("a", 2), row("b", 2)]));
  await whole.settle();
  const pick = async (name: string) => {
    fireEvent.click(await screen.findByRole("button", { name: "Chat options" }, { timeout: 4000 }));
    await whole.settle();
    fireEvent.click(screen.getByRole("menuitem", { name }));
    await whole.settle();
  };
  const go = async (to: string) => {
    window.history.pushState(null, "", to);
    fireEvent.popState(window);
    await whole.settle();
  };
  return { ...whole, pick, go };
}

test("the conversation can be renamed in the header, and its title stays where that is taken back", async () => {
  const { pick, settle, transport } = await opened();
  await pick("Rename");
  const field = screen.getByRole("textbox", { name: "Conversation title" });
  fireEvent.input(field, { target: { value: "Brioche" } });
  fireEvent.keyDown(field, { key: "Enter" });
  await settle();
  expect(transport.named("patch").at(-1)?.[1]).toEqual({ title: "Brioche" });
  expect(screen.getByRole("heading", { level: 1, name: "Brioche" })).toBeTruthy();
  await pick("Rename");
  fireEvent.input(screen.getByRole("textbox", { name: "Conversation title" }), { target: { value: "Other" } });
  fireEvent.keyDown(screen.getByRole("textbox", { name: "Conversation title" }), { key: "Escape" });
  await settle();
  expect(screen.getByRole("heading", { level: 1, name: "Brioche" })).toBeTruthy();
});

test.each([
  ["Pin", "pinned", "Unpin"],
  ["Archive", "archived", "Unarchive"],
] as const)("%s is done, and then there is its opposite", async (name, field, opposite) => {
  const { pick, transport } = await opened();
  await pick(name);
  expect(transport.named("patch").at(-1)?.[1]).toEqual({ [field]: true });
  await pick(opposite);
  expect(transport.named("patch").at(-1)?.[1]).toEqual({ [field]: false });
});

test("Delete moves it to the trash and leaves it", async () => {
  const { pick, transport } = await opened();
  await pick("Delete");
  expect(transport.named("remove")).toHaveLength(1);
  expect(location.pathname).toBe("/");
});

test("[SIGN-9] the conversation is exported as markdown or as JSON, for this account", async () => {
  const { pick, page, boot } = await opened();
  await pick("Export as Markdown");
  await pick("Export as JSON");
  const address = `/api/export?account=${boot.me.id}&conversation=${A}`;
  expect(page.downloaded).toEqual([`${address}&format=markdown`, `${address}&format=json`]);
});

test("a new chat can be told first what holds in it: kept until it is begun, and made with its first message alone", async () => {
  const { pick, page, settle, drafts, transport } = await opened("/");
  await pick("Instructions");
  fireEvent.input(await screen.findByRole("textbox", { name: "Instructions" }), { target: { value: "Be brief." } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await settle();
  expect(createDrafts(page.keyValue).get(NEW_INSTRUCTIONS)).toBe("Be brief.");
  fireEvent.click(screen.getByRole("button", { name: "With instructions" }));
  await settle();
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Instructions" }).value).toBe("Be brief.");
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  transport.answers.create = () => summary("n", 0);
  for (const text of ["hello", "again"]) {
    drafts.set(NEW_CHAT, text);
    await settle();
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    await settle();
    fireEvent.click(screen.getAllByRole("button", { name: "New chat" })[0] ?? document.body);
    await settle();
  }
  const id = expect.any(String);
  expect(transport.named("create")).toEqual([[{ id, instructions: "Be brief." }], [{ id }]]);
});

test.each(["Escape", "Close"])(
  "instructions that %s closes before they are saved are there again, until they are cancelled",
  async (way) => {
    const { pick, settle, drafts } = await opened("/");
    const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Instructions" });
    await pick("Instructions");
    fireEvent.input(field(), { target: { value: "Be brief." } });
    if (way === "Escape") fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
    else fireEvent.click(screen.getByRole("button", { name: "Close" }));
    await settle();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(drafts.get(NEW_INSTRUCTIONS)).toBe("");
    await pick("Instructions");
    expect([field().value, screen.getByRole("dialog").textContent]).toEqual([
      "Be brief.",
      expect.stringContaining("Not saved yet."),
    ]);
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await settle();
    await pick("Instructions");
    expect(field().value).toBe("");
  },
);

test("a title that is being changed is its own conversation's: opening another one leaves both as they are", async () => {
  const { pick, go, transport } = await opened();
  await pick("Rename");
  fireEvent.input(screen.getByRole("textbox", { name: "Conversation title" }), { target: { value: "Brioche" } });
  await go(`/c/${idOf("b")}`);
  expect(screen.queryByRole("textbox", { name: "Conversation title" })).toBeNull();
  expect(screen.getByRole("heading", { level: 1, name: "Conversation b" })).toBeTruthy();
  expect(transport.named("patch").filter(([id]) => id === idOf("b"))).toEqual([]);
});

test("instructions are their own conversation's: they close with it, and what was not saved there is in no other one", async () => {
  vi.stubGlobal("fetch", async (address: string) =>
    Response.json({ instructions: address.includes(A) ? "Of a" : "Of b" }),
  );
  const { pick, go, settle } = await opened();
  const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Instructions" });
  await pick("Instructions");
  await expect.poll(() => field().value).toBe("Of a");
  fireEvent.input(field(), { target: { value: "Of a, and more" } });
  await go(`/c/${idOf("b")}`);
  expect(screen.queryByRole("dialog")).toBeNull();
  await pick("Instructions");
  await expect.poll(() => field().value).toBe("Of b");
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await settle();
  await go(`/c/${A}`);
  await pick("Instructions");
  await expect.poll(() => field().value).toBe("Of a, and more");
  vi.unstubAllGlobals();
});

const none = () => Promise.resolve([]);
const NO_PRESETS = { list: none, save: none, remove: none };

function dialog(read: () => Promise<Result<string>>, save: (text: string) => Promise<Result<unknown>>) {
  let closed = 0;
  let kept = "";
  const unsaved = { get: () => kept, set: (text: string) => void (kept = text) };
  const calls = { read, save, unsaved };
  const toasts = createToastStore();
  const { unmount } = render(
    <ToastProvider value={toasts}>
      <InstructionsDialog calls={calls} presets={NO_PRESETS} onClose={() => closed++} />
    </ToastProvider>,
  );
  return {
    told: () => toasts.list().map(({ text }) => text),
    closed: () => closed,
    kept: () => kept,
    keep: unsaved.set,
    unmount,
    field: () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Instructions" }),
    button: (name: string) => screen.getByRole<HTMLButtonElement>("button", { name }),
  };
}

test("instructions are read, changed and saved, once", async () => {
  const saved: string[] = [];
  const { field, button, closed } = dialog(
    () => Promise.resolve("Be brief"),
    (text) => {
      saved.push(text);
      return Promise.resolve(null);
    },
  );
  expect(field().disabled).toBe(true);
  expect(button("Save").disabled).toBe(true);
  await expect.poll(() => field().value).toBe("Be brief");
  await userEvent.type(field(), ".");
  fireEvent.click(button("Save"));
  fireEvent.click(button("Save"));
  await expect.poll(closed).toBe(1);
  expect(saved).toEqual(["Be brief."]);
});

test("what is written while they are being saved stays in the field, and is not saved yet", async () => {
  const saves: ((answer: Result<unknown>) => void)[] = [];
  const { field, button, closed, kept } = dialog(
    () => Promise.resolve("Be brief"),
    () => new Promise((resolve) => saves.push(resolve)),
  );
  await expect.poll(() => field().value).toBe("Be brief");
  const write = (value: string) => act(async () => void fireEvent.input(field(), { target: { value } }));
  const save = () => act(async () => void fireEvent.click(button("Save")));
  await write("Rhyme");
  await save();
  // Back to what stood there before: on the server it is not, once this is saved.
  await write("Be brief");
  await act(async () => saves[0]?.(null));
  expect([closed(), field().value, kept()]).toEqual([0, "Be brief", "Be brief"]);
  await save();
  await act(async () => saves[1]?.(null));
  expect([closed(), saves.length, kept()]).toEqual([1, 2, ""]);
});

test("a save that ends after its dialog was closed closes no later one, and drops only what it saved", async () => {
  const saves: ((answer: Result<unknown>) => void)[] = [];
  const { field, button, closed, kept, keep, unmount } = dialog(
    () => Promise.resolve(""),
    () => new Promise((resolve) => saves.push(resolve)),
  );
  await expect.poll(() => field().disabled).toBe(false);
  await act(async () => void fireEvent.input(field(), { target: { value: "Rhyme" } }));
  await act(async () => void fireEvent.click(button("Save")));
  await act(async () => void fireEvent.click(button("Save")));
  await act(async () => void unmount());
  keep("Rhyme, and");
  await act(async () => saves[0]?.(null));
  expect([closed(), saves.length, kept()]).toEqual([0, 1, "Rhyme, and"]);
});

test("instructions that were changed elsewhere meanwhile are replaced only by who was told so", async () => {
  let stored = "Be brief";
  const { field, button, closed } = dialog(
    () => Promise.resolve(stored),
    (text) => Promise.resolve(void (stored = text)),
  );
  await expect.poll(() => field().value).toBe("Be brief");
  stored = "Be long";
  await act(async () => void fireEvent.input(field(), { target: { value: "Rhyme" } }));
  await act(async () => void fireEvent.click(button("Save")));
  expect(screen.getByRole("alert").textContent).toMatch(/^The instructions were changed elsewhere/);
  expect([stored, field().value, closed()]).toEqual(["Be long", "Rhyme", 0]);
  await act(async () => void fireEvent.click(button("Save")));
  expect([stored, closed()]).toEqual(["Rhyme", 1]);
});

test("nothing promises to cancel instructions that are being saved, and where that fails they can be", async () => {
  const saves: ((answer: Result<unknown>) => void)[] = [];
  const { field, button, closed, kept } = dialog(
    () => Promise.resolve(""),
    () => new Promise((resolve) => saves.push(resolve)),
  );
  await expect.poll(() => field().disabled).toBe(false);
  await act(async () => void fireEvent.input(field(), { target: { value: "Rhyme" } }));
  await act(async () => void fireEvent.click(button("Save")));
  expect(button("Cancel").disabled).toBe(true);
  await act(async () => saves[0]?.(failure("unreachable", "")));
  await act(async () => void fireEvent.click(button("Cancel")));
  expect([closed(), kept()]).toEqual([1, ""]);
});

test.each([
  ["The server can't be reached.", failure("unreachable", ""), ""],
  ["They were changed elsewhere meanwhile.", null, "Be long"],
])(
  "a save that fails after its dialog was closed says so, and keeps what was written: %s",
  async (why, answer, others) => {
    const saves: (() => void)[] = [];
    const texts = ["", others];
    const { field, button, kept, told, unmount } = dialog(
      () =>
        new Promise((resolve) =>
          texts.length === 2 ? resolve(texts.shift() ?? "") : saves.push(() => resolve(others)),
        ),
      async () => answer,
    );
    await expect.poll(() => field().disabled).toBe(false);
    await act(async () => void fireEvent.input(field(), { target: { value: "Rhyme" } }));
    await act(async () => void fireEvent.click(button("Save")));
    await act(async () => void unmount());
    await act(async () => saves[0]?.());
    expect([told(), kept()]).toEqual([[`The instructions are not saved yet. ${why}`], "Rhyme"]);
  },
);

test("what could not be saved stays in the field and can be saved again, and what could not be read can't be overwritten", async () => {
  let answer: Result<string> = failure("unreachable", "");
  let saved: Result<unknown> = failure("unreachable", "");
  const { field, button, closed } = dialog(
    () => Promise.resolve(answer),
    () => Promise.resolve(saved),
  );
  await expect.poll(() => screen.getByRole("alert").textContent).not.toBe("");
  expect(field().disabled).toBe(true);
  answer = "";
  fireEvent.click(button("Try again"));
  await expect.poll(() => field().disabled).toBe(false);
  expect(screen.getByRole("alert").textContent).toBe("");
  fireEvent.input(field(), { target: { value: "Rhyme" } });
  await expect.poll(() => button("Save").disabled).toBe(false);
  fireEvent.click(button("Save"));
  await expect.poll(() => screen.getByRole("alert").textContent).not.toBe("");
  expect([field().value, closed()]).toEqual(["Rhyme", 0]);
  saved = null;
  fireEvent.click(button("Save"));
  await expect.poll(closed).toBe(1);
});

test("instructions that are too long say by how much, before anybody saves them", async () => {
  const { field, button } = dialog(
    () => Promise.resolve(""),
    () => Promise.resolve(null),
  );
  await expect.poll(() => field().disabled).toBe(false);
  fireEvent.input(field(), { target: { value: "x".repeat(20_005) } });
  await expect.poll(() => screen.getByRole("alert").textContent).toBe("5 characters more than fit.");
  expect(button("Save").disabled).toBe(true);
  fireEvent.input(field(), { target: { value: "x".repeat(20_001) } });
  await expect.poll(() => screen.getByRole("alert").textContent).toBe("1 character more than fits.");
  fireEvent.input(field(), { target: { value: "x".repeat(20_000) } });
  await expect.poll(() => button("Save").disabled).toBe(false);
});

test("a press beside instructions that are written drops nothing; where nothing is, it closes them, and Cancel always does", async () => {
  const { field, button, closed } = dialog(
    () => Promise.resolve("Be brief"),
    () => Promise.resolve(null),
  );
  await expect.poll(() => field().value).toBe("Be brief");
  const write = async (value: string) => {
    await act(async () => void fireEvent.input(field(), { target: { value } }));
    fireEvent.pointerDown(screen.getByRole("dialog"));
    fireEvent.click(screen.getByRole("dialog"));
  };
  await write("Be brief, and");
  expect([closed(), field().value]).toEqual([0, "Be brief, and"]);
  await write("Be brief");
  expect(closed()).toBe(1);
  await write("Rhyme");
  fireEvent.click(button("Cancel"));
  fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
  expect(closed()).toBe(3);
});
