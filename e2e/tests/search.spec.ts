import { expect, test } from "../harness/test.ts";

test("a search result opens its conversation at the hit, and older, newer and the end are there from it [DEV-6]", async ({
  openDevice,
  server,
}) => {
  await server.stop();
  await server.start({ DEMO_TOKEN_DELAY_MS: "0" });
  const { id } = await server.api.create("Long");
  for (let turn = 1; turn <= 100; turn++) {
    await server.api.turn(id, turn === 50 ? "Where is the zebra?" : `Question ${turn}`);
  }
  const chat = await (await openDevice()).openTab();
  const search = async (): Promise<void> => {
    await chat.page.getByRole("searchbox").fill("zebra");
    await chat.sidebar.locator(".search-result").first().click();
  };
  await search();
  const found = chat.messages.locator(".message.found");
  await expect(found).toContainText("zebra");
  await expect(found).toBeInViewport();
  expect(new URL(chat.page.url()).pathname).toBe(`/c/${id}`);
  await expect(chat.banner).toHaveCount(0);

  const seqs = (): Promise<number[]> =>
    chat.messages.locator(".message").evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-seq"))));
  const [first = 0] = await seqs();
  expect(first).toBeGreaterThan(50);
  const scrollUntil = async (dy: number, isThere: () => Promise<boolean>): Promise<void> => {
    await chat.messages.hover();
    for (let turn = 0; turn < 200 && !(await isThere()); turn++) {
      await chat.page.mouse.wheel(0, dy);
      await chat.page.waitForTimeout(20);
    }
  };
  await scrollUntil(-600, async () => ((await seqs())[0] ?? 0) < first);
  expect((await seqs())[0]).toBeLessThan(first);
  await scrollUntil(1200, async () => (await seqs()).at(-1) === 200);
  const all = await seqs();
  expect(all).toEqual(Array.from({ length: all.length }, (_, index) => 201 - all.length + index));

  // At its hit again after a reload, and on to the end with a message.
  await chat.page.reload();
  await expect(found).toBeInViewport();
  await expect(chat.messages.locator('[data-seq="200"]')).toHaveCount(0);
  await chat.send("On from the end");
  await expect(chat.messages.locator('[data-seq="202"]')).toBeInViewport();
  await expect(found).toHaveCount(0);
  const after = await seqs();
  expect(after).toEqual(Array.from({ length: after.length }, (_, index) => 203 - after.length + index));

  // The same result once more, though the conversation is open; then to the latest.
  await search();
  await expect(found).toBeInViewport();
  await chat.page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(chat.messages.locator('[data-seq="202"]')).toBeInViewport();
  await expect(found).toHaveCount(0);
});
