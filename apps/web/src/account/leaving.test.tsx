import { act, render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { useLeaving } from "./leaving.ts";

function leaving() {
  const environment = testEnvironment();
  const seen: { current: ReturnType<typeof useLeaving> | null } = { current: null };
  function Probe() {
    seen.current = useLeaving();
    return null;
  }
  render(
    <EnvironmentProvider value={environment}>
      <Probe />
    </EnvironmentProvider>,
  );
  const leave = (outcome: object | null) => act(async () => void (await seen.current?.leave(async () => outcome)));
  return { leave, isLeaving: () => seen.current?.isLeaving, environment };
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

test("[SIGN-3] who was asked whether to leave and stays is left with a page that says that its session has ended", async () => {
  const { leave, isLeaving, environment } = leaving();
  await leave(null);
  await act(async () => void window.dispatchEvent(new Event("beforeunload")));
  await act(async () => environment.advance(4000));
  expect(isLeaving()).toBe(true);
  await act(async () => environment.advance(2000));
  expect(isLeaving()).toBe(false);
});
