import { act, render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { useLeaving } from "./leaving.ts";

function leaving() {
  const seen: { current: ReturnType<typeof useLeaving> | null } = { current: null };
  function Probe() {
    seen.current = useLeaving();
    return null;
  }
  render(<Probe />);
  const leave = (outcome: object | null) => act(async () => void (await seen.current?.leave(async () => outcome)));
  return { leave, isLeaving: () => seen.current?.isLeaving };
}

const FAILED = { failed: "unavailable", status: 503, detail: "", retryAfterMs: null, problem: {} };

test("[SIGN-3] who has ended the session is leaving, and who could not is not", async () => {
  const { leave, isLeaving } = leaving();
  await leave(FAILED);
  expect(isLeaving()).toBe(false);
  await leave(null);
  expect(isLeaving()).toBe(true);
});

test("[SIGN-3] a page that is gone back to, as the browser kept it, is left no more: it says that its session has ended", async () => {
  const { leave, isLeaving } = leaving();
  await leave(null);
  await act(async () => void window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false })));
  expect(isLeaving()).toBe(true);
  await act(async () => void window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true })));
  expect(isLeaving()).toBe(false);
});
