/** Midnight, as components see it: late timers, early ones, and a computer that slept. */
import { act, renderHook, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, idOf, row } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { EnvironmentProvider } from "../environment.ts";
import { useToday } from "./use-today.ts";

const MIDNIGHT = new Date(2026, 5, 11).getTime();

/** An evening whose clock and timers are the test's. */
function evening() {
  let now = MIDNIGHT - 6 * 3_600_000;
  const timers = new Set<() => void>();
  const after = (_ms: number, callback: () => void) => {
    timers.add(callback);
    return () => void timers.delete(callback);
  };
  const environment = { ...testEnvironment(), now: () => now, after };
  const { result } = renderHook(() => useToday(), {
    wrapper: ({ children }) => <EnvironmentProvider value={environment}>{children}</EnvironmentProvider>,
  });
  const fire = () =>
    act(() => {
      const due = [...timers];
      timers.clear();
      for (const run of due) run();
    });
  return { result, fire, set: (at: number) => void (now = at) };
}

test("today becomes yesterday though the timer comes a moment early by the clock", async () => {
  const { result, fire, set } = evening();
  set(MIDNIGHT - 1);
  await fire();
  set(MIDNIGHT + 1);
  await fire();
  expect(result.current).toBe(MIDNIGHT);
});

test.each(["visibilitychange", "focus", "pageshow"])(
  "a page that slept over midnight sees it with %s",
  async (event) => {
    const { result, set } = evening();
    set(MIDNIGHT + 8 * 3_600_000);
    const target = event === "visibilitychange" ? document : window;
    await act(() => void target.dispatchEvent(new Event(event)));
    expect(result.current).toBe(MIDNIGHT);
  },
);

test("a row's time follows the day", async () => {
  layOut();
  const { transport, settle, page } = await wholePage("/");
  const at = new Date(page.now() - 20 * 3_600_000).toISOString();
  await transport.last.answer(full(100, [{ ...row("a", 2), updated_at: at }]));
  await settle();
  const time = () => document.querySelector(`[data-conversation-id="${idOf("a")}"] .row-time`)?.textContent;
  page.advance(48 * 3_600_000);
  await settle();
  expect(time()).toBe(new Date(at).toLocaleDateString("en", { weekday: "short" }));
  expect(screen.queryByText("Today")).toBeNull();
});
