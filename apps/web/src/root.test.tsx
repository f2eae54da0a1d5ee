/** How the page begins where its server refuses it, and what of a visit outlasts that. */
import { act, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { testEnvironment } from "../test/test-environment.ts";
import { Root } from "./root.tsx";
import { SHARED_KEY } from "./share/shared-key.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, "", "/");
});

const settle = () =>
  act(async () => {
    for (let turns = 0; turns < 3; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await vi.dynamicImportSettled();
    }
  });

test("a first visit that finds no server says so, and can try again as often as it is pressed", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked++;
    throw new TypeError("Failed to fetch");
  });
  render(<Root environment={testEnvironment()} />);
  await settle();
  expect(screen.getByRole("heading").textContent).toBe("The server can't be reached.");
  for (let presses = 0; presses < 3; presses++) {
    const before = asked;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect([asked > before, screen.getByRole<HTMLButtonElement>("button", { name: "Try again" }).disabled]).toEqual([
      true,
      false,
    ]);
  }
});

test("what another app has shared is kept over a sign-in that leads away from the page", async () => {
  const problem = { code: "unauthorized", title: "Sign in first." };
  vi.stubGlobal("fetch", async () => Response.json(problem, { status: 401 }));
  window.history.replaceState(null, "", "/?shared_text=worth+a+look");
  const environment = testEnvironment();
  render(<Root environment={environment} />);
  const kept = async () => {
    await settle();
    return environment.keyValue.get(SHARED_KEY) ?? "";
  };
  await expect.poll(kept, { timeout: 10_000 }).toContain("worth a look");
});
