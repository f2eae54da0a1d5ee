/** A new chat: what it offers to begin with, and what of it goes away. */
import { fireEvent, screen, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, idOf, row } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";

const names = ["a", "b", "c"];

async function newChat(count: number, where: Parameters<typeof wholePage>[2] = {}) {
  const whole = await wholePage("/", {}, where);
  await whole.transport.last.answer(
    full(
      100,
      names.slice(0, count).map((name) => row(name, 2)),
    ),
  );
  await screen.findByRole("list", { name: "Suggestions" });
  await whole.settle();
  return whole;
}

test("a new chat has four suggestions, of which one is a second tab and the others are sent as they are shown", async () => {
  const { transport, settle } = await newChat(0);
  const list = within(screen.getByRole("list", { name: "Suggestions" }));
  expect(list.getAllByRole("listitem")).toHaveLength(4);
  const tab = list.getByRole("link", { name: /Open me in a second tab/ });
  expect([tab.getAttribute("href"), tab.getAttribute("target")]).toEqual(["/", "_blank"]);
  fireEvent.click(list.getByRole("button", { name: /Write something long/ }));
  await settle();
  expect(transport.named("create")).toHaveLength(1);
  expect(document.querySelector(".message.user")?.textContent).toContain("Write 300 words about rain");
  expect(screen.queryByRole("list", { name: "Suggestions" })).toBeNull();
});

test("a conversation that is there offers none of it, and a draft stays where it is", async () => {
  const { device, drafts, settle, unmount } = await newChat(1);
  drafts.set("new", "half a thought");
  await settle();
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" }).value).toBe("half a thought");
  device.stop();
  unmount();
  const other = await wholePage(`/c/${idOf("a")}`);
  await other.transport.last.answer(full(100, [row("a", 2)]));
  await other.settle();
  expect(document.querySelector(".new-chat-help")).toBeNull();
});

test("the hint goes away for good when it is told to, and by itself once there are a few chats", async () => {
  const { device, settle, page } = await newChat(2);
  expect(screen.getByText(/what you send is queued/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Hide this hint" }));
  await settle();
  expect(screen.queryByText(/what you send is queued/)).toBeNull();
  device.stop();
  document.body.replaceChildren();
  const { device: later } = await newChat(2, { keyValue: page.keyValue });
  expect(screen.queryByText(/what you send is queued/)).toBeNull();
  later.stop();
  document.body.replaceChildren();
  const { device: other } = await newChat(3);
  expect(screen.queryByText(/what you send is queued/)).toBeNull();
  other.stop();
});

test.each([
  [false, true],
  [true, false],
])("the hint tells of Shift with Enter where Enter sends (under a finger: %s)", async (isTouch, isTold) => {
  await newChat(0, { isTouch });
  expect(screen.getByText(/what you send is queued/).textContent?.includes("Shift")).toBe(isTold);
});

test.each([
  [false, /^Put two lines like these/],
  [true, /^Whoever runs this server puts two lines like these/],
])("the demo says who can connect a model (others sign in: %s)", async (hasSignIn, words) => {
  const { settle, page } = await wholePage("/", { hasSignIn, config: { is_demo: true } });
  await settle();
  const note = screen.getByText(/built-in demo/).closest("details");
  expect(note?.querySelector("p")?.textContent).toMatch(words);
  fireEvent.click(screen.getByRole("button", { name: "Copy the two lines" }));
  await settle();
  expect(page.copied).toEqual([note?.querySelector("pre")?.textContent]);
});

test("an endpoint's models are no demo", async () => {
  const { boot } = await newChat(0);
  expect(boot.config.is_demo).toBeUndefined();
  expect(screen.queryByText(/built-in demo/)).toBeNull();
  expect(screen.getByText("Bring your history")).toBeTruthy();
});
