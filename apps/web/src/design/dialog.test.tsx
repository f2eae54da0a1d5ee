/** The dialog and the other small parts: names, states, and where the focus goes. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Archive from "lucide-react/icons/archive";
import { useState } from "preact/hooks";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { closeModals } from "./close-modals.ts";
import { Announcer, useAnnounce } from "./announcer.tsx";
import { Dialog } from "./dialog.tsx";
import { IconButton } from "./icon-button.tsx";
import { copyWords, useCopy } from "./use-copy.ts";

async function opened() {
  let closed = 0;
  function Page() {
    const [isOpen, setIsOpen] = useState(false);
    const close = () => {
      closed++;
      setIsOpen(false);
    };
    return (
      <>
        <button type="button" onClick={() => setIsOpen(true)}>
          Open
        </button>
        {isOpen && (
          <Dialog title="Settings" onClose={close}>
            <p>Inside</p>
          </Dialog>
        )}
      </>
    );
  }
  render(<Page />);
  const opener = screen.getByRole("button", { name: "Open" });
  opener.focus();
  await userEvent.click(opener);
  return { opener, dialog: screen.getByRole("dialog", { name: "Settings" }), closed: () => closed };
}

test("what leads to a conversation closes what lies over the page, but for what stands nowhere else yet", () => {
  const closed: string[] = [];
  render(
    <>
      <Dialog title="A token" onClose={() => closed.push("token")} isWritten>
        <code>shown once</code>
      </Dialog>
      <Dialog title="Keys" onClose={() => closed.push("keys")}>
        <p>Inside</p>
      </Dialog>
    </>,
  );
  closeModals();
  expect(closed).toEqual(["keys"]);
});

const pressOn = (target: HTMLElement) => {
  fireEvent.pointerDown(target);
  fireEvent.click(target);
};

const CLOSINGS: readonly (readonly [string, (dialog: HTMLElement) => void])[] = [
  ["Escape", (dialog) => void fireEvent(dialog, new Event("cancel", { cancelable: true }))],
  ["a press on the backdrop", pressOn],
  ["its button", () => void fireEvent.click(screen.getByRole("button", { name: "Close" }))],
];

test.each(CLOSINGS)("a dialog is closed by %s, and the focus goes back to what opened it", async (_name, close) => {
  const { opener, dialog, closed } = await opened();
  pressOn(screen.getByText("Inside"));
  expect(closed()).toBe(0);
  (document.activeElement as HTMLElement | null)?.blur();
  close(dialog);
  expect([closed(), screen.queryByRole("dialog"), document.activeElement]).toEqual([1, null, opener]);
});

test("only a press that begins and ends beside a dialog closes it: neither a finger that comes down, nor what is dragged out of it", async () => {
  const { dialog, closed } = await opened();
  fireEvent.pointerDown(dialog);
  expect(closed()).toBe(0);
  fireEvent.pointerDown(screen.getByText("Inside"));
  fireEvent.click(dialog);
  expect(closed()).toBe(0);
});

test("cancelling what is chosen inside a dialog, as a file is, leaves the dialog open", async () => {
  const { closed } = await opened();
  fireEvent(screen.getByText("Inside"), new Event("cancel", { bubbles: true }));
  expect([closed(), screen.queryByRole("dialog") === null]).toEqual([0, false]);
});

test("the scrollbar is of what is inside: a press on it is none on the backdrop", async () => {
  const style = document.createElement("style");
  style.textContent = readFileSync(join(import.meta.dirname, "dialog.css"), "utf8");
  document.head.append(style);
  const { dialog } = await opened();
  const body = dialog.firstElementChild ?? dialog;
  expect([getComputedStyle(dialog).overflow, getComputedStyle(dialog).display]).toEqual(["hidden", "flex"]);
  expect([getComputedStyle(body).overflowY, getComputedStyle(body).minHeight]).toEqual(["auto", "0"]);
  style.remove();
});

test("Escape in a dialog is the dialog's alone, and any other key is everybody's", async () => {
  const { dialog } = await opened();
  const heard: string[] = [];
  const hear = ({ key }: KeyboardEvent) => void heard.push(key);
  window.addEventListener("keydown", hear);
  expect(fireEvent.keyDown(dialog, { key: "Escape" })).toBe(true);
  fireEvent.keyDown(dialog, { key: "x" });
  window.removeEventListener("keydown", hear);
  expect(heard).toEqual(["x"]);
});

test("a button that is pressed says so, and one that can't be says nothing of it", () => {
  render(
    <>
      <IconButton label="Archive" icon={Archive} onClick={() => undefined} isPressed />
      <IconButton label="Trash" icon={Archive} onClick={() => undefined} />
    </>,
  );
  expect(screen.getByRole("button", { name: "Archive" }).getAttribute("aria-pressed")).toBe("true");
  expect(screen.getByRole("button", { name: "Trash" }).hasAttribute("aria-pressed")).toBe(false);
});

test("what is announced stands in a polite region, and the same words are said again when they are meant again", async () => {
  let say: (text: string) => void = () => undefined;
  function Speaker() {
    say = useAnnounce();
    return null;
  }
  const { container } = render(
    <Announcer>
      <Speaker />
    </Announcer>,
  );
  const region = container.querySelector(".announcer");
  expect([region?.getAttribute("aria-live"), region?.getAttribute("aria-atomic")]).toEqual(["polite", "true"]);
  await act(() => say("Reply finished"));
  const first = region?.firstChild;
  await act(() => say("Reply finished"));
  expect([region?.textContent, region?.firstChild === first]).toEqual(["Reply finished", false]);
});

function copying(canCopy = true) {
  const environment = testEnvironment();
  const timers = new Set<() => void>();
  const watched = {
    ...environment,
    copy: async (text: string) => (await environment.copy(text)) && canCopy,
    after: (_ms: number, run: () => void) => {
      timers.add(run);
      return () => void timers.delete(run);
    },
  };
  function Button() {
    const [isCopied, copy] = useCopy();
    return (
      <button type="button" onClick={() => copy("text")}>
        {copyWords(isCopied) ?? "Copy"}
      </button>
    );
  }
  const { unmount } = render(
    <EnvironmentProvider value={watched}>
      <Button />
    </EnvironmentProvider>,
  );
  const press = () => act(async () => void fireEvent.click(screen.getByRole("button")));
  return { environment, timers, unmount, press, shown: () => screen.getByRole("button").textContent };
}

test("Copied is shown for a moment after the last copy, and nothing of it outlives the page", async () => {
  const { environment, timers, press, shown, unmount } = copying();
  await press();
  await press();
  expect([environment.copied, shown(), timers.size]).toEqual([["text", "text"], "Copied", 1]);
  await act(async () => {
    for (const run of timers) run();
  });
  expect(shown()).toBe("Copy");
  timers.clear();
  await press();
  await act(async () => void unmount());
  expect(timers.size).toBe(0);
});

test("where the browser refused, that is said for a moment", async () => {
  const { press, shown, timers } = copying(false);
  await press();
  expect(await screen.findByText("Could not be copied")).toBeTruthy();
  await act(async () => {
    for (const run of timers) run();
  });
  expect(shown()).toBe("Copy");
});
