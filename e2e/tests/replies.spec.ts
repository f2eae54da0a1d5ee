import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "25" } });

/** About 100 tokens: two and a half seconds at this pace. */
const QUESTION = "Write 60 words about rain";

// Ten moments, spread over the reply by a fixed rule: what fails once fails again.
for (const moment of [0, 40, 120, 250, 400, 600, 850, 1150, 1500, 2200]) {
  test(`a reload ${moment} ms into a reply loses and doubles nothing [TURN-2] [TURN-4]`, async ({ chat, server }) => {
    // Before it leaves it is stored: whoever reloads sooner is asked first.
    const asked = chat.page.waitForRequest("**/chat/stream");
    await chat.send(QUESTION);
    await asked;
    await expect(chat.page).toHaveURL(/\/c\//);
    await chat.page.waitForTimeout(moment);
    await chat.page.reload();
    await expect(chat.userMessages()).toHaveCount(1);
    await chat.untilReplied(1);
    const { messages } = await server.api.open(chat.conversationId() ?? "");
    expect(messages.map(({ role, status }) => `${role} ${status}`)).toEqual(["user complete", "assistant complete"]);
    await expect(chat.replies().first()).toContainText(lastWords(messages[1]?.content));
  });
}

test("what had come is painted at once after a reload, and goes on from there [MSG-4]", async ({ chat }) => {
  await chat.send("Write 3000 words about rain");
  await expect.poll(async () => (await chat.streaming().innerText()).length).toBeGreaterThan(150);
  const before = (await chat.streaming().innerText()).length;
  await chat.page.reload();
  await expect.poll(async () => (await chat.streaming().innerText()).length).toBeGreaterThanOrEqual(before);
  await expect(chat.stopButton).toBeVisible();
  await chat.stopButton.click();
  await chat.untilReplied(1);
});

test("what is selected in a reply while it grows is still selected when it has ended [MSG-4]", async ({
  chat,
  server,
}) => {
  await chat.send("Write 3000 words about rain");
  await expect.poll(async () => (await chat.streaming().innerText()).length).toBeGreaterThan(60);
  const selected = () => chat.page.evaluate(() => String(document.getSelection()));
  await chat
    .streaming()
    .locator(".markdown")
    .evaluate((text) => {
      const first = document.createTreeWalker(text, NodeFilter.SHOW_TEXT).nextNode();
      if (first) document.getSelection()?.setBaseAndExtent(first, 0, first, 12);
    });
  const words = await selected();
  expect(words).toHaveLength(12);
  // Not by the button, which would take the focus.
  await server.api.stopReply(chat.conversationId() ?? "");
  await chat.untilReplied(1);
  expect(await selected()).toBe(words);
});

test("going offline in the middle: the reply goes on where it was [TURN-4]", async ({ chat, server }) => {
  await chat.send(QUESTION);
  await expect(chat.streaming()).toContainText("demo model");
  await chat.page.context().setOffline(true);
  await chat.page.waitForTimeout(500);
  await chat.page.context().setOffline(false);
  await chat.untilReplied(1);
  const { messages } = await server.api.open(chat.conversationId() ?? "");
  expect(messages).toHaveLength(2);
  await expect(chat.replies().first()).toContainText(lastWords(messages[1]?.content));
});

test("close the page and open it elsewhere: the reply is there [TURN-2]", async ({ openDevice, server }) => {
  const first = await (await openDevice()).openTab();
  await first.send(QUESTION);
  await expect(first.streaming()).toContainText("demo model");
  const id = first.conversationId() ?? "";
  await first.page.close();
  const second = await (await openDevice()).openTab(`/c/${id}`);
  await expect(second.userMessages()).toHaveCount(1);
  await second.untilReplied(1);
  expect((await server.api.open(id)).messages).toHaveLength(2);
});

test("two viewers see the same reply grow, and the same end [TURN-4]", async ({ openDevice }) => {
  const first = await (await openDevice()).openTab();
  const second = await (await openDevice()).openTab();
  await first.send("Write 500 words about rain");
  await expect(first.streaming()).toContainText("demo model");
  const id = first.conversationId() ?? "";
  await second.open(id);
  await expect(second.streaming()).toContainText("demo model");
  await expect(second.row(id).locator(".generating-dot")).toBeVisible();
  await expect(first.streaming()).toHaveCount(0, { timeout: 40_000 });
  await first.untilReplied(1);
  await second.untilReplied(1);
  expect(await textOf(second.replies().first())).toBe(await textOf(first.replies().first()));
});

test("another device sees the generating dot, and then the badge [DEV-3]", async ({ openDevice, server }) => {
  const { id } = await server.api.create("Bread");
  const chat = await (await openDevice()).openTab();
  await server.api.begin(id, "Write 3000 words about rain");
  await expect(chat.row(id).locator(".generating-dot")).toBeVisible();
  await server.api.stopReply(id);
  await expect(chat.row(id).locator(".generating-dot")).toHaveCount(0);
  await expect(chat.badge(id)).toHaveText("2");
});

test("race 16: stop from the other device ends it here within a second, text kept [TURN-5]", async ({
  openDevice,
  server,
}) => {
  const first = await (await openDevice()).openTab();
  await first.send("Write 3000 words about rain");
  await expect(first.streaming()).toContainText("demo model");
  const id = first.conversationId() ?? "";
  const second = await (await openDevice()).openTab(`/c/${id}`);
  await expect(second.streaming()).toContainText("demo model");
  await second.stopButton.click();
  await first.untilReplied(1);
  await second.untilReplied(1);
  const { messages } = await server.api.open(id);
  expect(messages.at(-1)?.status).toBe("stopped");
  await first.page.waitForTimeout(500);
  expect((await server.api.open(id)).messages.at(-1)?.content).toBe(messages.at(-1)?.content);
});

test("edit from the other device: a banner here, and its click shows the new history [MSG-3] [DEV-9]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread", 2);
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(2);
  await server.api.call("POST", `/api/conversations/${id}/chat/batch`, {
    message: "A better question",
    client_message_id: crypto.randomUUID(),
    replace_from_seq: 3,
  });
  await expect(chat.banner).toBeVisible();
  await expect(chat.messages).not.toContainText("A better question");
  await chat.banner.getByRole("button").first().click();
  await expect(chat.messages).toContainText("A better question");
  await expect(chat.messages).not.toContainText("Question 2 about Bread");
  await expect(chat.userMessages()).toHaveCount(2);
});

