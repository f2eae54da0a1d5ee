import { expect, test } from "../harness/test.ts";

// As for most people, what appears here fades in.
test.use({ contextOptions: { reducedMotion: "no-preference" } });

test("a first message gets a reply, a title, a row and an address", async ({ chat }) => {
  await chat.send("When does the dough rest?");
  await expect(chat.userMessages()).toContainText(["When does the dough rest?"]);
  await chat.untilReplied(1);
  await expect(chat.replies().first()).toContainText("demo model");
  await expect(chat.page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await expect(chat.rows()).toHaveCount(1);
  await expect(chat.rows().first()).toHaveAttribute("aria-current", "page");
  await expect(chat.rows().locator(".conversation-title")).toContainText("When does the dough");
  await expect(chat.rows().locator(".unread-badge")).toHaveCount(0);
});

test("a chat that is begun while something else is listed is shown in the list", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread");
  await chat.open(id);
  await chat.sidebar.getByRole("button", { name: "Trash" }).click();
  await expect(chat.row(id)).toHaveCount(0);
  await chat.newChat.click();
  await expect(chat.row(id)).toBeVisible();
  const search = chat.page.getByRole("searchbox");
  for (const leave of [
    () => chat.sidebar.getByRole("button", { name: "Archive" }).click(),
    () => search.fill("Question"),
  ]) {
    await chat.newChat.click();
    await leave();
    await expect(chat.row(id)).toHaveCount(0);
    await chat.send("When does the dough rest?");
    await expect(chat.sidebar.locator('.conversation-item[aria-current="page"]')).toBeVisible();
    await expect(search).toHaveValue("");
    await chat.untilReplied(1);
  }
});

test.describe("with a slow model", () => {
  test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "30" } });

  test("a reply grows on the page while it is written, and one can stop it [TURN-5]", async ({ chat, server }) => {
    await chat.send("Write 3000 words about rain");
    await expect(chat.streaming()).toHaveCount(1);
    await expect(chat.streaming()).toContainText("demo model");
    const early = (await chat.streaming().innerText()).length;
    await expect.poll(async () => (await chat.streaming().innerText()).length).toBeGreaterThan(early + 40);
    await chat.stopButton.click();
    await chat.untilReplied(1);
    const kept = await chat.replies().first().innerText();
    const [stored] = (await server.api.open(chat.conversationId() ?? "")).messages.slice(-1);
    expect(stored?.status).toBe("stopped");
    expect(kept.length).toBeGreaterThan(40);

    await chat.page.reload();
    await chat.untilReplied(1);
    expect((await chat.replies().first().innerText()).length).toBeLessThan(kept.length + 40);
  });

  test("a reply that was stopped can be continued: one more turn, and what stood stays [TURN-5]", async ({
    chat,
    server,
  }) => {
    await chat.send("Write 3000 words about rain");
    await expect(chat.streaming()).toContainText("demo model");
    await chat.stopButton.click();
    await chat.untilReplied(1);
    await chat.page.getByRole("button", { name: "Continue" }).click();
    await chat.untilReplied(2);
    const { messages } = await server.api.open(chat.conversationId() ?? "");
    expect(messages.map(({ role, status }) => `${role} ${status}`)).toEqual([
      "user complete",
      "assistant stopped",
      "user complete",
      "assistant complete",
    ]);
  });

  test("race 15: switching away and back shows each reply in its own place", async ({ chat, server }) => {
    const { id: other } = await server.api.create("Another matter");
    await chat.send("Write 3000 words about rivers");
    await expect(chat.streaming()).toContainText("demo model");
    const id = chat.conversationId() ?? "";
    await chat.open(other);
    await expect(chat.messages.locator(".message")).toHaveCount(0);
    await expect(chat.row(id).locator(".generating-dot")).toBeVisible();
    await expect(chat.stopButton).toHaveCount(0);
    await chat.send("Write 100 words about hills");
    await expect(chat.streaming()).toContainText("hills");
    await expect(chat.messages).not.toContainText("rivers");

    await chat.open(id);
    await expect(chat.replies()).toContainText(["rivers"]);
    await expect(chat.messages).not.toContainText("hills");
    await chat.stopButton.click();
    await chat.untilReplied(1);
    await expect(chat.row(id).locator(".generating-dot")).toHaveCount(0);
  });

  test("a reply of one's own that ends while one looks elsewhere has a badge, and a toast that opens it [DEV-5]", async ({
    chat,
    openDevice,
    server,
  }) => {
    const { id: other } = await server.api.conversation("Another matter");
    const { id } = await server.api.create("Rivers");
    const second = await (await openDevice()).openTab();
    await chat.open(id);
    await chat.send("Write 200 words about rivers");
    await expect(chat.streaming()).toContainText("demo model");
    await chat.open(other);
    await expect(second.badge(id)).toHaveText("2");
    await expect(chat.row(id).locator(".generating-dot")).toHaveCount(0);
    await expect(chat.badge(id)).toHaveText("1");
    await expect(chat.page).toHaveTitle(/^\(1\)/);
    const toast = chat.page.locator(".toast", { hasText: "“Rivers” has a reply" });
    await toast.getByRole("button", { name: "Open" }).click();
    await chat.untilReplied(1);
    await expect(toast).toHaveCount(0);
    await expect(chat.badge(id)).toHaveCount(0);
    await expect(second.badge(id)).toHaveCount(0);
  });

  test("a new chat takes the conversation that was open off the screen: what comes there is a badge [DEV-5]", async ({
    chat,
    server,
  }) => {
    const { id } = await server.api.create("Rivers");
    await chat.open(id);
    await chat.send("Write 3000 words about rivers");
    await expect(chat.streaming()).toContainText("demo model");
    await chat.newChat.click();
    await server.api.stopReply(id);
    await expect(chat.badge(id)).toHaveText("1");
    await server.api.turn(id, "And about lakes?");
    await expect(chat.badge(id)).toHaveText("3");
    await chat.open(id);
    await expect(chat.badge(id)).toHaveCount(0);
  });
});

