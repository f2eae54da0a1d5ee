/** What is said while the model's server can't be asked [MODEL-4]. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { EnvironmentProvider } from "../environment.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { ModelsNote } from "./models-note.tsx";

const PROBLEM = { code: "model_unreachable", detail: "http://127.0.0.1:11434 can't be reached." };

test("[MODEL-4] the page says in the server's words that the models are unknown, and asks again until they are", async () => {
  const timers: (() => void)[] = [];
  let asked = 0;
  const environment = {
    ...testEnvironment(),
    after: (_ms: number, run: () => void) => {
      timers.push(run);
      return () => void timers.splice(timers.indexOf(run), 1);
    },
  };
  const note = (problem: typeof PROBLEM | undefined) => (
    <EnvironmentProvider value={environment}>
      <ModelsNote problem={problem} onAskAgain={ask} />
    </EnvironmentProvider>
  );
  const ask = async (): Promise<void> => void (asked += 1);
  const { rerender, unmount } = render(note(PROBLEM));
  expect(screen.getByText(PROBLEM.detail)).toBeTruthy();
  for (let round = 1; round <= 2; round += 1) {
    await act(async () => timers.shift()?.());
    expect([asked, timers.length]).toEqual([round, 1]);
  }
  fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(asked).toBe(3);
  rerender(note(undefined));
  expect([screen.queryByText(PROBLEM.detail), timers.length]).toEqual([null, 0]);
  unmount();
});

test("nothing is asked any more where the note goes while an answer is on its way", async () => {
  const timers: (() => void)[] = [];
  const answer = Promise.withResolvers<void>();
  const environment = {
    ...testEnvironment(),
    after: (_ms: number, run: () => void) => (timers.push(run), () => undefined),
  };
  const { unmount } = render(
    <EnvironmentProvider value={environment}>
      <ModelsNote problem={PROBLEM} onAskAgain={() => answer.promise} />
    </EnvironmentProvider>,
  );
  await act(async () => undefined);
  expect(timers).toHaveLength(1);
  await act(async () => timers.shift()?.());
  await act(async () => void unmount());
  answer.resolve();
  await answer.promise;
  expect(timers).toEqual([]);
});

test("[MODEL-4] nothing is asked while the page is hidden, and at once when it is seen again", async () => {
  const environment = testEnvironment();
  let asked = 0;
  const ask = async (): Promise<void> => void (asked += 1);
  const { unmount } = render(
    <EnvironmentProvider value={environment}>
      <ModelsNote problem={PROBLEM} onAskAgain={ask} />
    </EnvironmentProvider>,
  );
  const hidden = vi.spyOn(document, "hidden", "get");
  const turn = (isHidden: boolean) => {
    hidden.mockReturnValue(isHidden);
    return act(async () => void document.dispatchEvent(new Event("visibilitychange")));
  };
  const pass = (ms: number) => act(async () => environment.advance(ms));
  await turn(true);
  await pass(5000);
  await turn(false);
  expect(asked, "it is not due yet").toBe(0);
  await turn(true);
  for (let rounds = 0; rounds < 3; rounds++) await pass(10_000);
  expect(asked).toBe(0);
  await turn(false);
  expect(asked).toBe(1);
  await turn(false);
  expect(asked).toBe(1);
  await pass(10_000);
  expect(asked).toBe(2);
  unmount();
  await turn(true);
  await turn(false);
  expect(asked).toBe(2);
  hidden.mockRestore();
});
