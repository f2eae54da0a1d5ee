/** A chat that is begun: it is open at once, and what is written from then on is written in it [DEV-12]. */
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full } from "./scripted-device.ts";
import { wholePage } from "./whole-page.tsx";

test("[DEV-12] a chat is open as soon as its first message is sent, however long the store takes", async () => {
  const { transport, settle, drafts } = await wholePage("/");
  await transport.last.answer(full(100, []));
  await settle();
  const box = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  fireEvent.input(box, { target: { value: "Bread without kneading?" } });
  fireEvent.keyDown(box, { key: "Enter" });
  // Nothing has had time to be stored.
  expect(location.pathname).toMatch(/^\/c\/[\w-]{36}$/);
  const id = location.pathname.slice(3);
  await settle();
  fireEvent.input(screen.getByRole("textbox", { name: "Message" }), { target: { value: "And with rye" } });
  await settle();
  expect([drafts.get("new"), drafts.get(id)]).toEqual(["", "And with rye"]);
});
