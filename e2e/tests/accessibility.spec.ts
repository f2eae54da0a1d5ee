import type { Locator } from "@playwright/test";
import { PHONE } from "../harness/phone.ts";
import { expect, test } from "../harness/test.ts";
import { axeFindings } from "../harness/axe-findings.ts";
import type { ChatPage } from "../harness/chat-page.ts";

test("axe finds nothing, in either theme", async ({ openDevice, server }) => {
  const open = await server.api.conversation("Bread", 2);
  const other = await server.api.conversation("Butter");
  const chat = await (await openDevice()).openTab();
  expect(await axeFindings(chat.page)).toEqual([]);
  await chat.open(open.id);
  await expect(chat.replies()).toHaveCount(2);
  await server.api.turn(open.id, "From elsewhere, with code please");
  await server.api.turn(other.id, "From elsewhere");
  await expect(chat.banner).toBeVisible();
  await expect(chat.badge(other.id)).toBeVisible();
  expect(await axeFindings(chat.page)).toEqual([]);
  await chat.banner.getByRole("button").first().click();
  await expect(chat.divider).toBeVisible();
  await chat.row(other.id).hover();
  await chat.row(other.id).getByRole("button", { name: "Conversation actions" }).click();
  await expect(chat.page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  expect(await axeFindings(chat.page)).toEqual([]);
  await chat.page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(chat.toasts).toHaveCount(1);
  expect(await axeFindings(chat.page)).toEqual([]);
});

test("everything can be done with the keyboard", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab();
  const { keyboard } = chat.page;
  await expect(chat.row(id)).toBeVisible();
  await tabTo(chat, chat.page.locator(".conversation-item, .conversation-item a, .conversation-item button"));
  await keyboard.press("Enter");
  await expect(chat.replies()).toHaveCount(1);
  await tabTo(chat, chat.input);
  await keyboard.type("First line");
  await keyboard.press("Shift+Enter");
  await keyboard.type("second line");
  await keyboard.press("Enter");
  await expect(chat.userMessages()).toHaveCount(2);
  await expect(chat.userMessages().last()).toContainText(/First line\s*second line/);
  await chat.untilReplied(2);

  await tabTo(chat, chat.page.getByRole("button", { name: "Conversation actions" }));
  await keyboard.press("Enter");
  await expect(chat.page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await keyboard.press("Escape");
  await expect(chat.page.getByRole("menuitem")).toHaveCount(0);
});

test("the focus of what goes is taken over: by the messages after Show, by the row's menu after Rename", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  await server.api.turn(id, "And in the fridge?");
  await chat.banner.getByRole("button").focus();
  await chat.page.keyboard.press("Enter");
  await expect(chat.divider).toBeVisible();
  await expect(chat.banner).toHaveCount(0);
  await chat.untilFocusIsOn(chat.messages);

  await chat.act(id, "Rename");
  await chat.enterTitle("Brioche");
  await expect(chat.title(id)).toHaveText("Brioche");
  await chat.untilFocusIsOn(chat.row(id).getByRole("button", { name: "Conversation actions" }));
});

test("the focus of what goes is left beside it: in the trash, between versions, and where one asks again", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const thrown = [await server.api.conversation("Butter"), await server.api.conversation("Coast")];
  for (const { id: gone } of thrown) await server.api.delete(gone);
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  const { keyboard } = chat.page;
  const press = async (button: Locator): Promise<void> => {
    await button.focus();
    await keyboard.press("Enter");
  };

  await press(chat.replies().getByRole("button", { name: "Ask again" }));
  await chat.untilFocusIsOn(chat.messages);
  await chat.untilReplied(1);
  await press(chat.page.getByRole("button", { name: "Previous version" }));
  await chat.untilFocusIsOn(chat.page.getByRole("button", { name: "Next version" }));
  await press(chat.page.getByRole("button", { name: "Use this version" }));
  await chat.untilFocusIsOn(chat.messages);

  await press(chat.sidebar.getByRole("button", { name: "Trash" }));
  const [coast, butter] = [chat.sidebar.getByRole("listitem").first(), chat.sidebar.getByRole("listitem").last()];
  await press(coast.getByRole("button", { name: "Delete for good" }));
  await chat.untilFocusIsOn(coast.getByRole("button", { name: "Keep" }));
  await keyboard.press("Shift+Tab");
  await keyboard.press("Enter");
  await chat.untilFocusIsOn(butter.locator(".trash-open"));
  await expect(chat.sidebar.getByRole("listitem")).toHaveCount(1);
  await keyboard.press("Enter");
  await press(chat.page.getByRole("dialog").getByRole("button", { name: "Restore" }));
  const back = chat.sidebar.getByRole("button", { name: "Back to chats" });
  await chat.untilFocusIsOn(back);
  await keyboard.press("Enter");
  await expect(chat.rows()).toHaveCount(2);
  await chat.untilFocusIsIn(chat.sidebar);
});

