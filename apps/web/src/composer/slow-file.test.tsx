/** A file that takes its time to be read: its text goes where it was meant, and leads nobody away from where he is by then. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { NEW_CHAT } from "./drafts.ts";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

const [A, B] = [idOf("a"), idOf("b")];

/** A file that is read when the test lets it be. */
function slowFile() {
  const { promise, resolve } = Promise.withResolvers<ArrayBuffer>();
  const file = Object.assign(new File(["words"], "notes.txt"), { arrayBuffer: () => promise });
  return { file, read: () => resolve(new TextEncoder().encode("words").buffer) };
}

async function dropped(path: string) {
  const whole = await wholePage(path);
  whole.transport.answers.open = () => detail("a", 10);
  await whole.transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await whole.settle();
  const { file, read } = slowFile();
  const dataTransfer = { types: ["Files"], files: [file] };
  // Else the browser leaves the page for it.
  expect(fireEvent(window, Object.assign(new Event("drop", { cancelable: true }), { dataTransfer }))).toBe(false);
  await whole.settle();
  const open = async (id: string) => {
    fireEvent.click(document.querySelector(`[data-conversation-id="${id}"] .conversation-link`) ?? document.body);
    await whole.settle();
  };
  return { ...whole, read, open };
}

test("dropped where there is no chat, it begins a new one, unless another chat was opened meanwhile", async () => {
  const { read, open, settle, drafts } = await dropped("/nowhere");
  await open(A);
  read();
  await settle();
  expect([location.pathname, drafts.get(NEW_CHAT)]).toEqual([`/c/${A}`, expect.stringContaining("words")]);
});

test("dropped into one chat, it takes the focus into its box, and not into that of another one", async () => {
  const { read, open, settle, drafts } = await dropped(`/c/${A}`);
  await open(B);
  screen.getByRole("searchbox").focus();
  read();
  await settle();
  expect([document.activeElement, drafts.get(A)]).toEqual([
    screen.getByRole("searchbox"),
    expect.stringContaining("words"),
  ]);
});
