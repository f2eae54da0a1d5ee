import { axeFindings } from "../harness/axe-findings.ts";
import type { ChatPage } from "../harness/chat-page.ts";
import { PHONE } from "../harness/phone.ts";
import { smallTargets } from "../harness/small-targets.ts";
import { expect, test } from "../harness/test.ts";

test("[IMPORT-1] an export that is dropped on the page becomes conversations on every device, with a report", async ({
  chat,
  openDevice,
}) => {
  const { page } = chat;
  const other = await (await openDevice()).openTab();
  await drag(chat, "dragover");
  await expect(page.locator(".drop-overlay")).toBeVisible();
  await drag(chat, "drop");
  await expect(page.locator(".drop-overlay")).toHaveCount(0);
  const dialog = page.getByRole("dialog", { name: "Import conversations" });
  await expect(dialog).toContainText("conversations.json");
  await expect(page.locator(".conversation-item")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(dialog).toContainText("5 conversations came in, 10 messages in all.");
  await expect(dialog.getByRole("list", { name: "Details" })).toContainText("calls and results of tools");
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Done" }).click();
  for (const one of [chat, other]) {
    await expect(one.page.locator(".conversation-item")).toHaveCount(5);
    await expect(one.page.locator(".unread-badge")).toHaveCount(0);
  }
  await page.locator(".conversation-item").first().click();
  await expect(page.locator(".message.assistant")).toContainText("Answer");
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Import conversations" }).click();
  await dialog.getByLabel("Files to import").setInputFiles(FILE);
  await expect(dialog).toContainText("Nothing new: all of it is here already.");
});

test("[IMPORT-1] on a phone a file is picked in the settings, and the report can be read whole and closed by a finger", async ({
  openDevice,
}) => {
  const chat = await (await openDevice(PHONE)).openTab();
  const { page } = chat;
  await page.getByRole("button", { name: /^Show conversations/ }).tap();
  await page.getByRole("button", { name: "Settings" }).tap();
  await page.getByRole("button", { name: "Import conversations" }).tap();
  const dialog = page.getByRole("dialog", { name: "Import conversations" });
  await dialog.getByLabel("Files to import").setInputFiles(FILE);
  await expect(dialog).toContainText("5 conversations came in, 10 messages in all.");
  expect(await axeFindings(page)).toEqual([]);
  const done = dialog.getByRole("button", { name: "Done" });
  for (const part of [dialog.getByRole("list", { name: "Details" }), done]) {
    await part.scrollIntoViewIfNeeded();
    await expect(part).toBeInViewport({ ratio: 1 });
  }
  expect(await smallTargets(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await done.tap();
  await expect(dialog).toHaveCount(0);
});

/** As ChatGPT writes it: five conversations of two messages, and a tool's result in one of them. */
const EXPORT = JSON.stringify(Array.from({ length: 5 }, (_, index) => conversationOf(index)));
const FILE = { name: "conversations.json", mimeType: "application/json", buffer: Buffer.from(EXPORT) };

function conversationOf(index: number): object {
  const words = [
    { role: "user", text: `Question ${index}` },
    ...(index === 0 ? [{ role: "tool", text: "found" }] : []),
    { role: "assistant", text: `Answer ${index}` },
  ];
  const nodes = words.map(({ role, text }, at) => ({
    id: `${index}-${at}`,
    parent: at === 0 ? null : `${index}-${at - 1}`,
    children: at === words.length - 1 ? [] : [`${index}-${at + 1}`],
    message: {
      id: `m-${index}-${at}`,
      author: { role },
      create_time: 1_700_000_000 + at,
      content: { content_type: "text", parts: [text] },
      recipient: "all",
    },
  }));
  return {
    title: `Kept ${index}`,
    create_time: 1_700_000_000,
    update_time: 1_700_000_100 + index,
    mapping: Object.fromEntries(nodes.map((node) => [node.id, node])),
    current_node: nodes.at(-1)?.id,
    conversation_id: `0000000${index}-0000-4000-8000-000000000000`,
  };
}

async function drag(chat: ChatPage, kind: "dragover" | "drop"): Promise<void> {
  const args = { kind, content: EXPORT };
  await chat.page.evaluate(({ kind: name, content }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "conversations.json", { type: "application/json" }));
    document.body.dispatchEvent(new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, args);
}
