/** The switch for pushes: what it says, when it can be pressed, and what a press does. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { failure } from "../sync/device.ts";
import { createToastStore, ToastProvider } from "../toasts/toast-store.ts";
import type { PushChoice, PushState } from "./push-choice.ts";
import { PushSwitch } from "./push-switch.tsx";

const OFF: PushState = { isOn: false, problem: null };
const ON: PushState = { isOn: true, problem: null };

const toasts = createToastStore();

const withToasts = (push: PushChoice) => (
  <ToastProvider value={toasts}>
    <PushSwitch push={push} />
  </ToastProvider>
);

async function shown(known: PushState, after: PushState = ON) {
  const pressed: string[] = [];
  const press = (name: string) => async () => {
    pressed.push(name);
    return after;
  };
  const push = { state: async () => known, turnOn: press("on"), turnOff: press("off"), renew: async () => false };
  render(withToasts(push));
  const control = await screen.findByRole<HTMLInputElement>("switch", { name: /nobody looks/ });
  await Promise.resolve();
  return { control, pressed };
}

test("a press turns pushes on, and another one off", async () => {
  const { control, pressed } = await shown(OFF);
  await userEvent.click(control);
  expect([pressed, control.checked]).toEqual([["on"], true]);
  await userEvent.click(control);
  expect(pressed).toEqual(["on", "off"]);
});

test.each([
  ["insecure", /HTTPS only/],
  ["not-installed", /home screen/],
  ["unsupported", /can't be told/],
  ["denied", /blocks notifications/],
] as const)("a browser where it is %s is told why, and can't be pressed", async (problem, why) => {
  const { control, pressed } = await shown({ isOn: false, problem });
  expect(await screen.findByText(why)).toBeTruthy();
  await userEvent.click(control);
  expect([control.disabled, control.checked, pressed]).toEqual([true, false, []]);
});

test("what went wrong is said, and may be tried again", async () => {
  const { control } = await shown(OFF, { isOn: false, problem: failure("unreachable", "") });
  await userEvent.click(control);
  expect(screen.getByRole("alert").textContent).toMatch(/^Not changed\. /);
  expect([control.checked, control.disabled]).toEqual([false, false]);
});

test("a push service that isn't there may be tried again", async () => {
  const { control } = await shown(OFF, { isOn: false, problem: "no-service" });
  await userEvent.click(control);
  expect(await screen.findByText(/push service can't be reached/)).toBeTruthy();
  expect(control.disabled).toBe(false);
});

test("while a press is carried out it can't be pressed, and what was known before comes too late to undo it", async () => {
  const known = Promise.withResolvers<PushState>();
  const turning = Promise.withResolvers<PushState>();
  const pressed: string[] = [];
  const turnOn = () => {
    pressed.push("on");
    return turning.promise;
  };
  let asked = 0;
  const push = {
    state: () => (asked++ === 0 ? Promise.resolve(OFF) : known.promise),
    turnOn,
    turnOff: async () => OFF,
    renew: async () => false,
  };
  const { rerender } = render(withToasts(push));
  const control = await screen.findByRole<HTMLInputElement>("switch", { name: /nobody looks/ });
  await act(async () => undefined);
  rerender(withToasts({ ...push }));
  fireEvent.click(control);
  await act(async () => undefined);
  expect([control.disabled, pressed]).toEqual([true, ["on"]]);
  await act(async () => turning.resolve(ON));
  await act(async () => known.resolve(OFF));
  expect([control.disabled, control.checked]).toEqual([false, true]);
});

test.each([
  [failure("unreachable", ""), "Not changed. The server can't be reached."],
  ["no-service", "Not changed. The browser's push service can't be reached. Try again."],
] as const)(
  "whoever has closed the settings before the answer is told all the same why it came to nothing",
  async (problem, text) => {
    const turning = Promise.withResolvers<PushState>();
    const push = {
      state: async () => OFF,
      turnOn: () => turning.promise,
      turnOff: async () => OFF,
      renew: async () => false,
    };
    const { unmount } = render(withToasts(push));
    const control = await screen.findByRole("switch", { name: /nobody looks/ });
    await act(async () => undefined);
    fireEvent.click(control);
    unmount();
    await act(async () => turning.resolve({ isOn: false, problem }));
    expect(toasts.list()).toMatchObject([{ text, tone: "error" }]);
  },
);
