/** The menu as the keyboard and the pointer meet it: what leaves it closes it, gives the focus back, and reaches nothing behind it. */
import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import Pin from "lucide-react/icons/pin";
import { useState } from "preact/hooks";
import { expect, onTestFinished, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { MenuButton } from "./menu-button.tsx";
import { Menu, MenuPopup } from "./menu.tsx";

async function opened(
  screenOf: Parameters<typeof testEnvironment>[0] = {},
  labels: readonly string[] = ["Rename", "Pin", "Delete"],
) {
  const chosen: string[] = [];
  const keysBehind: string[] = [];
  const items = labels.map((label) => ({
    label,
    icon: Pin,
    onSelect: () => void chosen.push(`${label}, from ${document.activeElement?.getAttribute("aria-label")}`),
  }));
  const hear = ({ key }: KeyboardEvent) => void keysBehind.push(key);
  window.addEventListener("keydown", hear);
  onTestFinished(() => window.removeEventListener("keydown", hear));
  const environment = testEnvironment(screenOf);
  render(
    <EnvironmentProvider value={environment}>
      <Menu label="Actions" icon={Pin} items={items} />
    </EnvironmentProvider>,
  );
  const button = screen.getByRole("button", { name: "Actions" });
  await userEvent.click(button);
  return { button, chosen, environment, keysBehind };
}

const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

test("the button says that it has a menu, and whether that is open", async () => {
  const { button } = await opened();
  const said = () => [button.getAttribute("aria-haspopup"), button.getAttribute("aria-expanded")];
  expect(said()).toEqual(["menu", "true"]);
  expect(screen.getByRole("menu", { name: "Actions" })).toBeTruthy();
  press("Escape");
  expect(said()).toEqual(["menu", "false"]);
});

test.each(["ctrlKey", "metaKey"])("a letter with %s is the browser's key, and leads to no item", async (held) => {
  await opened();
  const before = document.activeElement;
  const isLeft = fireEvent.keyDown(before ?? window, { key: "p", [held]: true });
  expect([isLeft, document.activeElement]).toEqual([true, before]);
  press("p");
  expect(document.activeElement?.textContent).toBe("Pin");
});

test.each(["Escape", "Tab"])(
  "%s closes it and goes back to the button, and nothing behind it hears a key",
  async (key) => {
    const { button, chosen, keysBehind } = await opened();
    press("x");
    const isMeant = press(key);
    expect([isMeant, screen.queryByRole("menu"), document.activeElement]).toEqual([false, null, button]);
    expect([chosen, keysBehind]).toEqual([[], []]);
  },
);

test.each(["click", "contextMenu"] as const)("a press beside it (%s) closes it and chooses nothing", async (press) => {
  const { button, chosen } = await opened();
  const beside = document.querySelector(".menu-backdrop") ?? document.body;
  // The end of the press that has opened it.
  fireEvent[press](beside);
  fireEvent.pointerDown(beside);
  expect(screen.queryByRole("menu")).not.toBeNull();
  fireEvent[press](beside);
  expect([screen.queryByRole("menu"), document.activeElement, chosen]).toEqual([null, button, []]);
});

test("what is chosen happens once the focus is back at the button, so that it may take it further", async () => {
  const { chosen } = await opened();
  press("ArrowDown");
  await userEvent.keyboard("{Enter}");
  expect([chosen, screen.queryByRole("menu")]).toEqual([["Pin, from Actions"], null]);
});

test("the arrows go round, Home and End to the ends, and the focus follows the pointer", async () => {
  await opened();
  const at = () => document.activeElement?.textContent;
  const walk = ["ArrowUp", "ArrowDown", "End", "ArrowUp", "Home"].map((key) => (press(key), at()));
  expect(walk).toEqual(["Delete", "Rename", "Delete", "Pin", "Rename"]);
  fireEvent.pointerMove(screen.getByRole("menuitem", { name: "Pin" }));
  expect(at()).toBe("Pin");
});

test("on a phone it is a sheet at the lower edge, and not beside its button", async () => {
  await opened({ isNarrow: true });
  const menu = screen.getByRole("menu", { name: "Actions" });
  expect([menu.closest(".menu-layer.sheet") !== null, menu.style.top]).toEqual([true, ""]);
});

test("the finger that has opened a sheet, or whatever is pressed beside its items, takes the focus out of it nowhere", async () => {
  await opened({ isNarrow: true });
  const pressed = [document.querySelector(".menu-backdrop"), screen.getByRole("menu")];
  expect(pressed.map((element) => fireEvent.mouseDown(element ?? document.body))).toEqual([false, false]);
});

test("one that was beside its button while the phone was turned is a sheet with nothing of that place once it is turned back", async () => {
  const { environment } = await opened({ isNarrow: true });
  const { style } = screen.getByRole("menu");
  await vi.waitFor(() => expect(environment.waiting()).toBeGreaterThan(0), { timeout: 15_000 });
  await act(() => environment.setNarrow(false));
  expect([style.top, style.left, document.querySelector(".sheet")]).toEqual(["4px", "4px", null]);
  await act(() => environment.setNarrow(true));
  expect([document.querySelector(".sheet") !== null, style.top, style.left]).toEqual([true, "", ""]);
});

test("a letter that several items begin with leads from one to the next, and round", async () => {
  await opened({}, ["Rename", "Export as text", "Pin", "Export as JSON"]);
  const walk = ["e", "e", "E", "p", "e", "x"].map((key) => (press(key), document.activeElement?.textContent));
  const [text, json] = ["Export as text", "Export as JSON"];
  expect(walk).toEqual([text, json, text, "Pin", json, json]);
});

test("the menu stands below its button where it fits there, else above it, and in the window where it can", async () => {
  const [gap, height] = [4, window.innerHeight];
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(200);
  const rect = vi.spyOn(HTMLElement.prototype, "getBoundingClientRect");
  onTestFinished(() => void vi.restoreAllMocks());
  const placed = async (top: number): Promise<string> => {
    rect.mockReturnValue(new DOMRect(100, top, 30, 20));
    await opened();
    const place = screen.getByRole("menu").style.top;
    cleanup();
    return place;
  };
  const lowest = height - gap - 200 - gap - 20;
  const seen = [];
  for (const top of [0, 100, lowest, lowest + 1, height - 20]) seen.push(await placed(top));
  const [below, above] = [20 + gap, -gap - 200];
  expect(seen).toEqual(
    [below, 100 + below, lowest + below, lowest + 1 + above, height - 20 + above].map((top) => `${top}px`),
  );
});

test("a menu that comes late, over a slow line, opens for whoever waits for it, and stays away from one who has gone on to write", async () => {
  let isThere = false;
  function Late() {
    const [, renderAgain] = useState(0);
    return (
      <EnvironmentProvider value={testEnvironment()}>
        <MenuButton label="Actions" icon={Pin}>
          {(menu) =>
            isThere && <MenuPopup {...menu} items={[{ label: "Delete", icon: Pin, onSelect: () => undefined }]} />
          }
        </MenuButton>
        <textarea />
        <input onClick={() => renderAgain((count) => count + 1)} />
      </EnvironmentProvider>
    );
  }
  const { container } = render(<Late />);
  const come = () => {
    isThere = true;
    fireEvent.click(container.querySelector("input") ?? document.body);
  };
  const button = screen.getByRole("button", { name: "Actions" });
  const field = container.querySelector("textarea");
  await userEvent.click(button);
  field?.focus();
  await act(() => come());
  expect([screen.queryByRole("menu"), document.activeElement, button.getAttribute("aria-expanded")]).toEqual([
    null,
    field,
    "false",
  ]);
  isThere = false;
  await userEvent.click(button);
  await act(() => come());
  expect(document.activeElement?.textContent).toBe("Delete");
  // A finger that rests on a row takes no focus from where one wrote.
  await act(() => void press("Escape"));
  field?.focus();
  await act(() => void fireEvent.click(button));
  expect(document.activeElement?.textContent).toBe("Delete");
});
