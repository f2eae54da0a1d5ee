import type { ChatPage } from "../harness/chat-page.ts";
import { expect, test } from "../harness/test.ts";

const idsIn = (chat: ChatPage) =>
  chat.rows().evaluateAll((rows) => rows.map((row) => row.getAttribute("data-conversation-id")));

for (const below of [0, 40]) {
  test(`the list stands by day, and no row moves from under the pointer until that has left: ${below} more below [LIST-1]`, async ({
    openDevice,
    server,
  }) => {
    await Promise.all(Array.from({ length: below }, (_, index) => server.api.create(`Below ${index}`)));
    const [oldest, middle, newest] = [
      await server.api.conversation("Oldest"),
      await server.api.conversation("Middle"),
      await server.api.conversation("Newest"),
    ];
    const chat = await (await openDevice()).openTab();
    const upper = async () => (await idsIn(chat)).slice(0, 3);
    await expect(chat.sidebar.locator(".list-heading")).toHaveText(["Today"]);
    const order = [newest.id, middle.id, oldest.id];
    await expect.poll(upper).toEqual(order);
    await chat.row(middle.id).hover();
    const top = async () => Math.round((await chat.row(middle.id).boundingBox())?.y ?? 0);
    const before = await top();
    const isStill = async () => Math.abs((await top()) - before) <= 1;
    await server.api.turn(oldest.id, "A question");
    await expect(chat.badge(oldest.id)).toHaveText("2");
    expect(await upper()).toEqual(order);
    const made = await server.api.conversation("Made meanwhile");
    await expect(chat.row(made.id)).toHaveCount(1);
    expect(await isStill()).toBe(true);
    await server.api.call("DELETE", `/api/conversations/${newest.id}`);
    await expect(chat.row(newest.id)).toHaveCount(0);
    expect(await isStill()).toBe(true);
    const last = await server.api.conversation("Made last");
    await expect(chat.row(last.id)).toHaveCount(1);
    expect(await isStill()).toBe(true);
    await chat.page.mouse.move(800, 300);
    await expect.poll(upper).toEqual([last.id, made.id, oldest.id]);
    await expect(chat.row(last.id)).toBeInViewport({ ratio: 1 });
    await server.api.call("PATCH", `/api/conversations/${middle.id}`, { pinned: true });
    await expect(chat.sidebar.locator(".list-heading")).toHaveText(["Pinned", "Today"]);
  });
}

test("several chats are archived at once, brought back by one Undo, and in step on another device [SYNC-10]", async ({
  openDevice,
  server,
}) => {
  const made = [];
  for (const title of ["One", "Two", "Three", "Four"]) made.push(await server.api.conversation(title));
  const [one, two, three, four] = made.map(({ id }) => id);
  const chat = await (await openDevice()).openTab();
  const other = await (await openDevice()).openTab();
  await expect(other.rows()).toHaveCount(4);
  await chat.row(four ?? "").click({ modifiers: ["ControlOrMeta"] });
  await chat.row(two ?? "").click({ modifiers: ["Shift"] });
  const bar = chat.sidebar.getByRole("toolbar", { name: "Selected chats" });
  await expect(bar).toContainText("3 selected");
  await bar.getByRole("button", { name: "Archive selected" }).click();
  await expect.poll(() => idsIn(chat)).toEqual([one]);
  await expect.poll(() => idsIn(other)).toEqual([one]);
  await expect(chat.toasts).toHaveCount(1);
  await expect(chat.toasts).toContainText("3 chats archived");
  await chat.toasts.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => idsIn(chat)).toEqual([four, three, two, one]);
  await expect(other.rows()).toHaveCount(4);
});

test("hundreds of chats are gone through by keys alone, and the row with the focus keeps it wherever they are scrolled to", async ({
  openDevice,
  server,
}) => {
  for (let made = 0; made < 400; made += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => server.api.create(`Chat ${made + index}`)));
  }
  const chat = await (await openDevice()).openTab();
  await expect(chat.rows().first()).toBeVisible();
  const { keyboard } = chat.page;
  const focusedId = () =>
    chat.page.evaluate(() =>
      document.activeElement?.closest("[data-conversation-id]")?.getAttribute("data-conversation-id"),
    );
  await chat.sidebar.getByRole("searchbox").focus();
  await keyboard.press("Tab");
  const first = await focusedId();
  expect(first).toBeTruthy();
  await chat.rows().nth(3).hover();
  await chat.page.mouse.wheel(0, 6000);
  await expect.poll(() => chat.rows().evaluateAll(countInView)).toBeGreaterThan(3);
  await expect(chat.row(first ?? "")).not.toBeInViewport();
  expect(await focusedId()).toBe(first);
  await chat.page.mouse.move(800, 300);
  await keyboard.press("End");
  await expect.poll(focusedId).not.toBe(first);
  const last = (await focusedId()) ?? "";
  await expect(chat.row(last)).toBeInViewport();
  expect(await chat.rows().count()).toBeLessThan(80);
  await keyboard.press("F2");
  await keyboard.type("The last one");
  await keyboard.press("Enter");
  await expect(chat.title(last)).toHaveText("The last one");
  await keyboard.press("Home");
  await expect.poll(focusedId).toBe(first);
  await keyboard.press("ArrowDown");
  const second = (await focusedId()) ?? "";
  await keyboard.press("Delete");
  await expect(chat.row(second)).toHaveCount(0);
  await keyboard.press("Control+z");
  await expect(chat.row(second)).toBeVisible();
});

/** Not `first`, which stays in the page wherever it is. */
function countInView(rows: readonly Element[]): number {
  const tops = rows.slice(1).map((row) => row.getBoundingClientRect().top);
  return tops.filter((top) => top > 0 && top < window.innerHeight).length;
}

test("a draft is marked in the row of its chat, and the mark is gone once one is there again", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await chat.input.fill("half a thought");
  await expect(chat.row(id).locator(".row-mark")).toHaveCount(0);
  await chat.newChat.click();
  await expect(chat.row(id).locator(".row-mark")).toHaveText("Draft");
  await chat.open(id);
  await expect(chat.row(id).locator(".row-mark")).toHaveCount(0);
});

test("a row's menu that could not be loaded says so, can be closed, and opens once it can be", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.create("Bread");
  const device = await openDevice();
  await device.context.route("**/assets/row-menu-*.js", (route) => route.abort());
  const chat = await device.openTab();
  const open = async (): Promise<void> => {
    await chat.row(id).hover();
    await chat.row(id).getByRole("button", { name: "Conversation actions" }).click();
  };
  const trouble = chat.page.getByRole("alert").filter({ hasText: "This could not be loaded" });
  await open();
  await expect(trouble).toBeInViewport({ ratio: 1 });
  await chat.page.getByRole("button", { name: "Close" }).click();
  await expect(trouble).toHaveCount(0);
  await open();
  await expect(trouble).toBeVisible();
  await chat.input.fill("A draft");
  await device.context.unroute("**/assets/row-menu-*.js");
  // The browser asks for a part of a page once: another page begins, with what was written.
  await Promise.all([chat.page.waitForEvent("load"), chat.page.getByRole("button", { name: "Try again" }).click()]);
  await expect(chat.input).toHaveValue("A draft");
  await open();
  await chat.page.getByRole("menuitem", { name: "Pin" }).click();
  await expect(trouble).toHaveCount(0);
  await expect.poll(async () => (await server.api.open(id)).pinned).toBe(true);
});
