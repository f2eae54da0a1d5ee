import type { SignedIn } from "@instep/protocol";
import { act, fireEvent, render, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { settle } from "../../test/settle.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { type Failure, failure, type Result } from "../sync/device.ts";
import { PasskeyEntry } from "./passkey-entry.tsx";

const ANN: SignedIn = { user: { id: "ann", email: "ann@example.com", name: "Ann" } };
const refused: Failure = {
  ...failure("passkey_refused", ""),
  status: 403,
  detail: "Try again, or sign in another way.",
};

type Asked = PromiseWithResolvers<Result<SignedIn>>;

async function show({ isAvailable = true, follows = null as Failure | null } = {}) {
  const environment = testEnvironment();
  const [suggested, asked]: [Asked[], Asked[]] = [[], []];
  const counts = { signedIn: 0, stopped: 0 };
  const ask = (list: Asked[]) => async () => {
    const answer = Promise.withResolvers<Result<SignedIn>>();
    list.push(answer);
    return answer.promise;
  };
  const passkeys = {
    isAvailable: async () => isAvailable,
    suggest: ask(suggested),
    signIn: ask(asked),
    stop: () => void (counts.stopped += 1),
  };
  const onSignedIn = async () => {
    counts.signedIn += 1;
    return follows;
  };
  const { unmount } = render(
    <EnvironmentProvider value={environment}>
      <PasskeyEntry passkeys={passkeys} onSignedIn={onSignedIn} />
    </EnvironmentProvider>,
  );
  await settle();
  const answer = async (list: Asked[], outcome: Result<SignedIn>) => {
    list.at(-1)?.resolve(outcome);
    await settle();
  };
  return { environment, suggested, asked, counts, unmount, answer };
}

const button = () => screen.getByRole("button", { name: "Sign in with a passkey" });

test("[SIGN-11] where browser or server can't, nothing is shown and nothing asked", async () => {
  const { suggested } = await show({ isAvailable: false });
  expect(screen.queryByRole("button")).toBeNull();
  expect(suggested).toEqual([]);
});

test("[SIGN-11] the browser offers passkeys at once, and signs in with the one that is taken", async () => {
  const { suggested, counts, answer } = await show();
  expect([suggested.length, counts.signedIn]).toEqual([1, 0]);
  await answer(suggested, ANN);
  expect([suggested.length, counts.signedIn]).toEqual([1, 1]);
});

test("[SIGN-11] whoever is in, and whose page can't be had, is told so, and the browser offers passkeys again", async () => {
  const { suggested, asked, counts, answer } = await show({ follows: failure("unreachable", "") });
  await answer(suggested, ANN);
  expect([screen.getByRole("alert").textContent, counts.signedIn]).toEqual([
    "The server can't be reached. Check your connection, then try again.",
    1,
  ]);
  expect(suggested.length).toBe(2);
  fireEvent.click(button());
  await settle();
  expect(screen.queryByRole("alert")).toBeNull();
  await answer(asked, ANN);
  expect(screen.getByRole("alert").textContent).toContain("The server can't be reached.");
});

test("[SIGN-11] the button asks once however often it is pressed; cancelled, it says so and the browser offers them again", async () => {
  const { suggested, asked, counts, answer } = await show();
  for (const _ of [1, 2]) fireEvent.click(button());
  await settle();
  await answer(suggested, failure("aborted", ""));
  expect([asked.length, suggested.length, counts.signedIn]).toEqual([1, 1, 0]);
  await answer(asked, failure("aborted", ""));
  expect(screen.getByRole("alert").textContent).toContain("This was cancelled.");
  expect([suggested.length, counts.signedIn]).toEqual([2, 0]);
  fireEvent.click(button());
  await settle();
  expect(screen.queryByRole("alert")).toBeNull();
  await answer(asked, ANN);
  expect(counts.signedIn).toBe(1);
});

test("[SIGN-11] a passkey that was taken and refused is told, and others offered; a suggestion that ends by itself is nobody's concern", async () => {
  const { suggested, answer } = await show();
  await answer(suggested, refused);
  expect(screen.getByRole("alert").textContent).toBe(
    "This passkey was not accepted. Try again; if it stays so, use your password and add the passkey anew.",
  );
  expect(suggested.length).toBe(2);
  await answer(suggested, failure("passkey_refused", ""));
  expect(suggested.length, "no loop where the browser itself refuses").toBe(2);
});

test("[SIGN-11] what was refused before is said no more once one tries again by the button, and not after that either", async () => {
  const { suggested, asked, answer } = await show();
  await answer(suggested, refused);
  expect(screen.queryByRole("alert")).not.toBeNull();
  fireEvent.click(button());
  await settle();
  expect(screen.queryByRole("alert")).toBeNull();
  await answer(asked, ANN);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("[SIGN-11] what is offered is renewed before it ends, not while the button asks, and taken back with the view", async () => {
  const { environment, suggested, asked, counts, answer, unmount } = await show();
  const wait = async (ms: number) => {
    await act(() => environment.advance(ms));
    await settle();
  };
  await wait(239_999);
  expect(suggested.length).toBe(1);
  await wait(1);
  expect(suggested.length).toBe(2);
  fireEvent.click(button());
  await settle();
  await wait(240_000);
  expect(suggested.length).toBe(2);
  await answer(asked, failure("aborted", ""));
  expect([suggested.length, counts.stopped]).toEqual([3, 0]);
  unmount();
  await expect.poll(() => counts.stopped).toBe(1);
  await answer(suggested, ANN);
  environment.advance(240_000);
  expect([suggested.length, counts.signedIn]).toEqual([3, 0]);
});
