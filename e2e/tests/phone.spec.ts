import type { Locator } from "@playwright/test";
import { axeFindings } from "../harness/axe-findings.ts";
import { PHONE } from "../harness/phone.ts";
import { smallTargets } from "../harness/small-targets.ts";
import { standing } from "../harness/standing.ts";
import { expect, test } from "../harness/test.ts";
import type { ChatPage } from "../harness/chat-page.ts";

const opener = (chat: ChatPage) => chat.page.getByRole("button", { name: /^Show conversations/ });

test("on a phone Back closes the drawer, and after a chat was opened from it leads to where one was", async ({
  openDevice,
  server,
}) => {
  const bread = await server.api.conversation("Bread");
  const coast = await server.api.conversation("Coast");
  const chat = await (await openDevice(PHONE)).openTab(`/c/${bread.id}`);
  await expect(chat.replies()).toHaveCount(1);
  await opener(chat).tap();
  await expect(chat.sidebar).toBeInViewport();
  await chat.page.goBack();
  await expect(chat.sidebar).not.toBeInViewport();
  expect(chat.conversationId()).toBe(bread.id);
  await opener(chat).tap();
  await chat.row(coast.id).locator("a").tap();
  await expect(chat.sidebar).not.toBeInViewport();
  await expect(chat.page.locator("h1")).toHaveText("Coast");
  await chat.page.goBack();
  await expect(chat.page.locator("h1")).toHaveText("Bread");
  await opener(chat).tap();
  await chat.page.getByRole("button", { name: "Close sidebar" }).tap();
  await expect(chat.sidebar).not.toBeInViewport();
  await chat.page.goForward();
  expect(chat.conversationId()).toBe(bread.id);
});

test("on a phone a row's menu is a sheet, several are selected by touch, and the toast covers neither New chat nor the connection", async ({
  openDevice,
  server,
}) => {
  const made = [];
  for (const title of ["One", "Two", "Three"]) made.push((await server.api.conversation(title)).id);
  const [one = "", two = "", three = ""] = made;
  const chat = await (await openDevice(PHONE)).openTab();
  await opener(chat).tap();
  await expect(chat.row(one)).toBeInViewport();
  const menu = chat.page.getByRole("menu", { name: "Conversation actions, One" });
  await rest(chat, chat.row(one).locator("a"), menu);
  await expect(menu.getByText("One", { exact: true })).toBeInViewport();
  const box = await menu.boundingBox();
  expect([box?.x, box?.width, Math.round((box?.y ?? 0) + (box?.height ?? 0))]).toEqual([0, 390, 844]);
  expect(await axeFindings(chat.page)).toEqual([]);
  await menu.getByRole("menuitem", { name: "Select" }).tap();
  await chat.row(three).locator("a").tap();
  const bar = chat.sidebar.getByRole("toolbar", { name: "Selected chats" });
  await expect(bar).toContainText("2 selected");
  expect(await smallTargets(chat.page)).toEqual([]);
  await bar.getByRole("button", { name: "Delete selected" }).tap();
  await expect(chat.rows()).toHaveCount(1);
  await expect(chat.row(two)).toBeVisible();
  const toast = await chat.toasts.boundingBox();
  for (const covered of [chat.newChat, chat.status]) expect(overlaps(toast, await covered.boundingBox())).toBe(false);
  await chat.toasts.getByRole("button", { name: "Undo" }).tap();
  await expect(chat.rows()).toHaveCount(3);
});

test("on a phone no field is so small that the browser zooms into it, and what is done with a message is large enough for a finger", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice(PHONE)).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  const sizes = await chat.page
    .locator("input, textarea, select")
    .evaluateAll((fields) => fields.map((field) => Number.parseFloat(getComputedStyle(field).fontSize)));
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
  const tools = await chat.messages.getByRole("button").all();
  expect(tools.length).toBeGreaterThanOrEqual(4);
  expect(await smallTargets(chat.page)).toEqual([]);
  expect(overlaps((await tools[0]?.boundingBox()) ?? null, await chat.replies().boundingBox())).toBe(false);
});

