/** The small rules of the page as a whole: title, shortcuts, search results, trash. */
import { fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { SearchResults } from "./search/search-results.tsx";
import { TrashList } from "./trash/trash-list.tsx";
import { tabTitle } from "./notices/use-tab-title.ts";
import { shortcutOf } from "./keyboard/use-shortcuts.ts";

test("the tab's title says how many conversations are unread, and which one is open", () => {
  expect(tabTitle(undefined, 0)).toBe("Instep");
  expect(tabTitle("Trip", 0)).toBe("Trip · Instep");
  expect(tabTitle("Trip", 3)).toBe("(3) Trip · Instep");
});

test.each([
  ["onPalette", { key: "k", ctrlKey: true }],
  ["onPalette", { key: "K", metaKey: true }],
  ["onNewChat", { key: "O", ctrlKey: true, shiftKey: true }],
  ["onSidebar", { key: "b", ctrlKey: true }],
  ["onNextUnread", { key: "ArrowDown", altKey: true, shiftKey: true }],
  ["onPreviousUnread", { key: "ArrowUp", altKey: true, shiftKey: true }],
  ["onEscape", { key: "Escape" }],
  ["onKeys", { key: "?", shiftKey: true }],
  ["onSearch", { key: "/" }],
] as const)("a key press asks for %s: %j", (action, press) => {
  expect(shortcutOf({ ...NO_KEYS, ...press }, false)).toBe(action);
  const isSign = press.key === "?" || press.key === "/";
  expect(shortcutOf({ ...NO_KEYS, ...press }, true)).toBe(isSign ? null : action);
});

test.each([
  { key: "k" },
  { key: "k", ctrlKey: true, shiftKey: true },
  { key: "k", ctrlKey: true, altKey: true },
  { key: "o", ctrlKey: true },
  { key: "b", ctrlKey: true, shiftKey: true },
  { key: "ArrowDown", altKey: true },
  { key: "ArrowDown", shiftKey: true },
  { key: "ArrowDown", altKey: true, shiftKey: true, ctrlKey: true },
  { key: "?", ctrlKey: true },
  { key: "/", altKey: true },
  { key: "a" },
])("any other key press is the browser's, or typing: %j", (press) => {
  expect(shortcutOf({ ...NO_KEYS, ...press }, false)).toBeNull();
});

const NO_KEYS = {
  key: "",
  code: "",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  getModifierState: () => false,
};

const RESULT = {
  conversation_id: "00000000-0000-4000-8000-000000000001",
  title: "Trip (Lisbon)",
  message_id: "00000000-0000-4000-9000-000000000001",
  seq: 3,
  snippet: "the best <b>trams</b> of Lisbon",
  updated_at: "2026-01-01T12:00:00.000000Z",
};

test("a search result marks the words in title and snippet, and shows the rest as it is", async () => {
  const opened: unknown[] = [];
  const { container } = render(
    <SearchResults results={[RESULT]} query="lisbon (" onOpen={(...where) => void opened.push(where)} onMore={null} />,
  );
  expect([...container.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["(", "Lisbon", "Lisbon"]);
  expect(container.textContent).toContain("<b>trams</b>");
  const leave = (event: Event) => event.preventDefault();
  document.addEventListener("click", leave);
  for (const key of ["ctrlKey", "metaKey", "shiftKey", "altKey"]) {
    fireEvent.click(screen.getByRole("link"), { [key]: true });
  }
  document.removeEventListener("click", leave);
  await userEvent.click(screen.getByRole("link"));
  expect(opened).toEqual([[RESULT.conversation_id, 3]]);
});

test("the trash restores at once, and asks once before it deletes for good", async () => {
  const calls: string[] = [];
  const row = {
    id: "00000000-0000-4000-8000-000000000001",
    title: "Old plans",
    message_count: 2,
    updated_at: "2026-01-01T12:00:00.000000Z",
    created_at: "2026-01-01T12:00:00.000000Z",
    last_seq: 2,
    read_seq: 2,
    unread_count: 0,
    marked_unread: false,
    pinned: false,
    archived: false,
    model: "demo",
    active_reply_id: null,
    deleted_at: "2026-01-02T12:00:00.000000Z",
    purge_at: "2026-02-01T12:00:00.000000Z",
  };
  render(
    <TrashList
      conversations={[row]}
      now={Date.parse("2026-01-30T13:00:00Z")}
      onRestore={() => void calls.push("restore")}
      onErase={() => void calls.push("erase")}
      onEmpty={() => undefined}
      onMore={null}
    />,
  );
  expect(screen.getByText(/^Deleted .+ · 2 days left$/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Restore" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  await userEvent.click(screen.getByRole("button", { name: "Keep" }));
  expect(calls).toEqual(["restore"]);
  await userEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  await userEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  expect(calls).toEqual(["restore", "erase"]);
});
