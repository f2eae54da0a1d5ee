import { fireEvent, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import type { Entry } from "./enter-account.ts";
import { SignInView } from "./sign-in-view.tsx";

test("[SIGN-1] the page signs in and up with an address and a password, and says in words why it could not", async () => {
  const asked: [string, Entry][] = [];
  const outcomes: (string | null)[] = ["sign_in_refused", null];
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
