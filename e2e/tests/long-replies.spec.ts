/** A reply of half a megabyte: what nobody looks at is not made, and what is looked at is formatted [SAFE-2]. */
import { expect, test } from "../harness/test.ts";

test("of tens of thousands of paragraphs only those near the view are formatted, and the others when they come there [SAFE-2]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const chat = await device.openTab();
  const content = `The **beginning**.\n\n${"Some **bold** words here.\n\n".repeat(20_000)}The **end**.`;
  // No model here writes as much.
  await chat.page.route(/\/api\/conversations\/[0-9a-f-]+\?/, async (route) => {
    const response = await route.fetch();
    const detail = (await response.json()) as { messages: { role: string; content: string }[] };
    for (const message of detail.messages) if (message.role === "assistant") message.content = content;
    await route.fulfill({ response, json: detail });
  });
  await chat.open(id);
  await expect(chat.replies().locator("strong", { hasText: "end" })).toBeInViewport();
  const strong = chat.replies().locator("strong");
  expect(await strong.count()).toBeLessThan(2000);
  await expect(chat.replies()).toContainText("The **beginning**.");
  await chat.messages.evaluate((element) => element.scrollTo({ top: 0 }));
  await expect(strong.filter({ hasText: "beginning" })).toBeVisible();
  expect(await strong.count()).toBeLessThan(4000);
});