test("a double click on Send sends once [TURN-3]", async ({ chat, server }) => {
  await chat.input.fill("Once only");
  await chat.sendButton.dblclick();
  await expect(chat.page).toHaveURL(/\/c\//);
  await chat.untilReplied(1);
  expect((await server.api.open(chat.conversationId() ?? "")).messages).toHaveLength(2);
  await expect(chat.rows()).toHaveCount(1);
});

test("Send in two tabs at once: both messages stand, neither twice [TURN-3] [TURN-7]", async ({
  openDevice,
  server,
}) => {
  test.slow();
  const { id } = await server.api.create("Bread");
  const device = await openDevice();
  const tabs = [await device.openTab(`/c/${id}`), await device.openTab(`/c/${id}`)];
  const texts = ["From the first tab", "From the second tab"];
  for (const [index, tab] of tabs.entries()) await tab.input.fill(texts[index] ?? "");
  await Promise.all(tabs.map((tab) => tab.sendButton.click()));
  // The one that came second waits for the first one's reply, or asks its person to look at what is new first.
  const stored = async (): Promise<string[]> => {
    for (const tab of tabs) {
      const retry = tab.messages.getByRole("button", { name: "Retry" }).first();
      // It goes where the other tab has sent the message meanwhile.
      const click = { timeout: 1000 };
      if ((await retry.count()) > 0) await retry.click(click).catch(() => undefined);
    }
    const { messages } = await server.api.open(id);
    return messages.filter(({ role }) => role === "user").map(({ content }) => content);
  };
  await expect.poll(async () => (await stored()).sort(), { timeout: 40_000 }).toEqual(texts);
  await expect.poll(async () => (await server.api.open(id)).messages.length).toBe(4);
});

test.describe("while a reply streams here", () => {
  test("changes elsewhere cause no false badge or banner, and nothing of it is lost [DEV-4] [DEV-5]", async ({
    openDevice,
    server,
  }) => {
    const other = await server.api.create("Another matter");
    const chat = await (await openDevice()).openTab();
    await chat.send("Write 120 words about rain");
    await expect(chat.streaming()).toContainText("demo model");
    const id = chat.conversationId() ?? "";
    await server.api.rename(id, "Named elsewhere");
    await server.api.create("Made meanwhile");
    await expect(chat.rows()).toHaveCount(3);
    await expect(chat.banner).toHaveCount(0);
    await expect(chat.badge(id)).toHaveCount(0);
    await chat.untilReplied(1);
    await expect(chat.title(id)).toHaveText("Named elsewhere");
    await expect(chat.banner).toHaveCount(0);
    await expect(chat.badge(id)).toHaveCount(0);
    await expect(chat.badge(other.id)).toHaveCount(0);
  });

  test("hiding and showing the page does not disturb it [DEV-4]", async ({ chat, server }) => {
    await chat.send(QUESTION);
    await expect(chat.streaming()).toContainText("demo model");
    await chat.setVisible(false);
    await chat.page.waitForTimeout(400);
    await chat.setVisible(true);
    await chat.untilReplied(1);
    await expect(chat.banner).toHaveCount(0);
    await expect(chat.badge(chat.conversationId() ?? "")).toHaveCount(0);
    expect((await server.api.open(chat.conversationId() ?? "")).messages).toHaveLength(2);
  });
});

test("a server that is killed in the middle leaves no turn hanging, and the page can ask again [TURN-6]", async ({
  chat,
  server,
}) => {
  await chat.send("Write 3000 words about rain");
  await expect.poll(async () => (await chat.streaming().innerText()).length).toBeGreaterThan(150);
  await server.kill();
  await server.start({ DEMO_TOKEN_DELAY_MS: "1" });
  await expect(chat.streaming()).toHaveCount(0, { timeout: 75_000 });
  const { messages } = await server.api.open(chat.conversationId() ?? "");
  expect(messages.map(({ status }) => status)).toEqual(["complete", "interrupted"]);
  await expect(chat.userMessages()).toHaveCount(1);
  await expect(chat.replies().first()).toContainText("demo model");
});

async function textOf(locator: { innerText(): Promise<string> }): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, " ").trim();
}

/** The end of a reply as the page shows it: without markdown's marks. */
function lastWords(content = ""): string {
  return content.trim().replace(/[*_`]/g, "").slice(-25);
}
