/** Toasts: one an event, closable, with time that waits for whoever looks. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { failure } from "../sync/device.ts";
import { shortened, tellFailure, tellRestoreFailure } from "./tell-failure.ts";
import { ToastRegion } from "./toast-region.tsx";
import { createToastStore, ToastProvider, undoAction } from "./toast-store.ts";
import { speak } from "../words/language.ts";

function show() {
  const environment = testEnvironment();
  const store = createToastStore();
  const { unmount } = render(
    <EnvironmentProvider value={environment}>
      <ToastProvider value={store}>
        <ToastRegion />
      </ToastProvider>
    </EnvironmentProvider>,
  );
  return { environment, store, unmount };
}

test("a toast has the role of its tone, and one event makes one toast", async () => {
  const { store } = show();
  await act(() => {
    store.show({ id: "deleted-a", text: "Moved to the trash", tone: "info" });
    store.show({ id: "deleted-a", text: "Could not be deleted", tone: "error" });
  });
  expect(document.querySelectorAll(".toast")).toHaveLength(1);
  expect(screen.getByRole("alert").textContent).toContain("Could not be deleted");
});

test("a toast that takes another one's place has its whole time", async () => {
  const { store, environment } = show();
  const tell = (text: string) => act(() => store.show({ id: "a", text, tone: "info" }));
  await tell("One");
  await act(() => environment.advance(5900));
  await tell("Two");
  await act(() => environment.advance(5900));
  expect(screen.getByRole("status").textContent).toContain("Two");
  await act(() => environment.advance(100));
  expect(document.querySelector(".toast")).toBeNull();
});

test("the second click of a double one on Undo undoes nothing of the toast that comes to stand there", async () => {
  const { store } = show();
  const undone: string[] = [];
  const tell = (id: string) =>
    store.show({ id, text: id, tone: "info", action: { label: "Undo", run: () => void undone.push(id) } });
  await act(() => ["a", "b"].forEach(tell));
  for (const detail of [1, 2]) {
    fireEvent.click(screen.getAllByRole("button", { name: "Undo" })[0] as HTMLElement, { detail });
  }
  expect(undone).toEqual(["a"]);
});

test("the second click of a double one on Dismiss leaves the toast that comes to stand there", async () => {
  const { store } = show();
  await act(() => ["a", "b"].forEach((id) => store.show({ id, text: id, tone: "info" })));
  for (const detail of [1, 2]) {
    await act(
      () => void fireEvent.click(screen.getAllByRole("button", { name: "Dismiss" })[0] as HTMLElement, { detail }),
    );
  }
  expect(store.list().map(({ id }) => id)).toEqual(["b"]);
});

test("Ctrl with Z undoes nothing behind a dialog", async () => {
  const { store } = show();
  let undone = 0;
  store.show({ id: "a", text: "a", tone: "info", action: undoAction(() => void undone++) });
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.open = true;
  fireEvent.keyDown(dialog, { key: "z", ctrlKey: true });
  expect([undone, store.list().length]).toEqual([0, 1]);
  dialog.remove();
  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  expect([undone, store.list().length]).toEqual([1, 0]);
});

test("Undo works by keyboard and closes the toast", async () => {
  const { store } = show();
  let undone = 0;
  await act(() =>
    store.show({
      id: "a",
      text: "Moved to the trash",
      tone: "info",
      action: undoAction(() => void undone++),
    }),
  );
  expect(screen.getByRole("status")).toBeTruthy();
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe("Undo");
  await userEvent.keyboard("{Enter}");
  expect(undone).toBe(1);
  expect(document.querySelector(".toast")).toBeNull();
});

test("Ctrl with Z undoes the latest, from wherever the focus is, but not while one types", async () => {
  const { store } = show();
  const undone: string[] = [];
  const offer = (id: string) =>
    store.show({ id, text: id, tone: "info", action: undoAction(() => void undone.push(id)) });
  await act(() => {
    offer("a");
    offer("b");
    store.show({ id: "c", text: "Nothing to undo", tone: "info" });
  });
  const field = document.body.appendChild(document.createElement("textarea"));
  await act(() => void fireEvent.keyDown(field, { key: "z", ctrlKey: true }));
  expect(undone).toEqual([]);
  await act(() => void fireEvent.keyDown(document.body, { key: "z", ctrlKey: true }));
  expect(undone).toEqual(["b"]);
  expect(store.list().map(({ id }) => id)).toEqual(["a", "c"]);
  field.remove();
});

test("a toast goes by itself, but not while the pointer or the focus is on it", async () => {
  const { environment, store } = show();
  await act(() => store.show({ id: "a", text: "Hello", tone: "info" }));
  const toast = screen.getByRole("status");
  await act(() => void fireEvent.pointerEnter(toast));
  await act(() => environment.advance(60_000));
  expect(store.list()).toHaveLength(1);
  await act(() => void fireEvent.pointerLeave(toast));
  await act(() => environment.advance(5000));
  expect(store.list()).toHaveLength(1);
  await act(() => environment.advance(1000));
  expect(store.list()).toHaveLength(0);
});

test("a toast can be closed, and there are never more than four", async () => {
  const { store } = show();
  await act(() => {
    for (const id of ["a", "b", "c", "d", "e"]) store.show({ id, text: `Toast ${id}`, tone: "info" });
  });
  expect(store.list().map(({ id }) => id)).toEqual(["b", "c", "d", "e"]);
  const [first] = screen.getAllByRole("button", { name: "Dismiss" });
  if (first) await userEvent.click(first);
  expect(store.list().map(({ id }) => id)).toEqual(["c", "d", "e"]);
});

test("a toast that can be undone stays longer, and waits while the focus is on it", async () => {
  const { environment, store } = show();
  await act(() =>
    store.show({ id: "a", text: "Hello", tone: "info", action: { label: "Undo", run: () => undefined } }),
  );
  await act(() => environment.advance(9999));
  expect(store.list()).toHaveLength(1);
  const undo = screen.getByRole("button", { name: "Undo" });
  await act(() => undo.focus());
  await act(() => environment.advance(60_000));
  expect(store.list()).toHaveLength(1);
  await act(() => undo.blur());
  await act(() => environment.advance(9999));
  expect(store.list()).toHaveLength(1);
  await act(() => environment.advance(1));
  expect(store.list()).toHaveLength(0);
});

test("the key for it undoes in any language, and only what has a way back", async () => {
  await speak("de", []);
  const { store } = show();
  const pressed: string[] = [];
  await act(() => {
    store.show({ id: "a", text: "a", tone: "info", action: undoAction(() => void pressed.push("undone")) });
    store.show({ id: "b", text: "b", tone: "info", action: { label: "Undo", run: () => void pressed.push("other") } });
  });
  expect(screen.getByRole("button", { name: "Rückgängig" })).toBeTruthy();
  await act(async () => void fireEvent.keyDown(document.body, { key: "z", ctrlKey: true }));
  expect([pressed, store.list().map(({ id }) => id)]).toEqual([["undone"], ["b"]]);
});

test("Cmd with Z undoes too, with Shift nothing does, and after the page has gone no key does", async () => {
  const { store, unmount } = show();
  const undone: string[] = [];
  const offer = (id: string) =>
    store.show({ id, text: id, tone: "info", action: undoAction(() => void undone.push(id)) });
  const press = (more: KeyboardEventInit) =>
    act(async () => void fireEvent.keyDown(document.body, { key: "z", ...more }));
  await act(() => offer("a"));
  await press({ ctrlKey: true, shiftKey: true });
  await press({});
  expect(undone).toEqual([]);
  await press({ metaKey: true });
  expect(undone).toEqual(["a"]);
  await act(() => offer("Cyrillic"));
  await press({ key: "я", code: "KeyZ", ctrlKey: true, altKey: true });
  expect(undone).toEqual(["a"]);
  await press({ key: "я", code: "KeyZ", ctrlKey: true });
  expect(undone).toEqual(["a", "Cyrillic"]);
  offer("b");
  await act(async () => void unmount());
  await press({ ctrlKey: true });
  expect(undone).toEqual(["a", "Cyrillic"]);
});

test("an action that failed says so in the place of its toast; what was cancelled, or worked, says nothing", async () => {
  const { store } = show();
  const words = () => store.list().map(({ id, text }) => `${id}: ${text}`);
  await act(async () => {
    for (const result of [undefined, failure("aborted", "")]) {
      await tellFailure(store, "a", Promise.resolve(result));
      await tellRestoreFailure(store, "a", Promise.resolve(result));
    }
  });
  expect(words()).toEqual([]);
  await act(() => tellFailure(store, "a", Promise.resolve(failure("conversation_not_found", ""))));
  expect(words()[0]).toMatch(/^a: This conversation is not here\. It may/);
  await act(() => tellRestoreFailure(store, "a", Promise.resolve(failure("conversation_not_found", ""))));
  expect(words()).toEqual(["a: It was deleted for good."]);
  await act(() => tellRestoreFailure(store, "a", Promise.resolve(failure("timed_out", ""))));
  expect(words()).toEqual(["a: The server took too long to answer. Try again in a moment."]);
});

test("a title is shortened only where it is too long for a toast", () => {
  expect(shortened("A title")).toBe("A title");
  expect(shortened(`${"x".repeat(46)}🙂🙂`)).toBe(`${"x".repeat(46)}…`);
  expect(shortened(`${"x".repeat(44)}🇩🇪🇩🇪`)).toBe(`${"x".repeat(44)}…`);
  expect([shortened("x".repeat(48)), shortened("x".repeat(49))]).toEqual(["x".repeat(48), `${"x".repeat(47)}…`]);
});

test("F6 leads to the newest toast and back; Escape dismisses it, and the focus goes back where it was", async () => {
  const { store, unmount } = show();
  const before = document.createElement("button");
  document.body.append(before);
  before.focus();
  expect(fireEvent.keyDown(before, { key: "F6" })).toBe(true);
  await act(() => {
    store.show({ id: "a", text: "One", tone: "info" });
    store.show({ id: "b", text: "Two", tone: "info", action: undoAction(() => undefined) });
  });
  const press = (key: string) => act(() => void fireEvent.keyDown(document.activeElement ?? document.body, { key }));
  await press("F6");
  expect(document.activeElement?.textContent).toBe("Undo");
  await press("F6");
  expect(document.activeElement).toBe(before);
  await press("F6");
  await press("Escape");
  expect([store.list().map(({ id }) => id), document.activeElement]).toEqual([["a"], before]);
  await press("F6");
  await act(() => store.dismiss("a"));
  expect(document.activeElement).toBe(before);
  unmount();
  expect(fireEvent.keyDown(before, { key: "F6" })).toBe(true);
  before.remove();
});

test("a toast stays for as long as pointer or focus is at it, whichever leaves first", async () => {
  const { environment, store } = show();
  await act(() => store.show({ id: "a", text: "Look", tone: "info" }));
  const card = screen.getByRole("status");
  const [close] = card.querySelectorAll("button");
  await act(() => {
    fireEvent.pointerEnter(card);
    close?.focus();
  });
  await act(() => void fireEvent.pointerLeave(card));
  await act(() => environment.advance(60_000));
  expect(document.querySelectorAll(".toast")).toHaveLength(1);
  await act(() => close?.blur());
  await act(() => environment.advance(60_000));
  expect(document.querySelectorAll(".toast")).toHaveLength(0);
});

test("a toast waits for whoever can't see it: in a hidden page, and behind a dialog", async () => {
  const { environment, store } = show();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  await act(() => store.show({ id: "a", text: "It was deleted elsewhere", tone: "info" }));
  await act(() => environment.advance(60_000));
  expect(store.list()).toHaveLength(1);
  hidden.mockRestore();
  await act(() => void fireEvent(document, new Event("visibilitychange")));
  await act(() => environment.advance(5000));
  const dialog = document.body.appendChild(document.createElement("dialog"));
  await act(async () => dialog.showModal());
  await act(() => environment.advance(60_000));
  expect(store.list()).toHaveLength(1);
  await act(async () => {
    dialog.close();
    dialog.remove();
  });
  await act(() => environment.advance(5999));
  expect(store.list()).toHaveLength(1);
  await act(() => environment.advance(1));
  expect(store.list()).toHaveLength(0);
});
