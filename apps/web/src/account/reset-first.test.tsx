/** The link that sets a new password, from the address to the new password. */
import { fireEvent, render, screen } from "@testing-library/preact";
import { beforeEach, expect, test } from "vitest";
import { settle } from "../../test/settle.ts";
import { failure } from "../sync/device.ts";
import { ResetFirst } from "./reset-first.tsx";
import { ResetView } from "./reset-view.tsx";

beforeEach(() => history.replaceState(null, "", "/c/one"));

test("[SIGN-8] a link stands before everything else, its token in no history, until one is through with it", async () => {
  history.replaceState(null, "", "/#reset=a-token_1");
  render(
    <ResetFirst>
      <p>The page</p>
    </ResetFirst>,
  );
  expect([location.hash, screen.queryByText("The page")]).toEqual(["", null]);
  fireEvent.click(await screen.findByRole("button", { name: "Leave it as it is" }));
  expect(screen.getByText("The page")).toBeTruthy();
});

test("[SIGN-8] in a tab that is open a link is taken too, and any other address of the page is none", async () => {
  render(
    <ResetFirst>
      <p>The page</p>
    </ResetFirst>,
  );
  for (const hash of ["#message-input", "#reset=", "#reset=a b", "#x#reset=a"]) {
    history.replaceState(null, "", `/c/one${hash}`);
    window.dispatchEvent(new Event("hashchange"));
    await settle();
    expect([screen.queryByText("The page") !== null, location.hash !== ""], hash).toEqual([true, true]);
  }
  history.replaceState(null, "", "/c/one#reset=a-token_1");
  window.dispatchEvent(new Event("hashchange"));
  await settle();
  expect([screen.queryByText("The page"), location.hash, location.pathname]).toEqual([null, "", "/c/one"]);
});

test("[SIGN-8] the password is set with the link's token, in words where that can't be used any more", async () => {
  const asked: string[][] = [];
  const outcomes = [failure("reset_refused", ""), null];
  let isDone = false;
  const reset = async (...call: [string, string]) => {
    asked.push(call);
    return outcomes.shift() ?? null;
  };
  render(<ResetView token="a-token_1" reset={reset} onDone={() => void (isDone = true)} />);
  const field = screen.getByLabelText("New password", { selector: "input" });
  fireEvent.input(field, { target: { value: "battery staple" } });
  fireEvent.submit(screen.getByRole("form", { name: "Set a new password" }));
  expect((await screen.findByRole("alert")).textContent).toContain("This link can't be used any more.");
  fireEvent.submit(screen.getByRole("form", { name: "Set a new password" }));
  await screen.findByRole("heading", { name: "Your new password is set" });
  expect([asked, isDone]).toEqual([Array.from({ length: 2 }, () => ["a-token_1", "battery staple"]), false]);
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(isDone).toBe(true);
});
