/** The toast of a chat that was deleted elsewhere, where it had messages that were not sent. */
import { expect, test } from "vitest";
import { createToastStore } from "../toasts/toast-store.ts";
import { tellDeleted } from "./tell-deleted.ts";

const RESTORE = { label: "Restore", run: () => undefined };
const OPEN = { label: "Open", run: () => undefined };
const deleted = { title: "Bread", action: RESTORE };

test.each([
  ["unsent", "“Bread” was deleted elsewhere. Your message wasn't sent: its text is in a new chat."],
  ["unsure", "“Bread” was deleted elsewhere, perhaps before your message reached it. The text is in a new chat."],
] as const)(
  "[DEV-10] a deletion and its messages (%s) are one toast that says both, whichever comes first",
  (fate, text) => {
    const events = [deleted, { orphaned: fate, action: OPEN }, { orphaned: fate, action: OPEN }];
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [1, 2, 0],
    ]) {
      const toasts = createToastStore();
      for (const index of order) tellDeleted(toasts, "a", events[index] ?? deleted);
      expect(toasts.list()).toMatchObject([{ text, tone: "error", action: RESTORE }]);
    }
  },
);

test("[DEV-10] of several messages one that may have arrived is what is told", () => {
  const toasts = createToastStore();
  tellDeleted(toasts, "a", { orphaned: "unsure", action: OPEN });
  tellDeleted(toasts, "a", { orphaned: "unsent", action: OPEN });
  expect(toasts.list()).toMatchObject([{ action: OPEN }]);
  expect(toasts.list()[0]?.text).toMatch(/perhaps before your message reached it/);
});

test("[DEV-10] another chat's deletion is another toast, and one that has gone is told of no more", () => {
  const toasts = createToastStore();
  tellDeleted(toasts, "a", { orphaned: "unsent", action: OPEN });
  tellDeleted(toasts, "b", deleted);
  expect(toasts.list().map(({ text }) => text)).toEqual([
    "Your message wasn't sent: its chat was deleted. The text is in a new chat.",
    "“Bread” was deleted elsewhere",
  ]);
  for (const { id } of toasts.list()) toasts.dismiss(id);
  tellDeleted(toasts, "a", deleted);
  expect(toasts.list()).toMatchObject([{ text: "“Bread” was deleted elsewhere", tone: "info" }]);
});
