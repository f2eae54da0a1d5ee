import type { Locator } from "@playwright/test";
import { cutRequests } from "../harness/cut-requests.ts";
import { HeldAnswers } from "../harness/held-answers.ts";
import { standing } from "../harness/standing.ts";
import { untilStored } from "../harness/stored-in.ts";
import { expect, test } from "../harness/test.ts";

test("a message sent offline waits, goes out once when the network is back, and gets its reply [DEV-12]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const [first, second] = [await (await openDevice()).openTab(`/c/${id}`), await (await openDevice()).openTab()];
  await expect(first.replies()).toHaveCount(1);
  await first.page.context().setOffline(true);
  await first.send("Sent without a network");
  await expect(first.userMessages()).toHaveCount(2);
  await expect(first.messages).toContainText(/waiting/i);
  await expect(first.input).toBeEnabled();
  await expect(second.badge(id)).toHaveCount(0);
  await first.page.context().setOffline(false);
  await first.untilReplied(2);
  await expect(first.userMessages()).toHaveCount(2);
  await expect(first.messages).not.toContainText(/waiting/i);
  await expect(second.badge(id)).toHaveText("2");
  expect((await server.api.open(id)).messages).toHaveLength(4);
});

test("without a server the line below the list says all that it has to say, and a part that is missing stands in line with the list", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  await server.stop();
  await chat.send("Sent without a server");
  await expect(chat.status).toHaveText(/Reconnecting… · \d waiting/);
  const cut = await chat.status.evaluate((line) => [
    line.scrollWidth - line.clientWidth,
    line.scrollHeight - line.clientHeight,
  ]);
  expect(cut).toEqual([0, 0]);
  await chat.sidebar.getByRole("button", { name: "Trash" }).click();
  const leftOf = async (part: Locator): Promise<number> =>
    part.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return Math.round(range.getBoundingClientRect().left);
    });
  const missing = chat.sidebar.getByRole("alert").filter({ hasText: "could not be loaded" });
  expect(await leftOf(missing)).toBe(await leftOf(chat.sidebar.getByRole("heading", { name: "Trash" })));
});

test("what waits in the outbox survives a reload, and goes out once [DEV-12]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const chat = await device.openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  // The page loads, and every call of the API fails: a reload while offline needs the page itself from somewhere.
  const heal = await cutRequests(device.context, "**/api/**");
  await chat.send("Sent before the reload");
  await expect(chat.messages).toContainText("Sent before the reload");
  await chat.untilSentInVain();
  await chat.page.reload();
  await expect(chat.messages).toContainText("Sent before the reload");
  expect((await server.api.open(id)).messages).toHaveLength(2);
  heal();
  await chat.page.evaluate(() => dispatchEvent(new Event("online")));
  await chat.untilReplied(2);
  await expect(chat.userMessages()).toHaveCount(2);
  expect((await server.api.open(id)).messages).toHaveLength(4);
});

test("what waits shows also where the conversation itself could not be loaded, and one can go on writing [DEV-12]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const chat = await device.openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  const heal = await cutRequests(device.context, "**/api/**");
  await chat.send("Sent before the reload");
  await expect(chat.messages).toContainText("Sent before the reload");
  await chat.untilSentInVain();
  await chat.page.evaluate(clearStoredMessages);
  await chat.page.reload();
  await expect(chat.messages).toContainText("Sent before the reload");
  await expect(chat.input).toBeEditable();
  heal();
  await chat.page.evaluate(() => dispatchEvent(new Event("online")));
  await chat.untilReplied(2);
  await expect(chat.userMessages()).toHaveCount(2);
});

test("with two tabs open, what waited goes out from one of them only [DEV-12]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const [first, second] = [await device.openTab(`/c/${id}`), await device.openTab(`/c/${id}`)];
  await device.context.setOffline(true);
  await first.send("Only once");
  await expect(first.messages).toContainText("Only once");
  await device.context.setOffline(false);
  await first.untilReplied(2);
  await expect(second.messages.getByText("Only once").or(second.banner).first()).toBeVisible();
  expect((await server.api.open(id)).messages.filter(({ content }) => content === "Only once")).toHaveLength(1);
});

test("a conversation begun offline becomes a real one [ID-1] [DEV-12]", async ({ chat, server }) => {
  await chat.page.context().setOffline(true);
  await chat.send("Begun without a network");
  await expect(chat.userMessages()).toHaveCount(1);
  await expect(chat.rows()).toHaveCount(1);
  await chat.page.context().setOffline(false);
  await chat.untilReplied(1);
  await expect(chat.rows()).toHaveCount(1);
  const list = await server.api.call<{ conversations: unknown[] }>("GET", "/api/conversations");
  expect(list.conversations).toHaveLength(1);
});

test("a rename and a deletion made offline show at once and go out later", async ({ openDevice, server }) => {
  const [bread, butter] = [await server.api.conversation("Bread"), await server.api.conversation("Butter")];
  const chat = await (await openDevice()).openTab();
  await expect(chat.row(bread.id)).toBeVisible();
  // They load with the list, and can't any more without a network.
  const parts = [expect.stringContaining("/row-menu-"), expect.stringContaining("/rename-field-")];
  const loaded = () => chat.page.evaluate(loadedScripts);
  await expect.poll(loaded).toEqual(expect.arrayContaining(parts));
  await standing(chat.page, loaded);
  await chat.page.context().setOffline(true);
  await chat.act(bread.id, "Rename");
  await chat.enterTitle("Sourdough");
  await expect(chat.title(bread.id)).toHaveText("Sourdough");
  await chat.act(butter.id, "Delete");
  await expect(chat.row(butter.id)).toHaveCount(0);
  await chat.page.context().setOffline(false);
  await expect.poll(async () => (await server.api.open(bread.id)).title).toBe("Sourdough");
  await expect.poll(() => server.api.open(butter.id).catch((error: Error) => error.message)).toContain("404");
  await expect(chat.title(bread.id)).toHaveText("Sourdough");
  await expect(chat.row(butter.id)).toHaveCount(0);
});

test("the status says offline, keeps the composer usable, and is quiet again when the list has caught up", async ({
  chat,
  server,
}) => {
  await chat.page.context().setOffline(true);
  await expect(chat.status).toHaveAttribute("data-state", /offline|waiting/);
  await expect(chat.status).toContainText(/offline/i);
  await expect(chat.input).toBeEditable();
  const { id } = await server.api.create("Meanwhile");
  await chat.page.context().setOffline(false);
  await expect(chat.status).toHaveAttribute("data-state", "synced");
  await expect(chat.row(id)).toBeVisible();
});

test("one that the server rejects says so, with Retry and Discard, and blocks nothing else [DEV-12]", async ({
  chat,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  await chat.open(id);
  await chat.page.route("**/chat/stream", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "The message is too long",
        status: 422,
        detail: "Shorten it.",
        code: "message_too_long",
      }),
    }),
  );
  await chat.send("Refused by the server");
  await expect(chat.messages.getByRole("button", { name: "Retry" })).toBeVisible();
  await expect(chat.messages.getByRole("button", { name: "Discard" })).toBeVisible();
  await chat.page.unrouteAll({ behavior: "wait" });
  await chat.send("Taken by the server");
  // What stands under a growing reply moves away from under a pointer.
  await chat.untilReplied(2);
  await chat.messages.getByRole("button", { name: "Discard" }).click();
  await expect(chat.messages.locator(".message.user", { hasText: "Refused by the server" })).toHaveCount(0);
  expect((await server.api.open(id)).messages.map(({ content }) => content)).not.toContain("Refused by the server");
});

