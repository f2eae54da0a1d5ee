import { render as renderAsItGoes } from "preact";
import { act, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { settle } from "../../test/settle.ts";
import { lazyPart, patientLazyPart, quietLazyPart } from "./lazy-part.tsx";

afterEach(() => vi.useRealTimers());

test("a part that is loaded late says that it comes, says where it can't, is tried again, and then is there at once", async () => {
  const outcomes = [false, true];
  let loads = 0;
  const Part = lazyPart<{ readonly name: string }>(async () => {
    loads += 1;
    if (outcomes.shift() !== true) throw new Error("no network");
    return ({ name }) => <p>Here is {name}</p>;
  });
  const { unmount } = render(<Part name="one" />);
  expect(screen.getByRole("status").textContent).toBe("Loading…");
  await settle();
  expect(screen.getByRole("alert").textContent).toContain("could not be loaded");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await settle();
  expect(screen.getByText("Here is one")).toBeTruthy();
  unmount();
  render(<Part name="two" />);
  expect([screen.getByText("Here is two").textContent, loads]).toEqual(["Here is two", 2]);
});

test("a part that can be closed can be closed while it could not be loaded", async () => {
  let closed = 0;
  const Part = lazyPart<{ readonly onClose: () => void }>(() => Promise.reject(new Error("no network")));
  render(<Part onClose={() => void closed++} />);
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(closed).toBe(1);
});

const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

test("a part that comes after it was rendered and before its effects is shown", async () => {
  const coming = Promise.withResolvers<() => preact.JSX.Element>();
  const Part = quietLazyPart<object>(() => coming.promise);
  const loaded = Part.load();
  const place = document.createElement("div");
  // Effects wait for a frame, as they do in a browser.
  renderAsItGoes(<Part />, place);
  coming.resolve(() => <p>Here it is</p>);
  await loaded;
  expect(place.textContent).toBe("");
  await expect.poll(() => place.textContent).toBe("Here it is");
  renderAsItGoes(null, place);
});

test("a part that never comes can be tried again and closed, and is shown where it comes after all", async () => {
  vi.useFakeTimers();
  const coming = Promise.withResolvers<() => preact.JSX.Element>();
  const Part = quietLazyPart<{ readonly onClose: () => void }>(() => coming.promise);
  const { container } = render(<Part onClose={() => undefined} />);
  await pass(19_000);
  expect(container.textContent).toBe("");
  await pass(2_000);
  expect(screen.getByRole("alert").textContent).toContain("could not be loaded");
  expect(screen.getByRole("button", { name: "Close" })).toBeTruthy();
  const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no network"));
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await pass(4_000);
  expect([asked.mock.calls.length, screen.getAllByRole("alert").length]).toEqual([1, 1]);
  asked.mockRestore();
  coming.resolve(() => <p>Here it is</p>);
  await pass(0);
  expect(container.textContent).toBe("Here it is");
  expect(vi.getTimerCount()).toBe(0);
});

test("a part that nobody asked for is waited for in silence, however long it takes, and says so only where it can't be had", async () => {
  vi.useFakeTimers();
  const coming = Promise.withResolvers<() => preact.JSX.Element>();
  const attempts = [Promise.reject(new Error("no network")), coming.promise];
  const Part = patientLazyPart<object>(() => attempts.shift() ?? coming.promise);
  const { container } = render(<Part />);
  await pass(0);
  expect(screen.getByRole("alert").textContent).toContain("could not be loaded");
  const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no network"));
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await pass(600_000);
  expect([container.textContent, asked.mock.calls.length]).toEqual(["", 0]);
  asked.mockRestore();
  coming.resolve(() => <p>Here it is</p>);
  await pass(0);
  expect(container.textContent).toBe("Here it is");
  expect(vi.getTimerCount()).toBe(0);
});

test("a part that failed at once has its time when it is tried again, and one that is still pending little more", async () => {
  vi.useFakeTimers();
  const coming = Promise.withResolvers<() => preact.JSX.Element>();
  const attempts = [Promise.reject(new Error("no network")), coming.promise];
  const Part = lazyPart<object>(() => attempts.shift() ?? coming.promise);
  const { container } = render(<Part />);
  await pass(0);
  const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no network"));
  const retry = () => fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  retry();
  await pass(19_000);
  expect([container.textContent, asked.mock.calls.length]).toEqual(["Loading…", 0]);
  await pass(1_000);
  expect(asked).toHaveBeenCalledTimes(1);
  retry();
  await pass(3_000);
  expect(asked).toHaveBeenCalledTimes(2);
  asked.mockRestore();
  coming.resolve(() => <p>Here it is</p>);
  await pass(0);
  expect(container.textContent).toBe("Here it is");
});
