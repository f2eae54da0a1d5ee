import { axeFindings } from "../harness/axe-findings.ts";
import { expect, test } from "../harness/test.ts";

test("in the trash one sees when, looks inside, restores from there, and empties the rest for good", async ({
  openDevice,
  server,
}) => {
  const bread = await server.api.conversation("Bread");
  const coast = await server.api.conversation("Coast");
  for (const { id } of [bread, coast]) await server.api.delete(id);
  const chat = await (await openDevice()).openTab();
  await chat.sidebar.getByRole("button", { name: "Trash" }).click();
  const row = chat.sidebar.getByRole("listitem", { name: "Bread" });
  await expect(row).toContainText(/Deleted .+ · 30 days left/);
  await row.getByText("Bread").click();
  const look = chat.page.getByRole("dialog", { name: "Bread" });
  await expect(look).toContainText("Question 1 about Bread");
  await expect(look).toContainText("demo model");
  expect(await axeFindings(chat.page)).toEqual([]);
  await look.getByRole("button", { name: "Restore" }).click();
  await expect(look).toHaveCount(0);
  await expect(row).toHaveCount(0);
  await chat.sidebar.getByRole("button", { name: "Empty trash" }).click();
  await chat.sidebar.getByRole("button", { name: "Delete all for good" }).click();
  await expect(chat.sidebar).toContainText("The trash is empty");
  await chat.sidebar.getByRole("button", { name: "Back to chats" }).click();
  await expect(chat.rows()).toHaveCount(1);
  await expect(chat.row(bread.id)).toBeVisible();
  await expect(server.api.restore(coast.id)).rejects.toThrow();
});
