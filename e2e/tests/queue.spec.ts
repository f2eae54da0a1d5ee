import { axeFindings } from "../harness/axe-findings.ts";
import { expect, test } from "../harness/test.ts";
import type { ChatPage } from "../harness/chat-page.ts";

test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "25" } });

/** More than six seconds at this pace. */
const QUESTION = "Write 200 words about rain";
/** Longer than any test takes: whoever asks it stops the reply. */
const LONG_QUESTION = "Write 2000 words about rain";

const queued = (chat: ChatPage) => chat.messages.locator('.message.pending[data-state="queued"]');

async function ask(chat: ChatPage, text: string): Promise<void> {
  await chat.input.fill(text);
  await chat.input.press("Enter");
}

test("what is written while a reply runs waits for its end, and goes out in its order [DEV-12]", async ({
  chat,
  server,
}) => {
  await ask(chat, QUESTION);
  await expect(chat.streaming()).toContainText("demo model");
  await ask(chat, "Second");
  await ask(chat, "Third");
  await expect(queued(chat)).toHaveCount(2);
  await chat.untilReplied(3);
  await expect(queued(chat)).toHaveCount(0);
  const { messages } = await server.api.open(chat.conversationId() ?? "");
  expect(messages.filter(({ role }) => role === "user").map(({ content }) => content)).toEqual([
    QUESTION,
    "Second",
    "Third",
  ]);
});

test("what is queued is edited, taken back, and goes at once when the reply is stopped; axe finds nothing [DEV-12]", async ({
  chat,
  server,
}) => {
  await ask(chat, LONG_QUESTION);
  await expect(chat.streaming()).toContainText("demo model");
  await ask(chat, "Secnod");
  await ask(chat, "Never mind");
  await expect(queued(chat)).toHaveCount(2);
  expect(await axeFindings(chat.page, "#messages")).toEqual([]);
  await queued(chat).filter({ hasText: "Never mind" }).getByRole("button", { name: "Take back" }).click();
  await expect(queued(chat)).toHaveCount(1);
  await expect(chat.input).toHaveValue("Never mind");
  await chat.input.fill("");
  await queued(chat).getByRole("button", { name: "Edit" }).click();
  await expect(chat.input).toHaveValue("Secnod");
  await ask(chat, "Second");
  await expect(queued(chat)).toHaveText(/Second/);
  await chat.stopButton.click();
  await chat.untilReplied(2);
  const { messages } = await server.api.open(chat.conversationId() ?? "");
  expect(messages.map(({ status }) => status)).toEqual(["complete", "stopped", "complete", "complete"]);
  expect(messages[2]?.content).toBe("Second");
});

test("a queue survives a reload, and goes out once with two tabs open [DEV-12]", async ({ openDevice, server }) => {
  const device = await openDevice();
  const first = await device.openTab();
  await ask(first, LONG_QUESTION);
  await expect(first.streaming()).toContainText("demo model");
  const id = first.conversationId() ?? "";
  const second = await device.openTab(`/c/${id}`);
  await ask(first, "From the first tab");
  await expect(queued(second)).toHaveCount(1);
  await ask(second, "From the second tab");
  await expect(queued(first)).toHaveCount(2);
  await first.page.reload();
  await expect(queued(first)).toHaveCount(2);
  await expect(first.streaming()).toHaveCount(1);
  await first.stopButton.click();
  await expect.poll(async () => (await server.api.open(id)).messages.length, { timeout: 40_000 }).toBe(6);
  const { messages } = await server.api.open(id);
  const asked = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  expect(asked).toEqual([LONG_QUESTION, "From the first tab", "From the second tab"]);
  await expect(queued(first)).toHaveCount(0);
  await expect(queued(second)).toHaveCount(0);
});

test("what is written while another device's reply runs is queued, and no failure [DEV-12]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const [one, other] = [await (await openDevice()).openTab(`/c/${id}`), await (await openDevice()).openTab(`/c/${id}`)];
  await ask(one, LONG_QUESTION);
  await expect(other.row(id).locator(".generating-dot")).toBeVisible();
  await ask(other, "From here");
  await expect(queued(other).or(other.messages.locator(".send-state.rejected"))).toHaveClass(/queued/);
  await server.api.stopReply(id);
  await expect.poll(async () => (await server.api.open(id)).messages.length).toBe(6);
  expect((await server.api.open(id)).messages.at(-2)?.content).toBe("From here");
});
