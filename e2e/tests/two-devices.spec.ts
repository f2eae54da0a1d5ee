import { randomUUID } from "node:crypto";
import { standing } from "../harness/standing.ts";
import { expect, test } from "../harness/test.ts";

test.describe("two devices that poll", () => {
  test.use({ serverEnv: { SYNC_LIVE: "false", SYNC_POLL_INTERVAL_SECONDS: "1" } });

  test("a message sent on one gives the other its badge with the next poll [DEV-3]", async ({ openDevice, server }) => {
    const { id } = await server.api.conversation("Bread");
    const [first, second] = [await (await openDevice()).openTab(), await (await openDevice()).openTab()];
    await expect(second.badge(id)).toHaveCount(0);
    await first.open(id);
    await first.send("And in the fridge?");
    await first.untilReplied(2);
    await expect(second.badge(id)).toHaveText("2");
    await expect(second.row(id)).toHaveAccessibleName(/2 unread/);
    await expect(first.badge(id)).toHaveCount(0);
  });

  test("renaming, deleting and restoring arrive with the next poll [SYNC-2]", async ({ chat, server }) => {
    const { id } = await server.api.conversation("Bread");
    await expect(chat.title(id)).toHaveText("Bread");
    await server.api.rename(id, "Sourdough");
    await expect(chat.title(id)).toHaveText("Sourdough");
    await expect(chat.badge(id)).toHaveText("2");
    await server.api.delete(id);
    await expect(chat.row(id)).toHaveCount(0);
    await server.api.restore(id);
    await expect(chat.title(id)).toHaveText("Sourdough");
  });
});

test("a rename elsewhere is no reason for a badge [LIST-1]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab();
  await server.api.rename(id, "Sourdough");
  await expect(chat.title(id)).toHaveText("Sourdough");
  await expect(chat.badge(id)).toHaveCount(0);
});

test("race 7: what a first sync or a reload finds is not unread, what is made elsewhere afterwards is [DEV-7]", async ({
  openDevice,
  server,
}) => {
  const before = await server.api.conversation("Before");
  const chat = await (await openDevice()).openTab();
  await expect(chat.row(before.id)).toBeVisible();
  await expect(chat.badge(before.id)).toHaveCount(0);
  const after = await server.api.conversation("After");
  await expect(chat.badge(after.id)).toHaveText("2");
  await expect(chat.rows().first()).toHaveAttribute("data-conversation-id", after.id);
});

test("opening a badged conversation clears it here at once and on every device [DEV-3]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const [first, second] = [await (await openDevice()).openTab(), await (await openDevice()).openTab()];
  await server.api.turn(id, "And in the fridge?");
  await expect(first.badge(id)).toHaveText("2");
  await expect(second.badge(id)).toHaveText("2");
  await first.open(id);
  await expect(first.badge(id)).toHaveCount(0);
  await expect(second.badge(id)).toHaveCount(0);
  await server.api.turn(id, "And how much salt?");
  await expect(second.badge(id)).toHaveText("2");
});

test("mark as unread travels, and opening takes it back everywhere [DEV-3]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  await server.api.call("POST", `/api/conversations/${id}/read`, { message_count: 2 });
  const [first, second] = [await (await openDevice()).openTab(), await (await openDevice()).openTab()];
  await first.act(id, "Mark as unread");
  await expect(first.row(id)).toHaveAccessibleName(/unread/);
  await expect(second.row(id)).toHaveAccessibleName(/unread/);
  await second.open(id);
  await expect(first.row(id)).not.toHaveAccessibleName(/unread/);
});

test("more than 99 unread messages are 99+ [DEV-3]", async ({ openDevice, server }) => {
  await server.stop();
  await server.start({ DEMO_TOKEN_DELAY_MS: "0" });
  const { id } = await server.api.conversation("Busy");
  const chat = await (await openDevice()).openTab();
  await expect(chat.row(id)).toBeVisible();
  for (let turn = 0; turn < 49; turn++) await server.api.turn(id, "More");
  await expect(chat.badge(id)).toHaveText("98");
  await server.api.turn(id, "More");
  await expect(chat.badge(id)).toHaveText("99+");
  await expect(chat.row(id)).toHaveAccessibleName(/unread/);
  await chat.open(id);
  await expect(chat.badge(id)).toHaveCount(0);
});

