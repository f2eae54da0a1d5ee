import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { SYNC_POLL_INTERVAL_SECONDS: "2" } });

test("what one tab sends is in the other's list, and opening it there shows it whole [DEV-11]", async ({
  openDevice,
}) => {
  const device = await openDevice();
  const [first, second] = [await device.openTab(), await device.openTab()];
  await first.send("When does the dough rest?");
  await first.untilReplied(1);
  const id = first.conversationId() ?? "";
  await expect(second.row(id)).toBeVisible();
  await second.open(id);
  await expect(second.replies()).toHaveCount(1);
  await expect(second.userMessages()).toHaveCount(1);
  await expect(second.badge(id)).toHaveCount(0);
});

test("two tabs on one conversation: the other's turn is a banner, never an injection [DEV-9]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const [first, second] = [await device.openTab(`/c/${id}`), await device.openTab(`/c/${id}`)];
  await expect(second.replies()).toHaveCount(1);
  await first.send("And in the fridge?");
  await first.untilReplied(2);
  await expect(second.banner).toBeVisible();
  await second.banner.getByRole("button").first().click();
  await second.untilReplied(2);
  await expect(second.banner).toHaveCount(0);
  await expect(first.banner).toHaveCount(0);
});

test("reading in one tab clears the badge of the other [DEV-11]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const [first, second] = [await device.openTab(), await device.openTab()];
  await server.api.turn(id, "From elsewhere");
  await expect(first.badge(id)).toHaveText("2");
  await expect(second.badge(id)).toHaveText("2");
  await first.open(id);
  await expect(second.badge(id)).toHaveCount(0);
});

test("the title tells how many conversations are unread, the same in every tab", async ({ openDevice, server }) => {
  const [bread, butter] = [await server.api.conversation("Bread"), await server.api.conversation("Butter")];
  const device = await openDevice();
  const [first, second] = [await device.openTab(), await device.openTab()];
  await server.api.turn(bread.id, "From elsewhere");
  await server.api.turn(butter.id, "From elsewhere");
  await expect(first.page).toHaveTitle(/\(2\)/);
  await expect(second.page).toHaveTitle(/\(2\)/);
  await first.open(bread.id);
  await expect(first.page).toHaveTitle(/\(1\)/);
  await expect(second.page).toHaveTitle(/\(1\)/);
});
