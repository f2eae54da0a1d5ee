/** The whole page while its server can't be reached, or has no word of its models: what is said of it, and what its buttons do. */
import { fireEvent, screen, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, increment, row, VirtualEnvironment } from "./scripted-device.ts";
import { testEnvironment } from "./test-environment.ts";
import { wholePage } from "./whole-page.tsx";
import { failure } from "../src/sync/device.ts";

const A = idOf("a");

/** A page whose clock is its device's too. */
async function page(options: Parameters<typeof wholePage>[1] = {}, path = `/c/${A}`) {
  const environment = new VirtualEnvironment();
  environment.clockErrorMs = testEnvironment().now() - environment.now();
  const whole = await wholePage(path, { environment, ...options });
  const { transport, settle, page: screenOf } = whole;
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10), row("b", 20), row("c", 30)]));
  await settle();
  const advance = async (ms: number) => {
    await environment.advance(ms);
    screenOf.advance(ms);
    await settle();
  };
  const press = async (name: string | RegExp) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settle();
  };
  return { ...whole, advance, press };
}

/** Its server answers no more, for so long that the next try is half a minute away. */
async function goOutOfReach({ transport, device, environment, advance, settle }: Awaited<ReturnType<typeof page>>) {
  environment.randomValue = 0.999;
  await advance(60_000);
  for (let failures = 0; failures < 6; failures++) {
    await transport.last.fail();
    await advance((device.status().retryAt ?? 0) - environment.now());
  }
  await transport.last.fail();
  await settle();
  expect(device.status().state).toBe("waiting");
}

const secondsLeft = () => Number(/Trying again in (\d+) s/.exec(document.body.textContent)?.[1]);

test("while the server is away, the seconds until the next try go down one by one, and Try now asks at once", async () => {
  const whole = await page();
  const { advance, press, transport } = whole;
  await goOutOfReach(whole);
  const before = secondsLeft();
  expect(before).toBeGreaterThan(10);
  const left: number[] = [];
  for (let second = 0; second < 3; second++) {
    await advance(1000);
    left.push(before - secondsLeft());
  }
  expect(left).toEqual([1, 2, 3]);
  const asked = transport.asked.length;
  await press("Try now");
  expect(transport.asked.length).toBe(asked + 1);
});

test("[MODEL-4] the open chat says in the server's words that its models are unknown, and Ask again asks", async () => {
  const detailOf = "http://127.0.0.1:11434 can't be reached.";
  const config = { models_problem: { code: "model_unreachable", detail: detailOf } };
  const { accountChanges, settle } = await page({ config });
  const note = screen.getByRole("note");
  expect(note.textContent).toContain(detailOf);
  fireEvent.click(within(note).getByRole("button", { name: "Ask again" }));
  await settle();
  expect(accountChanges()).toBe(1);
});

test("a chat that could not be loaded says so, and Try again loads it", async () => {
  const whole = await wholePage(`/c/${A}`);
  const { transport, settle } = whole;
  transport.answers.open = () => failure("unreachable", "");
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  expect(document.querySelectorAll(".message")).toHaveLength(0);
  transport.answers.open = () => detail("a", 10);
  fireEvent.click(within(screen.getByRole("log")).getByRole("button", { name: "Try again" }));
  await settle();
  expect(document.querySelectorAll(".message")).toHaveLength(10);
});

test("[DEV-3] the sync panel explains the open chat and those that have a badge, no other, and Sync now asks at once", async () => {
  const { press, advance, transport, settle } = await page();
  await advance(60_000);
  await transport.last.answer(increment(110, [row("b", 22, { at: 110 })]));
  await settle();
  await press(/^Sync:/);
  const panel = within(await screen.findByRole("dialog", { name: "Sync" }));
  const explained = () => [...document.querySelectorAll(".sync-unread summary")].map(({ textContent }) => textContent);
  expect(explained()).toEqual(["Conversation a", "Conversation b"]);
  const asked = transport.asked.length;
  fireEvent.click(panel.getByRole("button", { name: "Sync now" }));
  await settle();
  expect(transport.asked.length).toBe(asked + 1);
});

test("[DEV-12] what is on its way is counted beside the connection only where that is in trouble", async () => {
  const whole = await page();
  const { press, drafts, settle, device } = whole;
  drafts.set(A, "hello");
  await settle();
  await press("Send");
  const indicator = () => screen.getByRole("button", { name: /^Sync:/ }).textContent;
  expect([indicator(), device.status().waitingCount > 0]).toEqual(["In step", true]);
  await goOutOfReach(whole);
  expect(indicator()).toBe(`Reconnecting… · ${device.status().waitingCount} waiting`);
});
