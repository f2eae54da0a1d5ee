/** What a row's menu does, on the whole page: deleting with its Undo, and where that leaves who did it. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row, summary } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { failure } from "../sync/device.ts";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

const A = idOf("a");

async function list(path = "/") {
  const whole = await wholePage(path, {}, { hasFrames: true });
  const { transport, settle } = whole;
  transport.answers.open = () => detail("a", 10);
  transport.answers.remove = () => ({ status: "trashed", purge_at: "2026-01-31T00:00:00.000000Z" });
  transport.answers.restore = () => summary("a", 10);
  await transport.last.answer(full(100, [row("a", 10), row("b", 20), row("c", 30)]));
  await settle();
  const press = async (name: string, role = "button") => {
    fireEvent.click(screen.getByRole(role, { name }));
    await settle();
  };
  const act = async (id: string, item: string) => {
    const menu = document.querySelector<HTMLElement>(`[data-conversation-id="${id}"] .menu-button`);
    menu?.focus();
    fireEvent.click(menu ?? document.body);
    await settle();
    await press(item, "menuitem");
  };
  const ids = () =>
    [...document.querySelectorAll(".conversation-item")].map((item) => item.getAttribute("data-conversation-id"));
  return { ...whole, press, act, ids };
}

const linkOf = (id: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${id}"] .conversation-link`) ?? document.body;
const focusedRow = () => document.activeElement?.closest(".conversation-item")?.getAttribute("data-conversation-id");

test("a deleted row goes at once, and Undo brings back that one and opens nothing", async () => {
  const { act, ids, press, transport } = await list();
  await act(A, "Delete");
  expect(ids()).not.toContain(A);
  expect(screen.getByText("“Conversation a” was moved to the trash")).toBeTruthy();
  await press("Undo");
  expect([transport.named("restore"), ids().includes(A), location.pathname]).toEqual([[[A]], true, "/"]);
});

test("the open conversation that is deleted is left, and opened again once Undo has brought it back", async () => {
  const { act, press, settle, transport } = await list(`/c/${A}`);
  await act(A, "Delete");
  expect(location.pathname).toBe("/");
  const restored = Promise.withResolvers<void>();
  transport.answers.restore = async () => {
    await restored.promise;
    return summary("a", 10);
  };
  await press("Undo");
  expect(location.pathname).toBe("/");
  restored.resolve();
  await settle();
  expect(location.pathname).toBe(`/c/${A}`);
});

test.each(["restored", "refused"])(
  "of several that are deleted the open one is left, and opened again once Undo has brought it back: %s",
  async (outcome) => {
    const { press, settle, environment, transport } = await list(`/c/${A}`);
    const answers = { conversations: [summary("a", 10), summary("b", 20)], deleted_ids: [], missing_ids: [] };
    transport.answers.act = () => answers;
    for (const name of ["a", "b"]) {
      fireEvent.click(linkOf(idOf(name)), { ctrlKey: true });
      await settle();
    }
    await press("Delete selected");
    expect(location.pathname).toBe("/");
    await environment.advance(0);
    await settle();
    const undone = Promise.withResolvers<unknown>();
    transport.answers.act = () => undone.promise;
    await press("Undo");
    await environment.advance(0);
    expect(location.pathname).toBe("/");
    undone.resolve(outcome === "restored" ? answers : { ...failure("forbidden", ""), status: 403 });
    for (let turns = 0; turns < 3; turns++) await settle();
    expect(location.pathname).toBe(outcome === "restored" ? `/c/${A}` : "/");
  },
);

test("an Undo that failed opens nothing, and says that the chat is gone for good", async () => {
  const { act, press, transport } = await list(`/c/${A}`);
  await act(A, "Delete");
  transport.answers.restore = () => ({ ...failure("conversation_not_found", ""), status: 404 });
  await press("Undo");
  expect([location.pathname, screen.getByRole("alert").textContent]).toEqual(["/", "It was deleted for good."]);
});

test("who deletes in the list goes on at the row that took the place, at the end at the one before", async () => {
  const { act, ids } = await list();
  const [first, second, third] = ids();
  await act(first ?? "", "Delete");
  expect(focusedRow()).toBe(second);
  await act(third ?? "", "Delete");
  expect(focusedRow()).toBe(second);
});

test("a focus that is elsewhere by then stays there", async () => {
  for (const path of ["/", `/c/${A}`]) {
    const { settle, device, unmount } = await list(path);
    fireEvent.click(document.querySelector(`[data-conversation-id="${A}"] .menu-button`) ?? document.body);
    await settle();
    fireEvent.click(screen.getByRole("menuitem", { name: "Delete" }));
    const box = screen.getByRole("textbox", { name: "Message" });
    box.focus();
    await settle();
    expect(document.activeElement).toBe(box);
    device.stop();
    unmount();
  }
});

test.each(["Pin", "Archive", "Mark as unread", "Delete"])(
  "%s that the server refused is taken back and says so",
  async (item) => {
    const { act, ids, transport } = await list();
    const before = ids();
    const refuse = () => ({ ...failure("forbidden", ""), status: 403 });
    for (const call of ["patch", "remove", "markRead"] as const) transport.answers[call] = refuse;
    await act(A, item);
    expect(screen.getByRole("alert").textContent).toContain("You are not allowed to do this.");
    expect(ids()).toEqual(before);
  },
);

test("a new name that the server refused is taken back and says so", async () => {
  const { act, settle, transport } = await list();
  transport.answers.patch = () => ({ ...failure("forbidden", ""), status: 403 });
  await act(A, "Rename");
  const field = screen.getByRole("textbox", { name: "Conversation title" });
  fireEvent.input(field, { target: { value: "Better" } });
  field.blur();
  await settle();
  expect(transport.named("patch")).toEqual([[A, { title: "Better" }]]);
  expect(screen.getByRole("alert").textContent).toContain("You are not allowed to do this.");
  expect(document.body.textContent).not.toContain("Better");
});

test("an Undo that is answered late takes nobody away from where he has gone meanwhile", async () => {
  const { act, press, transport, settle } = await list(`/c/${A}`);
  const restored = Promise.withResolvers<void>();
  transport.answers.restore = async () => {
    await restored.promise;
    return summary("a", 10);
  };
  await act(A, "Delete");
  await press("Undo");
  fireEvent.click(linkOf(idOf("b")));
  await settle();
  restored.resolve();
  await settle();
  expect(location.pathname).toBe(`/c/${idOf("b")}`);
});

async function markAll(settle: () => Promise<void>): Promise<void> {
  fireEvent.keyDown(window, { key: "k", ctrlKey: true });
  await settle();
  fireEvent.input(screen.getByRole("combobox"), { target: { value: "mark all" } });
  await settle();
  fireEvent.keyDown(screen.getByRole("combobox"), { key: "Enter" });
  await settle();
}

test("all that could not be marked as read is unread again, and why is said", async () => {
  const { settle, transport, device } = await list();
  transport.answers.markRead = () => summary("a", 10, { marked_unread: true });
  await device.actions.markUnread(A);
  transport.answers.markRead = () => ({ ...failure("forbidden", ""), status: 403 });
  await markAll(settle);
  expect(screen.getByRole("alert").textContent).toContain("You are not allowed to do this.");
  expect(device.conversations.get(A)?.unread).toBe(1);
});

test.each(["at once", "late"])(
  "all chats are marked as read, which the server answers %s, and a second time keeps the first Undo",
  async (when) => {
    const { settle, press, transport, device } = await list();
    await device.actions.markUnread(A);
    if (when === "late") transport.answers.markRead = () => new Promise(() => undefined);
    await markAll(settle);
    expect([screen.queryAllByText("All chats are marked as read").length, device.conversations.get(A)?.unread]).toEqual(
      [1, 0],
    );
    await markAll(settle);
    await press("Undo");
    expect(device.conversations.get(A)?.unread).toBe(1);
  },
);
