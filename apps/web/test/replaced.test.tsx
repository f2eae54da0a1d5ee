/** Undo of what an edit or asking again replaced: it takes back that turn and no more, and says what came of it [MSG-5]. */
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, row, turn } from "./scripted-device.ts";
import { wholePage } from "./whole-page.tsx";
import { failure } from "../src/sync/device.ts";

const A = idOf("a");
const VERSION = "7c7c7c7c-0000-4000-8000-000000000001";

/** A page on which so many messages were just replaced, from a reply on; the toast says so. */
async function pageWithToast(fromSeq: number, messageCount: number, words: string) {
  const page = await wholePage(`/c/${A}`);
  const { transport, device, settle } = page;
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  await device.turns.askAgain(A, fromSeq);
  await settle();
  const [start, ...rest] = turn("a", 11, ["Hi"]);
  if (start?.event !== "start") throw new Error("A turn has no start");
  const replaced = { version_id: VERSION, message_count: messageCount };
  transport.answers.open = () => detail("a", 12);
  await transport.stream.feed({ ...start, data: { ...start.data, replaced } }, ...rest);
  await settle();
  await waitFor(() => screen.getByText(words));
  return page;
}

/** Undo is pressed, and the server answers so. */
async function pageAfterUndo(answer: unknown) {
  const page = await pageWithToast(4, 7, "7 messages replaced");
  page.transport.answers.restoreVersion = () => answer;
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await page.settle();
  return page;
}

test("[MSG-5] an Undo that would take newer messages with it undoes nothing, says so, and shows where the version is kept", async () => {
  const { transport, settle } = await pageAfterUndo(failure("stale_conversation", ""));
  expect(transport.named("restoreVersion")).toEqual([[A, VERSION, 12]]);
  await waitFor(() => screen.getByText(/Something newer was written here, so nothing was undone/));
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  await settle();
  expect(history.state).toEqual({ foundSeq: 12 });
});

test("[MSG-5] an Undo of a version that is gone says that it is", async () => {
  await pageAfterUndo(failure("version_not_found", ""));
  await waitFor(() => screen.getByText(/^That earlier version is gone\./));
});

test("[MSG-5] an Undo that worked says nothing more", async () => {
  const { message_pagination } = detail("a", 12);
  await pageAfterUndo({ messages: [], message_pagination });
  expect(screen.queryByText(/replaced|undone|gone/)).toBeNull();
});

test("[MSG-5] one message that was replaced is one message", async () => {
  await pageWithToast(10, 1, "1 message replaced");
});