test("the messages are a log, the toast speaks, and the row says what its badge shows", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab();
  await server.api.turn(id, "From elsewhere");
  await expect(chat.row(id)).toHaveAccessibleName(/Bread.*2 unread/);
  await chat.open(id);
  await expect(chat.messages).toHaveAttribute("role", "log");
  await chat.act(id, "Delete");
  await expect(chat.toasts.first()).toHaveAttribute("role", /^(status|alert)$/);
});

test.describe("on a phone", () => {
  test("one can read, write and change the conversation, and nothing is wider than the screen", async ({
    openDevice,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const chat = await (await openDevice(PHONE)).openTab();
    if (!(await isOnScreen(chat, id))) {
      await chat.page
        .getByRole("button", { name: /conversations|menu|sidebar/i })
        .first()
        .tap();
    }
    await chat.row(id).tap();
    await expect(chat.replies()).toHaveCount(1);
    await expect(chat.input).toBeInViewport();
    await chat.input.fill("And in the fridge?");
    await chat.sendButton.tap();
    await chat.untilReplied(2);
    const overflow = await chat.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await axeFindings(chat.page)).toEqual([]);
  });

  test("a new chat is one tap away, without the list", async ({ openDevice, server }) => {
    const { id } = await server.api.conversation("Bread");
    const chat = await (await openDevice(PHONE)).openTab(`/c/${id}`);
    await expect(chat.replies()).toHaveCount(1);
    await expect(chat.newChat).toHaveCount(1);
    await chat.page.locator("main").getByRole("button", { name: "New chat" }).tap();
    await expect(chat.page).toHaveURL(`${server.url}/`);
    await chat.untilFocusIsOn(chat.input);
  });
});

test.describe("in a narrow window", () => {
  const narrow = { viewport: { width: 390, height: 844 } };

  test("the focus goes into the drawer, stays out of the page behind it, and comes back", async ({ openDevice }) => {
    const chat = await (await openDevice(narrow)).openTab();
    const { keyboard } = chat.page;
    const opener = chat.page.getByRole("button", { name: /^Show conversations/ });
    await opener.focus();
    await keyboard.press("Enter");
    await chat.untilFocusIsIn(chat.sidebar);
    for (let presses = 0; presses < 12; presses++) {
      await keyboard.press("Tab");
      expect(await chat.page.evaluate(() => document.activeElement?.closest("main, .skip-link") ?? null)).toBeNull();
    }
    await keyboard.press("Escape");
    await chat.untilFocusIsOn(opener);
    await opener.click();
    await chat.newChat.click();
    await chat.untilFocusIsOn(chat.input);
  });

  test("the search's shortcut opens the drawer with the focus in the field", async ({ openDevice }) => {
    const chat = await (await openDevice(narrow)).openTab();
    const opener = chat.page.getByRole("button", { name: /^Show conversations/ });
    await opener.focus();
    await chat.page.keyboard.press("/");
    await chat.untilFocusIsOn(chat.page.getByRole("searchbox"));
    await chat.page.keyboard.press("Escape");
    await chat.untilFocusIsOn(opener);
  });

  test("where the window becomes wide, the page beside the list is within reach", async ({ openDevice }) => {
    const chat = await (await openDevice(narrow)).openTab();
    await chat.page.getByRole("button", { name: /^Show conversations/ }).click();
    await expect(chat.page.locator("main")).toHaveJSProperty("inert", true);
    await chat.page.setViewportSize({ width: 1280, height: 800 });
    await chat.send("Can you hear me?");
    await chat.untilReplied(1);
  });
});

test("with reduced motion nothing moves by itself", async ({ openDevice, server }) => {
  await server.api.create("Bread");
  const chat = await (await openDevice({ reducedMotion: "reduce" })).openTab();
  await chat.send("Write 30 words about rain");
  await chat.untilReplied(1);
  const moving = await chat.page.evaluate(
    () => document.getAnimations().filter((animation) => animation.playState === "running").length,
  );
  expect(moving).toBe(0);
});

test("with reduced motion a row can be clicked in the moment that it shows", async ({ openDevice, server }) => {
  const { id } = await server.api.create("Bread");
  const chat = await (await openDevice({ reducedMotion: "reduce" })).openTab();
  const visibility = await chat.title(id).evaluate((title) => {
    // As the list does with a row that it has yet to measure.
    const place = title.closest<HTMLElement>(".list-row")?.parentElement;
    if (!place) throw new Error("the row stands in no list");
    place.style.visibility = "hidden";
    title.getBoundingClientRect();
    place.style.visibility = "";
    return getComputedStyle(title).visibility;
  });
  expect(visibility).toBe("visible");
});

/** Presses Tab until one of the elements has the focus. */
async function tabTo(chat: ChatPage, wanted: Locator): Promise<void> {
  const hasFocus = (elements: readonly Element[]) => elements.some((element) => element === document.activeElement);
  for (let presses = 0; presses < 60; presses++) {
    await chat.page.keyboard.press("Tab");
    if (await wanted.evaluateAll(hasFocus)) return;
  }
  throw new Error(`60 presses of Tab did not reach ${String(wanted)}`);
}

async function isOnScreen(chat: ChatPage, id: string): Promise<boolean> {
  const box = await chat.row(id).boundingBox();
  return box !== null && box.x >= 0 && box.x + box.width <= 391;
}
