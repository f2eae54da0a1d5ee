import type { ChatPage } from "../harness/chat-page.ts";
import { expect, test } from "../harness/test.ts";

const idsIn = (chat: ChatPage) =>
  chat.rows().evaluateAll((rows) => rows.map((row) => row.getAttribute("data-conversation-id")));

test("the list stands by day, and no row moves from under the pointer until that has left [LIST-1]", async ({
  openDevice,
  server,
}) => {
  const [oldest, middle, newest] = [
    await server.api.conversation("Oldest"),
    await server.api.conversation("Middle"),
    await server.api.conversation("Newest"),
  ];
  const chat = await (await openDevice()).openTab();
  await expect(chat.sidebar.locator(".list-heading")).toHaveText(["Today"]);
  const order = [newest.id, middle.id, oldest.id];
  await expect.poll(() => idsIn(chat)).toEqual(order);
  await chat.row(middle.id).hover();
  const top = async () => Math.round((await chat.row(middle.id).boundingBox())?.y ?? 0);
  const before = await top();
  const isStill = async () => Math.abs((await top()) - before) <= 1;
  await server.api.turn(oldest.id, "A question");
  await expect(chat.badge(oldest.id)).toHaveText("2");
  expect(await idsIn(chat)).toEqual(order);
  const made = await server.api.conversation("Made meanwhile");
  await expect(chat.row(made.id)).toHaveCount(1);
  expect(await isStill()).toBe(true);
  await server.api.call("DELETE", `/api/conversations/${newest.id}`);
  await expect(chat.row(newest.id)).toHaveCount(0);
  expect(await isStill()).toBe(true);
  await chat.page.mouse.move(800, 300);
  await expect.poll(() => idsIn(chat)).toEqual([made.id, oldest.id, middle.id]);
  await expect(chat.row(made.id)).toBeInViewport();
  await server.api.call("PATCH", `/api/conversations/${middle.id}`, { pinned: true });
  await expect(chat.sidebar.locator(".list-heading")).toHaveText(["Pinned", "Today"]);
});
