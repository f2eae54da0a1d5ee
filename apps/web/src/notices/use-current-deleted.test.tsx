/** The open conversation is deleted elsewhere while one writes in a field of the page: what one types next goes where it was meant to go. */
import { fireEvent, screen } from "@testing-library/preact";
import { beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, increment, row } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";

beforeEach(() => {
  layOut();
  return () => void vi.unstubAllGlobals();
});

/** The page at `a`, which somebody else deletes; `b` is there as well. */
async function page() {
  const whole = await wholePage(`/c/${idOf("a")}`);
  const { transport, device, settle } = whole;
  transport.answers.open = (id) => detail(id === idOf("a") ? "a" : "b", 10);
  await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  const rename = async (name: string) => {
    const link = document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`);
    link?.focus();
    fireEvent.keyDown(link ?? window, { key: "F2" });
    await settle();
    return screen.getByRole<HTMLInputElement>("textbox", { name: "Conversation title" });
  };
  const deleteElsewhere = async () => {
    void device.sync.incrementalSync();
    await transport.last.answer(increment(110, [], [idOf("a")]));
    await settle();
    expect(location.pathname).toBe("/");
  };
  return { ...whole, rename, deleteElsewhere };
}

const box = () => screen.getByRole("textbox", { name: "Message" });

test("[DEV-10] who is searching goes on searching, and the box has the focus again with the next chat that is opened", async () => {
  const { deleteElsewhere, settle } = await page();
  const search = screen.getByRole("searchbox");
  search.focus();
  await deleteElsewhere();
  expect(document.activeElement).toBe(search);
  fireEvent.click(screen.getByRole("link", { name: /Conversation b/ }));
  await settle();
  expect(document.activeElement).toBe(box());
});

test("[DEV-10] who renames another chat goes on with its title", async () => {
  const { rename, deleteElsewhere } = await page();
  const field = await rename("b");
  field.value = "Half a ti";
  await deleteElsewhere();
  expect(document.activeElement).toBe(field);
  expect(field.isConnected).toBe(true);
});

test("[DEV-10] what is typed as the title of the very chat that goes is no message", async () => {
  const { rename, deleteElsewhere } = await page();
  await rename("a");
  await deleteElsewhere();
  expect(document.activeElement).not.toBe(box());
});

test("[DEV-10] who writes a message, or nothing, is in the box of the new chat", async () => {
  for (const isWriting of [true, false]) {
    const { deleteElsewhere, device, unmount } = await page();
    if (isWriting) box().focus();
    else box().blur();
    await deleteElsewhere();
    expect(document.activeElement).toBe(box());
    device.stop();
    unmount();
  }
});

test("[DEV-10] who edits one of its messages goes on with it in the box of the new chat", async () => {
  const { deleteElsewhere, settle, drafts } = await page();
  fireEvent.click(screen.getAllByRole("button", { name: "Edit message" })[0] as HTMLElement);
  await settle();
  const field = document.querySelector<HTMLTextAreaElement>(".edit-message textarea");
  fireEvent.input(field as HTMLElement, { target: { value: "Edited" } });
  field?.focus();
  await deleteElsewhere();
  expect([document.activeElement, drafts.get("new")]).toEqual([box(), "Edited"]);
});