test("a warm start shows the list before the network answers [DEV-1]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const first = await device.openTab(`/c/${id}`);
  await expect(first.replies()).toHaveCount(1);
  await untilStored(first.page, '"title":"Bread"', "Question 1 about Bread");
  await first.page.close();
  await device.context.route("**/api/**", () => {
    // Never answered: a network that hangs.
  });
  const page = await device.context.newPage();
  await page.goto(`${server.url}/c/${id}`);
  await expect(page.locator(`.conversation-item[data-conversation-id="${id}"]`)).toBeVisible();
  await expect(page.locator("#messages")).toContainText("Question 1 about Bread");
});

/** The addresses of the page's scripts that are there. */
function loadedScripts(): readonly string[] {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => name);
  return addresses.filter((address) => address.endsWith(".js"));
}

/** Empties what the device keeps of messages, as a browser does that runs out of room. */
async function clearStoredMessages(): Promise<void> {
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((opened, failed) => {
      const request = indexedDB.open(name);
      request.addEventListener("success", () => opened(request.result));
      request.addEventListener("error", () => failed(request.error));
    });
    if (database.objectStoreNames.contains("messages")) {
      await new Promise<void>((done) => {
        const transaction = database.transaction("messages", "readwrite");
        transaction.objectStore("messages").clear();
        transaction.addEventListener("complete", () => done());
      });
    }
    database.close();
  }
}

test("who asks again has written nothing: no message stands there while that is sent, waits or was refused [DEV-12] [TURN-7]", async ({
  chat,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  await chat.open(id);
  const askAgain = async (): Promise<void> => {
    await chat.replies().last().hover();
    await chat.replies().last().getByRole("button", { name: "Ask again" }).click();
  };
  const pending = chat.messages.locator(".message.pending");
  const answers = await HeldAnswers.of(chat.page, "**/chat/stream");
  answers.hold();
  await askAgain();
  await expect(pending).toHaveAttribute("data-state", "sending");
  await expect(chat.userMessages()).toHaveCount(1);
  answers.release();
  await expect(pending).toHaveCount(0);
  await chat.untilReplied(1);
  await chat.page.unroute("**/chat/stream");

  await chat.page.context().setOffline(true);
  await askAgain();
  await expect(pending).toContainText("Waiting to send");
  await expect(chat.userMessages()).toHaveCount(1);
  await chat.page.context().setOffline(false);
  await expect(pending).toHaveCount(0);
  await chat.untilReplied(1);

  await server.api.turn(id, "A question from elsewhere");
  await expect(chat.banner).toBeVisible();
  await askAgain();
  await expect(pending.getByRole("button", { name: "Retry" })).toBeInViewport();
  await expect(chat.userMessages()).toHaveText([/about Bread/, /from elsewhere/]);
  await pending.getByRole("button", { name: "Discard" }).click();
  await expect(pending).toHaveCount(0);
  await expect(chat.userMessages()).toHaveCount(2);
});
