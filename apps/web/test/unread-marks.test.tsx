/** What is unread shows where one looks: title and icon count the list, the archive has a mark of its own. */
import { screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, increment, row } from "./scripted-device.ts";
import { wholePage } from "./whole-page.tsx";

test("[DEV-3] an unread conversation in the archive marks the way there, and not the title", async () => {
  const { transport, environment, settle } = await wholePage();
  await transport.last.answer(full(100, [row("a", 10), row("b", 20, { archived: true })]));
  await settle();
  expect(document.title).toBe("Instep");
  expect(screen.getByRole("button", { name: "Archive" })).toBeTruthy();
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("b", 22, { archived: true, at: 110 })]));
  await settle();
  expect(document.title).toBe("Instep");
  expect(screen.getByRole("button", { name: "Archive, 1 unread" })).toBeTruthy();
  expect(document.querySelectorAll(".archive-button .unread-dot")).toHaveLength(1);
  await environment.advance(60_000);
  await transport.last.answer(increment(111, [row("a", 12, { at: 111 }), row("b", 22, { at: 110 })]));
  await settle();
  expect(document.title).toBe("(2) Instep");
  expect(screen.getByRole("button", { name: "Archive" })).toBeTruthy();
  expect(document.querySelector(".unread-dot")).toBeNull();
});

test("[DEV-3] where the list lies under the page, the way to it says how many are unread", async () => {
  const { transport, environment, settle } = await wholePage("/", {}, { isNarrow: true });
  await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  expect(screen.getByRole("button", { name: "Show conversations" })).toBeTruthy();
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 12, { at: 110 }), row("b", 11, { at: 109 })]));
  await settle();
  expect(screen.getByRole("button", { name: "Show conversations, 2 unread" })).toBeTruthy();
});

test("[DEV-3] one unread conversation is enough for the icon, and none takes it back", async () => {
  const icon = document.head.appendChild(Object.assign(document.createElement("link"), { rel: "icon" }));
  icon.setAttribute("href", "/favicon.svg");
  const { transport, environment, settle } = await wholePage();
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  const seen: unknown[] = [];
  for (const [at, read] of [
    [110, {}],
    [111, { read_seq: 12 }],
  ] as const) {
    await environment.advance(60_000);
    await transport.last.answer(increment(at, [row("a", 12, { at, ...read })]));
    await settle();
    seen.push([document.title, icon.getAttribute("href")]);
  }
  expect(seen).toEqual([
    ["(1) Instep", "/favicon-unread.svg"],
    ["Instep", "/favicon.svg"],
  ]);
  icon.remove();
});

test("an account without conversations says so, and is no skeleton for ever", async () => {
  const { transport, container, settle } = await wholePage();
  expect(container.querySelector(".list-skeleton")).toBeTruthy();
  await transport.last.answer(full(100, []));
  await settle();
  expect(container.querySelector(".list-skeleton")).toBeNull();
  expect(screen.getByText("No chats yet")).toBeTruthy();
});
