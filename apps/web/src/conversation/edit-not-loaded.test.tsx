/** The field for a message can't be loaded, as offline or once the server has another build: what it stands for is not lost from sight. */
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { message, view } from "../../test/messages.ts";
import { settle } from "../../test/settle.ts";
import { showMessages } from "../../test/shown-messages.tsx";

vi.mock("./edit-message.tsx", () => {
  throw new Error("no network");
});

test("a message whose field can't be loaded can be shown again as it is", async () => {
  const { container } = showMessages(view({ messages: [message(1, { content: "my words" }), message(2)] }));
  fireEvent.click(screen.getByRole("button", { name: "Edit message" }));
  await expect.poll(async () => (await settle(), screen.queryByRole("alert")?.textContent)).toContain("be loaded");
  expect(container.textContent).not.toContain("my words");
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  await settle();
  expect(container.textContent).toContain("my words");
});
