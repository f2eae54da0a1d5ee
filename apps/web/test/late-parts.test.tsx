/** Parts that come late, over a slow line: what a person does meanwhile is neither taken away nor done to something else. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row, turn } from "./scripted-device.ts";
import { layOut } from "./layout.ts";
import { settle } from "./settle.ts";
import { wholePage } from "./whole-page.tsx";

/** Each part waits until a test lets it come; once it is there, it is. */
const { come, gates } = vi.hoisted(() => {
  const gates: Record<string, PromiseWithResolvers<void>> = {};
  for (const name of ["settings", "edit"]) gates[name] = Promise.withResolvers();
  return { gates, come: (name: string) => gates[name]?.resolve() };
});
vi.mock("../src/settings/connected-settings.tsx", async (load) => {
  await gates["settings"]?.promise;
  return load();
});
vi.mock("../src/conversation/edit-message.tsx", async (load) => {
  await gates["edit"]?.promise;
  return load();
});

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

const A = idOf("a");
const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
const button = (name: string) => screen.getAllByRole("button", { name })[0] ?? document.body;
const arrived = async (selector: string) => {
  await expect
    .poll(async () => {
      await settle();
      return document.querySelector(selector) !== null;
    })
    .toBe(true);
};

/** A press of a mouse, which takes the focus to what it hits. */
function press(element: HTMLElement): void {
  element.focus();
  fireEvent.click(element);
}

async function opened() {
  const whole = await wholePage(`/c/${A}`, {}, { hasFrames: true });
  whole.transport.answers.open = () => detail("a", 10);
  await whole.transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  return whole;
}

test("Escape takes back a dialog that is still loading, and stops no reply behind it", async () => {
  const { transport, device } = await opened();
  void device.turns.send(A, "hello");
  await settle();
  await transport.stream.feed(...turn("a", 11, ["Hi"]).slice(0, 2));
  await settle();
  press(button("Settings"));
  await settle();
  expect(screen.getByText("Loading…")).toBeTruthy();
  fireEvent.keyDown(document.body, { key: "Escape" });
  await settle();
  expect([transport.named("stopReply"), screen.queryByText("Loading…")]).toEqual([[], null]);
  come("settings");
  await settle();
  expect(document.querySelector("dialog")).toBeNull();
  fireEvent.keyDown(document.body, { key: "Escape" });
  await settle();
  expect(transport.named("stopReply")).toHaveLength(1);
});

test("a field for a message that comes once one has gone on to write takes no focus, and is there to be used", async () => {
  await opened();
  press(button("Edit message"));
  await settle();
  box().focus();
  come("edit");
  await arrived(".edit-message");
  expect(document.activeElement).toBe(box());
  fireEvent.click(button("Cancel"));
  await settle();
  press(button("Edit message"));
  await settle();
  expect(document.activeElement?.closest(".edit-message")).toBeTruthy();
});
