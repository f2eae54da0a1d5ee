/** A row of the list, as a person and a screen reader find it. */
import { fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { useState } from "preact/hooks";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import type { RowActions } from "./use-row-actions.ts";
import { ConversationRow, type RowConversation } from "./conversation-row.tsx";
import type { RowControl } from "./use-list-control.ts";

const ID = "00000000-0000-4000-8000-000000000001";

function show(change: Partial<RowConversation> = {}, { isActive = false, isSelected = false, isTouch = false } = {}) {
  const calls: unknown[][] = [];
  const log =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push([name, ...values]);
  const actions: RowActions = {
    moved: new Set(),
    open: log("open"),
    rename: log("rename"),
    setPinned: log("setPinned"),
    setArchived: log("setArchived"),
    markUnread: log("markUnread"),
    markRead: log("markRead"),
    remove: log("remove"),
    changeMany: log("changeMany"),
  };
  const conversation: RowConversation = {
    id: ID,
    title: "Trip to Lisbon",
    badge: "",
    isPinned: false,
    isArchived: false,
    isGenerating: false,
    unsent: null,
    time: "14:05",
    ...change,
  };
  function Row() {
    const [isRenaming, setIsRenaming] = useState(false);
    const control: RowControl = {
      press: log("press"),
      wasPressed: () => true,
      toggle: log("toggle"),
      startRenaming: () => setIsRenaming(true),
      endRenaming: () => setIsRenaming(false),
    };
    const row = { isActive, isTabStop: true, isSelected, isRenaming, control };
    return <ConversationRow conversation={conversation} actions={actions} {...row} />;
  }
  const { container } = render(
    <EnvironmentProvider value={testEnvironment({ isTouch })}>
      <Row />
    </EnvironmentProvider>,
  );
  return { calls, row: container.querySelector(`.conversation-item[data-conversation-id="${ID}"]`) };
}

async function openMenu() {
  await userEvent.click(screen.getByRole("button", { name: "Conversation actions" }));
}

test("[DEV-3] a badge is in the row, in its accessible name and nowhere else that is read, and makes the title bold", () => {
  const { row } = show({ badge: "3" });
  expect(row?.querySelector(".unread-badge")?.textContent).toBe("3");
  expect(row?.getAttribute("aria-label")).toContain("3 unread");
  expect(screen.getByRole("link").hasAttribute("aria-label")).toBe(false);
  expect(screen.getByRole("link", { name: "Trip to Lisbon" })).toBeTruthy();
  expect(row?.classList.contains("unread")).toBe(true);
});

test("a chat that has no name yet is called New chat, in the list and by its menu", async () => {
  const { row } = show({ title: "" });
  expect([row?.getAttribute("aria-label"), row?.querySelector(".conversation-title")?.textContent]).toEqual([
    "New chat",
    "New chat",
  ]);
  expect(screen.getByRole("link", { name: "New chat" })).toBeTruthy();
  await openMenu();
  expect(screen.getByRole("menu", { name: "Conversation actions, New chat" })).toBeTruthy();
});

test("without a badge there is no mark, and the open row says that it is the page", () => {
  const { row } = show({}, { isActive: true });
  expect(row?.querySelector(".unread-badge")).toBeNull();
  expect(row?.getAttribute("aria-current")).toBe("page");
  // Once: a screen reader tells of the row where it comes to its link.
  expect(row?.querySelector("[aria-current]")).toBeNull();
  expect(row?.classList.contains("active")).toBe(true);
  expect(row?.querySelector(".conversation-title")?.textContent).toBe("Trip to Lisbon");
});

test("a running reply has a mark of its own", () => {
  const { row } = show({ isGenerating: true, badge: "99+" });
  expect(row?.querySelector(".generating-dot")).not.toBeNull();
  expect(row?.querySelector(".unread-badge")?.textContent).toBe("99+");
  expect(row?.getAttribute("aria-label")).toContain("reply being written");
});

test.each([
  ["draft", "Draft"],
  ["queued", "Queued"],
  ["waiting", "Waiting"],
  ["failed", "Not sent"],
] as const)("what has not gone out has a mark, and is told: %s", (unsent, words) => {
  const { row } = show({ unsent });
  expect(row?.querySelector(`.row-mark.${unsent}`)?.textContent).toBe(words);
  expect(row?.getAttribute("aria-label")).toBe(`Trip to Lisbon, ${words.toLowerCase()}`);
});

test("a selected row says so, and not by colour alone", () => {
  const { row } = show({}, { isSelected: true });
  expect(row?.getAttribute("aria-label")).toBe("Trip to Lisbon, selected");
  expect(row?.classList.contains("selected")).toBe(true);
});

test("a row is a link to its conversation, with the time when it was written in last", () => {
  const { calls, row } = show();
  const link = screen.getByRole("link");
  expect(link.getAttribute("href")).toBe(`/c/${ID}`);
  expect(row?.querySelector(".row-time")?.textContent).toBe("14:05");
  fireEvent.click(link);
  expect(calls.map(([name, id]) => [name, id])).toEqual([["press", ID]]);
});

test("the menu has Rename, Pin, Archive, Mark as unread and Delete", async () => {
  const { calls } = show();
  await openMenu();
  const names = screen.getAllByRole("menuitem").map((item) => item.textContent);
  expect(names).toEqual(["Rename", "Pin", "Archive", "Mark as unread", "Delete"]);
  await userEvent.click(screen.getByRole("menuitem", { name: "Delete" }));
  expect(calls).toEqual([["remove", ID]]);
  expect(screen.queryByRole("menu")).toBeNull();
});

test("the menu says the opposite of what stands", async () => {
  const { calls } = show({ isPinned: true, isArchived: true, badge: "1" });
  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Unpin" }));
  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Unarchive" }));
  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Mark as read" }));
  expect(calls).toEqual([
    ["setPinned", ID, false],
    ["setArchived", ID, false],
    ["markRead", ID],
  ]);
});

test("the menu works by keyboard alone and gives the focus back", async () => {
  const { calls } = show();
  const button = screen.getByRole("button", { name: "Conversation actions" });
  button.focus();
  await userEvent.keyboard("{Enter}");
  expect(document.activeElement?.textContent).toBe("Rename");
  await userEvent.keyboard("{ArrowUp}");
  expect(document.activeElement?.textContent).toBe("Delete");
  await userEvent.keyboard("p");
  expect(document.activeElement?.textContent).toBe("Pin");
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(button);
  expect(calls).toEqual([]);
});

test("renaming happens in the row: Enter keeps, Escape and an empty title take back, and the focus goes back to its menu", async () => {
  const { calls } = show();
  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Rename" }));
  // Loaded with the first name that is changed.
  const field = await screen.findByRole("textbox", { name: "Conversation title" });
  expect(document.activeElement).toBe(field);
  await userEvent.clear(field);
  await userEvent.type(field, "Porto instead{Enter}");
  expect(calls).toEqual([["rename", ID, "Porto instead"]]);
  const opener = screen.getByRole("button", { name: "Conversation actions" });
  expect(document.activeElement).toBe(opener);

  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Rename" }));
  // The Enter that ends an input method's composition, as Safari tells it.
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "Enter", keyCode: 229 });
  expect(screen.getByRole("textbox")).toBeTruthy();
  await userEvent.keyboard("something{Escape}");
  expect(document.activeElement).toBe(opener);
  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Rename" }));
  await userEvent.clear(screen.getByRole("textbox"));
  await userEvent.keyboard("{Enter}");
  await openMenu();
  await userEvent.click(screen.getByRole("menuitem", { name: "Rename" }));
  await userEvent.keyboard("{Enter}");
  expect(calls).toHaveLength(1);
  expect(screen.getByRole("link")).toBeTruthy();
});

test("where there is no keyboard, the menu is where selecting begins", async () => {
  const { calls } = show({}, { isTouch: true });
  await openMenu();
  expect(screen.getAllByRole("menuitem")[0]?.textContent).toBe("Select");
  await userEvent.click(screen.getByRole("menuitem", { name: "Select" }));
  expect(calls).toEqual([["toggle", ID]]);
});

test("of what is selected the menu says that it can be selected no more", async () => {
  const { calls } = show({}, { isTouch: true, isSelected: true });
  await openMenu();
  expect(screen.queryByRole("menuitem", { name: "Select" })).toBeNull();
  await userEvent.click(screen.getByRole("menuitem", { name: "Deselect" }));
  expect(calls).toEqual([["toggle", ID]]);
});
