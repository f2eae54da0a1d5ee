/** Settings by words: what is left of them, and how one gets back to all. */
import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasWords } from "./setting-search.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";
import { DEFAULT_SETTINGS } from "./settings-store.ts";

const nothing = (): void => undefined;

function show() {
  const changes: unknown[] = [];
  let closed = 0;
  render(
    <SettingsDialog
      settings={DEFAULT_SETTINGS}
      onChange={(change) => void changes.push(change)}
      onLanguage={async () => true}
      unreadScope="device"
      onUnreadScope={nothing}
      unreadScopeProblem={null}
      notificationPermission="default"
      onNotifications={nothing}
      onMarkAllRead={nothing}
      onImport={nothing}
      onClose={() => void closed++}
      onAccount={nothing}
      version="1.2.3"
    />,
  );
  return { changes, closed: () => closed, field: screen.getByRole("searchbox", { name: "Search settings" }) };
}

const labels = (): string[] =>
  [...document.querySelectorAll(".setting-label")].map((label) => label.firstChild?.textContent ?? "");

const untilSaid = (words: string): Promise<void> =>
  waitFor(() => expect(screen.getByRole("status").textContent).toBe(words));

test.each([
  ["dark", ["Theme"]],
  ["NEW line", ["Enter key"]],
  ["read badges", ["Unread conversations"]],
  ["password", ["Your name and your conversations"]],
  ["chatgpt", ["Data"]],
  ["browser once", ["Notify me when a reply is finished"]],
])("%o leaves the settings that say so, by their labels, hints, options or other words", async (typed, left) => {
  const { field } = show();
  expect(labels().length).toBeGreaterThan(7);
  await userEvent.type(field, typed);
  expect(labels()).toEqual(left);
  await untilSaid("");
});

test("what is found can be changed where it stands", async () => {
  const { changes, field } = show();
  await userEvent.type(field, "dark");
  await userEvent.click(screen.getByRole("radio", { name: "Dark" }));
  expect(changes).toEqual([{ theme: "dark" }]);
});

test("where nothing is found it says so, and Escape or Clear brings all back without closing", async () => {
  const { closed, field } = show();
  const all = labels();
  for (const way of ["Escape", "Clear search"]) {
    await userEvent.type(field, "zebra");
    expect(labels()).toEqual([]);
    await untilSaid("No setting has these words.");
    if (way === "Escape") await userEvent.keyboard("{Escape}");
    else await userEvent.click(screen.getByRole("button", { name: way }));
    expect(labels()).toEqual(all);
    expect(document.activeElement).toBe(field);
    await untilSaid("");
  }
  expect(closed()).toBe(0);
});

test("parts of a text's words find it in any order and case, and one part that is not there does not", () => {
  const word = fc.stringMatching(/^[a-zé]{1,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat(7)), (words, cuts) => {
      const parts = words.map((each) => each.slice(0, 1 + (cuts.next().value ?? 0)).toUpperCase());
      const query = parts.toReversed().join("  ");
      expect(hasWords(words.join(" "), query)).toBe(true);
      expect(hasWords(words.join(" "), `${query} 7`)).toBe(false);
      expect(hasWords(words.join(" "), " ")).toBe(true);
    }),
  );
});
