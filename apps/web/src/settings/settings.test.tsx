/** Settings: kept on the device, read back with care, changed in the dialog. */
import { act, render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import type { NotificationPermissionState } from "../environment.ts";
import { SettingsDialog } from "./settings-dialog.tsx";
import { createSettingsStore, DEFAULT_SETTINGS, SettingsProvider } from "./settings-store.ts";
import { useTheme } from "./use-theme.ts";

test("what was chosen is there again after a reload, and everyone is told", () => {
  const { keyValue } = testEnvironment();
  const store = createSettingsStore(keyValue);
  let told = 0;
  const end = store.subscribe(() => void told++);
  store.change({ theme: "dark", language: "de", isStreaming: false, isFollowing: true });
  end();
  store.change({ enterKey: "newline" });
  expect(told).toBe(1);
  expect(createSettingsStore(keyValue).get()).toEqual({
    theme: "dark",
    language: "de",
    isStreaming: false,
    enterKey: "newline",
    hasNotifications: false,
    isFollowing: true,
    isSidebarHidden: false,
  });
});

test("damaged or foreign values count as not chosen", () => {
  const { keyValue } = testEnvironment();
  for (const text of [
    "",
    "{",
    "null",
    "7",
    '{"theme":"pink","language":"toString","isStreaming":"yes","enterKey":3}',
  ]) {
    keyValue.set("instep.settings", text);
    expect(createSettingsStore(keyValue).get()).toEqual(DEFAULT_SETTINGS);
  }
});

let isSpoken = true;

function show(permission: NotificationPermissionState = "default") {
  const calls: unknown[][] = [];
  const log =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push([name, ...values]);
  render(
    <SettingsDialog
      settings={DEFAULT_SETTINGS}
      onChange={log("change")}
      onLanguage={(choice) => {
        log("language")(choice);
        return Promise.resolve(isSpoken);
      }}
      unreadScope="device"
      onUnreadScope={log("scope")}
      unreadScopeProblem={null}
      notificationPermission={permission}
      onNotifications={log("notifications")}
      onMarkAllRead={() => log("markAllRead")()}
      onImport={() => log("import")()}
      onClose={() => log("close")()}
      version="1.2.3"
    />,
  );
  return calls;
}

test("each setting is found by its name and changes only itself", async () => {
  const calls = show();
  await userEvent.click(screen.getByRole("radio", { name: "Dark" }));
  await userEvent.click(screen.getByRole("radio", { name: "Deutsch" }));
  await userEvent.click(screen.getByRole("radio", { name: "New line" }));
  await userEvent.click(screen.getByRole("switch", { name: /written/ }));
  await userEvent.click(screen.getByRole("switch", { name: /Follow along/ }));
  await userEvent.click(screen.getByRole("switch", { name: /Share reading/ }));
  await userEvent.click(screen.getByRole("switch", { name: /Notify me/ }));
  await userEvent.click(screen.getByRole("button", { name: "Mark all as read" }));
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(calls).toEqual([
    ["change", { theme: "dark" }],
    ["language", "de"],
    ["change", { enterKey: "newline" }],
    ["change", { isStreaming: false }],
    ["change", { isFollowing: true }],
    ["scope", "account"],
    ["notifications", true],
    ["markAllRead"],
    ["close"],
  ]);
});

test("a language that could not be loaded is said not to have been, until one is", async () => {
  show();
  isSpoken = false;
  await userEvent.click(screen.getByRole("radio", { name: "Deutsch" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The language could not be loaded.");
  await userEvent.click(screen.getByRole("radio", { name: "Deutsch" }));
  const marked = screen
    .getAllByRole<HTMLInputElement>("radio")
    .filter(({ name, checked }) => name === "language" && checked);
  expect(marked.map((radio) => radio.parentElement?.textContent)).toEqual(["As the browser"]);
  isSpoken = true;
  await userEvent.click(screen.getByRole("radio", { name: "English" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("each language is named in itself, and says so to a screen reader", () => {
  show();
  const named = screen.getAllByRole<HTMLInputElement>("radio").filter(({ name }) => name === "language");
  const words = named.map(({ nextElementSibling: label }) => [label?.textContent, label?.getAttribute("lang")]);
  expect(words).toEqual([
    ["As the browser", null],
    ["English", "en"],
    ["Deutsch", "de"],
  ]);
});

test("notifications that the browser blocks can't be switched on, and it says so", () => {
  show("denied");
  expect(screen.getByRole("switch", { name: /Notify me/ })).toHaveProperty("disabled", true);
  expect(screen.getByText("Your browser blocks notifications for this page.")).toBeTruthy();
});

test("the chosen theme is on the page at once, and none where the system's is wanted", async () => {
  const { keyValue } = testEnvironment();
  const store = createSettingsStore(keyValue);
  function Page() {
    useTheme();
    return null;
  }
  render(
    <SettingsProvider value={store}>
      <Page />
    </SettingsProvider>,
  );
  const shown: (string | null)[] = [];
  for (const theme of ["dark", "light", "system"] as const) {
    await act(() => store.change({ theme }));
    shown.push(document.documentElement.getAttribute("data-theme"));
  }
  expect(shown).toEqual(["dark", "light", null]);
});
