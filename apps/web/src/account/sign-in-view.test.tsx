import { fireEvent, render, screen } from "@testing-library/preact";
import { beforeEach, expect, test } from "vitest";
import type { SignIn } from "@instep/protocol";
import { type Failure, failure } from "../sync/device.ts";
import { SignInView } from "./sign-in-view.tsx";

const NO_PROVIDER = { findName: async () => null };

beforeEach(() => history.replaceState(null, "", "/"));

test("[SIGN-1] the page signs in and up with an address and a password, and says in words why it could not", async () => {
  const asked: [string, SignIn][] = [];
  const outcomes: (Failure | null)[] = [failure("sign_in_refused", ""), null];
  let signedIn = 0;
  const enter = async (way: string, entry: SignIn) => {
    asked.push([way, entry]);
    return outcomes.shift() ?? null;
  };
  render(<SignInView enter={enter} onSignedIn={() => void (signedIn += 1)} provider={NO_PROVIDER} />);
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
  render(
    <SignInView
      onSignedIn={() => undefined}
      endedFor="ann@example.com"
      enter={async () => null}
      provider={NO_PROVIDER}
    />,
  );
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
  render(<SignInView onSignedIn={() => undefined} enter={enter} provider={NO_PROVIDER} />);
  const button = screen.getByRole("button", { name: "Sign in" });
  button.focus();
  for (let press = 0; press < 2; press += 1) fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
  expect([asked, document.activeElement]).toEqual([1, button]);
  answer.resolve(null);
});

test("[SIGN-10] the provider's button goes where the server says, and says where it can't", async () => {
  const outcomes = [failure("provider_unreachable", ""), { url: "https://id.example/auth" }];
  const gone: string[] = [];
  const provider = {
    findName: async () => "Home ID",
    begin: async () => outcomes.shift() ?? failure("internal", ""),
    go: (url: string) => void gone.push(url),
  };
  render(<SignInView onSignedIn={() => undefined} provider={provider} />);
  const button = await screen.findByRole("button", { name: "Sign in with Home ID" });
  fireEvent.click(button);
  expect((await screen.findByRole("alert")).textContent).toContain("The provider can't be reached.");
  fireEvent.click(button);
  await expect.poll(() => gone).toEqual(["https://id.example/auth"]);
});

test("[SIGN-10] why the provider led back is said once, in words", async () => {
  history.replaceState(null, "", "/#sign-in=address_unverified");
  render(<SignInView onSignedIn={() => undefined} enter={async () => null} provider={NO_PROVIDER} />);
  expect(screen.getByRole("alert").textContent).toContain("Your provider has not verified this address.");
  expect(location.hash).toBe("");
  fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
  await expect.poll(() => screen.queryByRole("alert")).toBeNull();
});

test("[SIGN-1] why one could not sign in is not said of signing up, and stands again where it was", async () => {
  render(
    <SignInView
      enter={async () => failure("sign_in_refused", "")}
      onSignedIn={() => undefined}
      provider={NO_PROVIDER}
    />,
  );
  fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
  await screen.findByRole("alert");
  fireEvent.click(screen.getByRole("button", { name: "Make an account" }));
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "I have an account" }));
  expect(screen.getByRole("alert").textContent).toContain("The address or the password is not right.");
});
