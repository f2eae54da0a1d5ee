/** Toasts: one an event, closable, with time that waits for whoever looks. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { ToastRegion } from "./toast-region.tsx";
import { createToastStore, ToastProvider } from "./toast-store.ts";

function show() {
  const environment = testEnvironment();
  const store = createToastStore();
  render(
    <EnvironmentProvider value={environment}>
      <ToastProvider value={store}>
        <ToastRegion />
      </ToastProvider>
    </EnvironmentProvider>,
  );
  return { environment, store };
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

test("Undo works by keyboard and closes the toast", async () => {
  const { store } = show();
  let undone = 0;
  await act(() =>
    store.show({
      id: "a",
      text: "Moved to the trash",
      tone: "info",
      action: { label: "Undo", run: () => void undone++ },
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
    store.show({ id, text: id, tone: "info", action: { label: "Undo", run: () => void undone.push(id) } });
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