test("a message that is sent twice within one moment goes out once", async ({ chat, server }) => {
  await chat.input.fill("When does the dough rest?");
  await chat.sendButton.evaluate((button: HTMLButtonElement) => {
    for (let click = 1; click <= 3; click++) button.click();
  });
  await chat.untilReplied(1);
  await chat.input.fill("And in the fridge?");
  await chat.input.evaluate((field) => {
    const press = () => new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    for (let time = 1; time <= 2; time++) field.dispatchEvent(press());
  });
  await chat.untilReplied(2);
  await expect(chat.rows()).toHaveCount(1);
  expect((await server.api.open(chat.conversationId() ?? "")).messages).toHaveLength(4);
});

test("back and forward go through the conversations, and an address opens one", async ({ chat, server }) => {
  const first = await server.api.conversation("First");
  const second = await server.api.conversation("Second");
  await chat.open(first.id);
  await chat.open(second.id);
  await expect(chat.messages).toContainText("about Second");
  await chat.page.goBack();
  await expect(chat.messages).toContainText("about First");
  await expect(chat.row(first.id)).toHaveAttribute("aria-current", "page");
  await chat.page.goForward();
  await expect(chat.messages).toContainText("about Second");
  await chat.page.goto(`${server.url}/c/${first.id}`);
  await expect(chat.messages).toContainText("about First");
});

for (const [form, written] of [
  ["in upper case", (id: string) => id.toUpperCase()],
  ["with a slash at its end", (id: string) => `${id}/`],
] as const) {
  test(`an address ${form} is that of its conversation, which is followed and left as by any other [ID-1] [DEV-9]`, async ({
    chat,
    server,
  }) => {
    const { id } = await server.api.conversation("First");
    await chat.page.goto(`${server.url}/c/${written(id)}`);
    await expect(chat.messages).toContainText("about First");
    await expect(chat.row(id)).toHaveAttribute("aria-current", "page");
    await expect(chat.page).toHaveURL(`${server.url}/c/${id}`);
    await server.api.turn(id, "A question from elsewhere");
    await expect(chat.banner).toBeVisible();
    await expect(chat.badge(id)).toHaveCount(0);
    await chat.act(id, "Delete");
    await expect(chat.page).toHaveURL(`${server.url}/`);
    await expect(chat.messages.locator(".message")).toHaveCount(0);
  });
}

test("a new chat begins empty, and is no row until it is sent [ID-1]", async ({ chat, server }) => {
  const { id } = await server.api.conversation("First");
  await chat.open(id);
  await chat.newChat.click();
  await expect(chat.page).toHaveURL(`${server.url}/`);
  await expect(chat.messages.locator(".message")).toHaveCount(0);
  await expect(chat.rows()).toHaveCount(1);
  await chat.send("Hello");
  await chat.untilReplied(1);
  await expect(chat.rows()).toHaveCount(2);
});

test("a rename in the menu shows at once and stays", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Before");
  await chat.act(id, "Rename");
  await chat.enterTitle("After");
  await expect(chat.title(id)).toHaveText("After");
  await expect.poll(async () => (await server.api.open(id)).title).toBe("After");
});

test("pinned conversations stand first, archived ones leave the list", async ({ chat, server }) => {
  const old = await server.api.conversation("Old");
  const recent = await server.api.conversation("Recent");
  await expect(chat.rows().first()).toHaveAttribute("data-conversation-id", recent.id);
  await chat.act(old.id, "Pin");
  await expect(chat.rows().first()).toHaveAttribute("data-conversation-id", old.id);
  await chat.act(recent.id, "Archive");
  await expect(chat.row(recent.id)).toHaveCount(0);
  const listed = async (): Promise<readonly unknown[]> => {
    const list = await server.api.call<{ conversations: readonly object[] }>("GET", "/api/conversations");
    return list.conversations;
  };
  await expect.poll(listed).toEqual([expect.objectContaining({ id: old.id, pinned: true })]);
  await chat.page.reload();
  await expect(chat.rows()).toHaveCount(1);
  await expect(chat.row(old.id)).toBeVisible();
});

test("a reply's text is markdown that can't run anything", async ({ chat }) => {
  const dialogs: string[] = [];
  chat.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await chat.send(
    '<img src=x onerror="alert(1)"> [link](javascript:alert(2)) <script>alert(3)</script> in code please',
  );
  await chat.untilReplied(1);
  await expect(chat.replies().first().locator("strong").first()).toContainText("demo model");
  await expect(chat.replies().first().locator("pre code")).toContainText("console.log");
  await expect(chat.messages.locator("script, img[onerror], a[href^='javascript:']")).toHaveCount(0);
  expect(dialogs).toEqual([]);
});
