import { HeldAnswers } from "../harness/held-answers.ts";
import { standing } from "../harness/standing.ts";
import { expect, test } from "../harness/test.ts";

test("the sidebar pages in as one scrolls, syncs go on meanwhile, and whoever is far down stays there [DEV-7]", async ({
  openDevice,
  server,
}) => {
  const made: string[] = [];
  for (let number = 1; number <= 80; number++) made.push((await server.api.create(`Conversation ${number}`)).id);
  const chat = await (await openDevice()).openTab();
  const [oldest = "", second = ""] = made;
  await expect(chat.row(made.at(-1) ?? "")).toBeVisible();
  await server.api.rename(second, "Renamed while paging");
  for (let turn = 0; turn < 40 && (await chat.row(oldest).count()) === 0; turn++) {
    await chat.sidebar.hover();
    await chat.page.mouse.wheel(0, 600);
    await chat.page.waitForTimeout(50);
  }
  await expect(chat.row(oldest)).toBeVisible();
  await expect(chat.title(second)).toHaveText("Renamed while paging");
  await expect(chat.sidebar.locator(".unread-badge")).toHaveCount(0);
  // What is made above somebody who is far down moves nothing, neither at once nor after the pointer has left.
  const top = async () => (await chat.row(second).boundingBox())?.y ?? Number.POSITIVE_INFINITY;
  await chat.page.mouse.wheel(0, 10_000);
  await expect.poll(() => chat.sidebar.locator(".conversation-list").evaluate(belowView)).toBeLessThan(1);
  await expect(chat.row(second)).toBeInViewport({ ratio: 1 });
  const before = await top();
  await server.api.create("Made above");
  await server.api.rename(second, "Renamed once more");
  await expect(chat.title(second)).toHaveText("Renamed once more");
  expect(await top()).toBeCloseTo(before, 0);
  await chat.page.mouse.move(900, 300);
  await chat.page.waitForTimeout(200);
  await expect(chat.row(second)).toBeInViewport();
  expect(await top()).toBeCloseTo(before, 0);
  await chat.sidebar.hover();
  // A new message moves it to the top once the pointer has left, where the reader is not: the place stays.
  await server.api.turn(oldest, "Wake up");
  await expect(chat.badge(oldest)).toHaveText("2");
  await chat.page.mouse.move(900, 300);
  await expect(chat.row(oldest)).not.toBeInViewport();
  await chat.sidebar.hover();
  await chat.page.mouse.wheel(0, -10_000);
  await expect(chat.row(oldest)).toBeInViewport();
  await expect(chat.badge(oldest)).toHaveText("2");
});

test("older messages page in above without a jump, and what comes meanwhile is a banner [DEV-6]", async ({
  openDevice,
  server,
}) => {
  await server.stop();
  await server.start({ DEMO_TOKEN_DELAY_MS: "0" });
  const { id } = await server.api.conversation("Long", 28);
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.messages).toContainText("Question 28 about Long");
  await expect(chat.badge(id)).toHaveCount(0);
  const older = await HeldAnswers.of(chat.page, /messages\?before=/);
  older.hold();
  await chat.messages.hover();
  for (let turn = 0; turn < 80 && older.seen === 0; turn++) {
    await chat.page.mouse.wheel(0, -800);
    await chat.page.waitForTimeout(20);
  }
  const visible = await standing(chat.page, () => chat.messages.evaluate(firstVisible));
  older.release();
  await expect.poll(() => chat.messages.locator(".message").count()).toBe(56);
  await chat.page.waitForTimeout(200);
  const after = await chat.messages.evaluate(topOfMessage, visible.id);
  expect(Math.abs((after ?? Number.POSITIVE_INFINITY) - visible.top)).toBeLessThan(200);

  await server.api.turn(id, "One more");
  await expect(chat.banner).toBeVisible();
  await expect(chat.badge(id)).toHaveCount(0);
  expect(await chat.messages.evaluate(topOfMessage, visible.id)).toBe(after);
});

test("what is read stands still while older messages load, and when they are there [DEV-6]", async ({
  openDevice,
  server,
}) => {
  await server.stop();
  await server.start({ DEMO_TOKEN_DELAY_MS: "0" });
  const { id } = await server.api.conversation("Long", 28);
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.messages).toContainText("Question 28 about Long");
  const older = await HeldAnswers.of(chat.page, /messages\?before=/);
  older.hold();
  const read = await chat.messages.evaluate((log) => {
    log.scrollTop = 300;
    const [message] = [...log.querySelectorAll<HTMLElement>(".message")].slice(4);
    return { id: message?.dataset["messageId"] ?? "", top: message?.getBoundingClientRect().top ?? 0 };
  });
  await expect(chat.messages).toContainText("Loading older messages");
  expect(await chat.messages.evaluate(topOfMessage, read.id)).toBeCloseTo(read.top, 0);
  older.release();
  await expect(chat.messages).not.toContainText("Loading older messages");
  expect(await chat.messages.locator(".message").count()).toBe(56);
  expect(await chat.messages.evaluate(topOfMessage, read.id)).toBeCloseTo(read.top, 0);
});

/** How much of it lies below what is seen. */
function belowView({ scrollHeight, clientHeight, scrollTop }: Element): number {
  return scrollHeight - clientHeight - scrollTop;
}

function firstVisible(log: Element): { id: string; top: number } {
  const nodes = [...log.querySelectorAll<HTMLElement>(".message")];
  const seen = nodes.find((node) => node.getBoundingClientRect().bottom > 120);
  return { id: seen?.dataset["messageId"] ?? "", top: seen?.getBoundingClientRect().top ?? 0 };
}

function topOfMessage(log: Element, id: string): number | null {
  return log.querySelector(`[data-message-id="${id}"]`)?.getBoundingClientRect().top ?? null;
}