test.describe("the open conversation, changed elsewhere [DEV-9]", () => {
  test("a banner; nothing is injected; its click loads what is missing and marks where the new begins", async ({
    openDevice,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread", 8);
    const device = await openDevice();
    // Else it reads ahead some time, and asks for this very conversation.
    await device.context.addInitScript(() =>
      Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
    );
    const chat = await device.openTab(`/c/${id}`);
    await expect(chat.replies()).toHaveCount(8);
    const scroller = chat.messages;
    const top = () => scroller.evaluate(topOf);
    const end = await standing(chat.page, top);
    await scroller.hover();
    await chat.page.mouse.wheel(0, -400);
    await expect.poll(top).toBeLessThan(end);
    const place = await standing(chat.page, top);
    await server.api.turn(id, "A question from elsewhere");
    await expect(chat.banner).toBeVisible();
    await expect(chat.badge(id)).toHaveCount(0);
    await expect(chat.messages).not.toContainText("A question from elsewhere");
    expect(await top()).toBe(place);

    const asked: string[] = [];
    chat.page.on("request", (request) => asked.push(new URL(request.url()).pathname + new URL(request.url()).search));
    await chat.banner.getByRole("button").first().click();
    await expect(chat.messages).toContainText("A question from elsewhere");
    await expect(chat.replies()).toHaveCount(9);
    await expect(chat.banner).toHaveCount(0);
    await expect(chat.divider).toHaveCount(1);
    const loads = asked.filter((path) => path.startsWith(`/api/conversations/${id}`) && !path.endsWith("/read"));
    expect(loads.every((path) => path.includes("/messages?after="))).toBe(true);
    const order = await chat.messages
      .locator(".message, .new-messages-divider")
      .evaluateAll((nodes) => nodes.map((node) => (node.classList.contains("message") ? "message" : "divider")));
    expect(order.indexOf("divider")).toBe(16);
  });

  test("the divider goes with the next send", async ({ openDevice, server }) => {
    const { id } = await server.api.conversation("Bread");
    const chat = await (await openDevice()).openTab(`/c/${id}`);
    await expect(chat.replies()).toHaveCount(1);
    await server.api.turn(id, "A question from elsewhere");
    await chat.banner.getByRole("button").first().click();
    await expect(chat.divider).toHaveCount(1);
    await chat.send("A question of mine");
    await chat.untilReplied(3);
    await expect(chat.divider).toHaveCount(0);
  });

  test("a send from a stale view shows what is new first, loses nothing, and goes out when asked [TURN-7]", async ({
    openDevice,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const chat = await (await openDevice()).openTab(`/c/${id}`);
    await expect(chat.replies()).toHaveCount(1);
    // This device hears of nothing until it sends.
    await chat.page.route("**/api/conversations/sync*", () => {});
    const opened = chat.page.waitForResponse(`**/api/conversations/${id}?*`);
    await chat.page.reload();
    await opened;
    await expect(chat.replies()).toHaveCount(1);
    await server.api.turn(id, "A question from elsewhere, write 300 words about rain");
    await chat.send("A question of mine");
    await expect(chat.messages).toContainText("A question from elsewhere");
    await expect(chat.messages).toContainText("A question of mine");
    expect((await server.api.open(id)).messages).toHaveLength(4);
    // However much is new, one's own message and what can be done with it stay in view.
    await expect(chat.divider).toHaveCount(1);
    await expect(chat.messages.getByRole("button", { name: "Retry" })).toBeInViewport({ ratio: 1 });
    await chat.messages.getByRole("button", { name: "Retry" }).click();
    await expect(chat.messages.getByRole("button", { name: "Retry" })).toHaveCount(0);
    await chat.untilReplied(3);
    const { messages } = await server.api.open(id);
    expect(messages.filter(({ content }) => content === "A question of mine")).toHaveLength(1);
    expect(messages).toHaveLength(6);
  });
});

test("a conversation begun with an id of its own on two devices is one conversation [ID-1]", async ({
  chat,
  server,
}) => {
  const id = randomUUID();
  await server.api.create("Bread", id);
  await server.api.create("Bread", id);
  await expect(chat.row(id)).toHaveCount(1);
});

function topOf(node: Element): number {
  let scroller: Element | null = node;
  while (scroller && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement;
  return Math.round(scroller?.scrollTop ?? 0);
}
