import { fireEvent, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import type { Entry } from "./enter-account.ts";
import { failure } from "../../test/failures.ts";
import type { Failure } from "../sync/device.ts";
import { SignInView } from "./sign-in-view.tsx";

test("[SIGN-1] the page signs in and up with an address and a password, and says in words why it could not", async () => {
  const asked: [string, Entry][] = [];
  const outcomes: (Failure | null)[] = [failure("sign_in_refused"), null];
  let signedIn = 0;
  const enter = async (way: string, entry: Entry) => {
    asked.push([way, entry]);
    return outcomes.shift() ?? null;
  };
  render(<SignInView enter={enter} onSignedIn={() => (signedIn += 1)} />);
  fireEvent.input(screen.getByLabelText("Email"), { target: { value: "ann@example.com" } });
  fireEvent.input(screen.getByLabelText("Password"), { target: { value: "correct horse" } });
  fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The address or the password is not right.");
  expect(signedIn).toBe(0);
  fireEvent.click(screen.getByRole("button", { name: "Make an account" }));
  fireEvent.submit(screen.getByRole("form", { name: "Sign up" }));
  await expect.poll(() => signedIn).toBe(1);
  const entry = { email: "ann@example.com", password: "correct horse" };
  expect(asked).toEqual([
    ["sign-in", entry],
    ["sign-up", entry],
  ]);
});

test("[SIGN-3] where a session has ended, the page says that nothing is lost, and asks whose it was to sign in", async () => {
  render(<SignInView onSignedIn={() => undefined} endedFor="ann@example.com" enter={async () => null} />);
  expect(screen.getByRole("status").textContent).toContain("You were signed out.");
  expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe("ann@example.com");
});

test("[SIGN-1] a second press while the first is under way asks nothing, and the button keeps its focus", async () => {
  const answer = Promise.withResolvers<null>();
  let asked = 0;
  const enter = () => {
    asked += 1;
    return answer.promise;
  };
  render(<SignInView onSignedIn={() => undefined} enter={enter} />);
  const button = screen.getByRole("button", { name: "Sign in" });
  button.focus();
  for (let press = 0; press < 2; press += 1) fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
  expect([asked, document.activeElement]).toEqual([1, button]);
  answer.resolve(null);
});