for (const [name, viewport] of [
  ["on its side", { width: 844, height: 390 }],
  ["on a tablet of 820 px", { width: 820, height: 1180 }],
] as const) {
  test(`nothing is wider than the screen, and list and message box are in it: ${name}`, async ({
    openDevice,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const chat = await (await openDevice({ ...PHONE, viewport })).openTab(`/c/${id}`);
    await expect(chat.replies()).toHaveCount(1);
    for (const part of [chat.row(id), chat.input, chat.newChat, chat.status]) await expect(part).toBeInViewport();
    const overflow = await chat.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

test("on a phone a finger finds what is pressed, in a new chat, in the settings, under a banner, and in a code block", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.create("Bread");
  await server.api.turn(id, `Say it with a list and code\n\n${"More of it. ".repeat(200)}`);
  const chat = await (await openDevice(PHONE)).openTab();
  await expect(chat.page.getByRole("list", { name: "Suggestions" })).toBeVisible();
  expect(await smallTargets(chat.page)).toEqual([]);
  await opener(chat).tap();
  await chat.page.getByRole("button", { name: "Settings" }).tap();
  await expect(chat.page.getByRole("button", { name: "Import conversations" })).toBeVisible();
  expect(await smallTargets(chat.page)).toEqual([]);
  await chat.page.goto(`${server.url}/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  await chat.page.getByRole("button", { name: "Copy" }).last().scrollIntoViewIfNeeded();
  expect(await smallTargets(chat.page)).toEqual([]);
  await server.api.turn(id, "From elsewhere");
  await expect(chat.banner).toBeVisible();
  expect(await smallTargets(chat.page)).toEqual([]);
});

test("on a phone no keyboard comes up where what was pressed goes, and the focus with it", async ({ openDevice }) => {
  const chat = await (await openDevice(PHONE)).openTab();
  await chat.input.evaluate((field: HTMLElement) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "line\n".repeat(60));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    field.blur();
  });
  await chat.page.getByRole("button", { name: "Remove" }).tap();
  await expect(chat.page.getByText(/^Pasted text/)).toHaveCount(0);
  await expect(chat.input).not.toBeFocused();
});

test("on a phone a tap beside a sheet or a dialog closes it, and presses nothing of what lies under it", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.create("Bread");
  const chat = await (await openDevice(PHONE)).openTab();
  await opener(chat).tap();
  await chat.row(id).getByRole("button", { name: "Conversation actions" }).tap();
  const menu = chat.page.getByRole("menu");
  await expect(menu).toBeVisible();
  await tapAt(chat, chat.row(id).locator("a"));
  await expect(menu).toHaveCount(0);
  await chat.page.waitForTimeout(300);
  expect(chat.conversationId()).toBeNull();
  await expect(chat.sidebar).toBeInViewport();
  await chat.page.getByRole("button", { name: "Settings" }).tap();
  const settings = chat.page.getByRole("dialog", { name: "Settings" });
  await expect(settings).toBeVisible();
  await tapAt(chat, chat.newChat);
  await expect(settings).toHaveCount(0);
  await chat.page.waitForTimeout(300);
  await expect(chat.sidebar).toBeInViewport();
});

test("on a phone on its side the suggestions of a new chat are there, and one begins a chat", async ({
  openDevice,
}) => {
  const chat = await (await openDevice({ ...PHONE, viewport: { width: 844, height: 390 } })).openTab();
  const suggestions = chat.page.getByRole("list", { name: "Suggestions" });
  const items = suggestions.getByRole("listitem");
  await expect(items).toHaveCount(4);
  for (const one of await items.all()) await expect(one).toBeInViewport({ ratio: 1 });
  await expect(chat.input).toBeInViewport({ ratio: 1 });
  await suggestions.getByRole("button", { name: "Explain something" }).tap();
  await chat.untilReplied(1);
});

test("on a phone with text of twice the size nothing that is pressed in the drawer, in the bar of a selection or in the settings is cut off", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.create("Bread");
  const chat = await (await openDevice(PHONE)).openTab();
  await chat.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await opener(chat).tap();
  await chat.row(id).getByRole("button", { name: "Conversation actions" }).tap();
  await chat.page.getByRole("menuitem", { name: "Select", exact: true }).tap();
  await expect(chat.page.getByRole("toolbar", { name: "Selected chats" })).toBeVisible();
  expect(await cutOff(chat.sidebar)).toEqual([]);
  await chat.page.getByRole("button", { name: "Select none" }).tap();
  await chat.page.getByRole("button", { name: "Settings" }).tap();
  const settings = chat.page.getByRole("dialog", { name: "Settings" });
  await expect(settings.getByRole("button", { name: "Import conversations" })).toBeVisible();
  expect(await cutOff(settings)).toEqual([]);
});

/** What can be pressed in a part of the page, and reaches over its side. */
function cutOff(part: Locator): Promise<readonly string[]> {
  return part.evaluate((element) => {
    const { left, right } = element.getBoundingClientRect();
    const pressed = [...element.querySelectorAll<HTMLElement>("button, a, label")].filter((one) =>
      one.checkVisibility(),
    );
    const isCut = (box: DOMRect) => box.width > 0 && (box.left < left || box.right > right);
    return pressed.filter((one) => isCut(one.getBoundingClientRect())).map((one) => one.ariaLabel ?? one.innerText);
  });
}

/** Rests a finger on it until its menu is there; again where the finger came before what watches for it had loaded. */
async function rest(chat: ChatPage, target: Locator, menu: Locator): Promise<void> {
  const box = await placeOf(chat, target);
  const point = { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 12 };
  const session = await chat.page.context().newCDPSession(chat.page);
  await expect(async () => {
    if (await menu.isVisible()) return;
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    try {
      await expect(menu).toBeVisible({ timeout: 2000 });
    } finally {
      await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    }
  }).toPass();
  await session.detach();
}

/** Taps where it stands, whatever lies over it. */
async function tapAt(chat: ChatPage, target: Locator): Promise<void> {
  const box = await placeOf(chat, target);
  await chat.page.touchscreen.tap((box?.x ?? 0) + 40, (box?.y ?? 0) + 12);
}

type Box = Awaited<ReturnType<Locator["boundingBox"]>>;

/** Where it is once the drawer has slid in, and nothing moves it any more. */
function placeOf({ page }: ChatPage, target: Locator): Promise<Box> {
  return standing(page, () => target.boundingBox());
}

function overlaps(one: Box, other: Box): boolean {
  if (!one || !other) throw new Error("one of them is not on the page");
  const isBeside = one.x >= other.x + other.width || other.x >= one.x + one.width;
  return !isBeside && one.y < other.y + other.height && other.y < one.y + one.height;
}
