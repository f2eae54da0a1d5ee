import { axeFindings } from "../harness/axe-findings.ts";
import { PHONE } from "../harness/phone.ts";
import { expect, test } from "../harness/test.ts";
import type { ChatPage } from "../harness/chat-page.ts";

test("a dropped text file stands in the message with its name, and an image is refused in words; the page stays", async ({
  chat,
}) => {
  const address = chat.page.url();
  await chat.input.fill("Look at this:");
  await drop(chat, { name: "notes.md", type: "text/markdown", content: "# Rain\n\n```\ncode\n```" });
  await expect(chat.input).toHaveValue("Look at this:\n\nnotes.md\n\n````md\n# Rain\n\n```\ncode\n```\n````");
  await drop(chat, { name: "cat.png", type: "image/png", content: "GIF" });
  await expect(chat.toasts).toContainText("cat.png is an image");
  expect(chat.page.url()).toBe(address);
  await expect(chat.input).toHaveValue(/notes\.md/);
});

test("a long paste stands folded, survives a reload, and goes out under what is typed", async ({ chat, server }) => {
  const long = Array.from({ length: 60 }, (_, line) => `line ${line}`).join("\n");
  await chat.input.fill("Look at this:");
  await chat.input.evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, long);
  await expect(chat.page.getByText("Pasted text · 60 lines")).toBeVisible();
  await chat.page.reload();
  await chat.page.getByText("Pasted text · 60 lines").click();
  await expect(chat.page.getByText("line 59")).toBeAttached();
  expect(await axeFindings(chat.page, ".composer")).toEqual([]);
  await chat.sendButton.click();
  await chat.untilReplied(1);
  const { messages } = await server.api.open(chat.conversationId() ?? "");
  expect(messages[0]?.content).toBe(`Look at this:\n\n${long}`);
});

test("the box grows with its text and keeps its room when the window is made narrow", async ({ chat }) => {
  const heightOf = () => chat.input.evaluate((field) => field.clientHeight);
  const one = await heightOf();
  await chat.input.fill("a line that is long enough to need several rows on a narrow page. ".repeat(3));
  const wide = await heightOf();
  await chat.page.setViewportSize({ width: 500, height: 800 });
  await expect.poll(heightOf).toBeGreaterThan(wide);
  expect(wide).toBeGreaterThan(one);
  await chat.input.fill("");
  await expect.poll(heightOf).toBe(one);
});

test("on a phone the box is one row until it is focused, and its buttons stay where they are", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice(PHONE)).openTab(`/c/${id}`);
  const box = chat.page.locator(".composer-box");
  const heightOf = async () => (await box.boundingBox())?.height ?? 0;
  const buttonAt = async () => chat.sendButton.boundingBox();
  const [collapsed, before] = [await heightOf(), await buttonAt()];
  expect(collapsed).toBeLessThan(70);
  await chat.input.tap();
  await expect.poll(heightOf).toBeGreaterThan(collapsed);
  expect(await buttonAt()).toEqual(before);
  await chat.input.fill("A draft keeps its room");
  await chat.page.locator("#messages").tap({ position: { x: 20, y: 20 } });
  await expect(chat.input).toHaveValue("A draft keeps its room");
  expect(await heightOf()).toBeGreaterThan(collapsed);
});

/** Drops a file on the page as a person would. */
async function drop(chat: ChatPage, file: { name: string; type: string; content: string }): Promise<void> {
  await chat.page.evaluate(({ name, type, content }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], name, { type }));
    for (const kind of ["dragover", "drop"]) {
      const options = { bubbles: true, cancelable: true, dataTransfer: transfer };
      document.querySelector(".main")?.dispatchEvent(new DragEvent(kind, options));
    }
  }, file);
}
