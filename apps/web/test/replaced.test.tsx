/** Undo of what an edit or asking again replaced: it takes back that turn and no more, and says what came of it [MSG-5]. */
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, message, row, turn } from "./scripted-device.ts";
import { wholePage } from "./whole-page.tsx";
import { failure } from "../src/sync/device.ts";

const A = idOf("a");
const VERSION = "7c7c7c7c-0000-4000-8000-000000000001";

/** A page that asks again, from a reply on, or with another text in a question's place. */
async function pageAsking(fromSeq: number, text?: string) {
  const page = await wholePage(`/c/${A}`);
  const { transport, device, settle } = page;
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  if (text === undefined) await device.turns.askAgain(A, fromSeq);
  else await device.turns.send(A, text, { replaceFromSeq: fromSeq });
  await settle();
  return page;
}

/** The same once its turn has begun, and replaced so many messages. */
async function pageWithTurn(fromSeq: number, messageCount: number, text?: string) {
  const page = await pageAsking(fromSeq, text);
  const { transport, settle } = page;
  const question = message("a", text === undefined ? fromSeq - 1 : 11, text === undefined ? {} : { content: text });
  const replaced = { version_id: VERSION, message_count: messageCount };
  const start = { user_message: question, reply_id: message("a", 30).id, message_count: fromSeq - 1, replaced };
  await transport.stream.feed({ id: 1, event: "start", data: start });
  await settle();
  return page;
}

/** A page on which so many messages were just replaced, from a reply on; the toast says so. */
async function pageWithToast(fromSeq: number, messageCount: number, words: string) {
  const page = await pageAsking(fromSeq);
  const { transport, settle } = page;
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

/** What came back, with new numbers, and the event that says so. */
function cameBack(fromSeq: number, event: "done" | "error") {
  const kept = detail("a", fromSeq - 1).messages;
  const gone = detail("a", 10).messages.slice(fromSeq - 1);
  const back = gone.map((one, index) => ({ ...one, seq: 11 + index }));
  const counts = { message_count: 10, last_seq: 10 + back.length };
  const failed = { code: "model_unreachable", detail: "", retryable: true, message: null };
  const said = { ...counts, title: "Conversation a", updated_at: "2026-01-01T12:00:00.000000Z" };
  const data = { ...said, brought_back: back.length };
  const end =
    event === "error"
      ? ({ id: 2, event, data: { ...failed, ...data } } as const)
      : ({ id: 2, event, data: { message: back[0] ?? message("a", 11), ...data } } as const);
  return { end, opened: { ...detail("a", 10), ...counts, messages: [...kept, ...back] } };
}

test.each([
  [10, "error", "1 message replaced"],
  [10, "done", "1 message replaced"],
  [8, "error", "3 messages replaced"],
] as const)(
  "[MSG-5] what is back by itself (from %i, by %s) is no longer said to be replaced",
  async (fromSeq, event, words) => {
    const { transport, settle } = await pageWithTurn(fromSeq, 11 - fromSeq);
    await waitFor(() => screen.getByText(words));
    const { end, opened } = cameBack(fromSeq, event);
    transport.answers.open = () => opened;
    await transport.stream.feed(end);
    await settle();
    expect(document.querySelectorAll(".message")).toHaveLength(10);
    expect(screen.queryByText(words)).toBeNull();
  },
);

test("[MSG-5] an edit that brought no reply has replaced what it has", async () => {
  const { transport, device, settle } = await pageWithTurn(9, 2, "Better words");
  await waitFor(() => screen.getByText("2 messages replaced"));
  const counts = { message_count: 9, last_seq: 11 };
  const failed = { code: "model_unreachable", detail: "", retryable: true, message: null };
  await transport.stream.feed({ id: 2, event: "error", data: { ...failed, ...counts } });
  await settle();
  await device.turns.send(A, "And?");
  await settle();
  await transport.stream.feed(...turn("a", 12, ["Hi"]));
  await settle();
  expect(screen.getByText("2 messages replaced")).toBeTruthy();
});
