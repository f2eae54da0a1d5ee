/** The open conversation, as a person and a screen reader find it. */
import { fireEvent, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { message, view } from "../../test/messages.ts";
import { pending, REPLY, showMessages, type Versions } from "../../test/shown-messages.tsx";
import { failure, type FailureCode } from "../sync/device.ts";

test("messages are a log without a live region, each with its role and id", () => {
  const { container } = showMessages(view());
  const log = screen.getByRole("log");
  expect(log.id).toBe("messages");
  expect(log.getAttribute("aria-live")).toBe("off");
  expect(container.querySelector(".message.user")?.getAttribute("data-message-id")).toBe(message(1).id);
  expect(container.querySelector(".message.assistant")?.textContent).toContain("Message 2");
  expect(container.querySelector(".streaming")).toBeNull();
});

test("a reply that grows is marked, and no message can be changed meanwhile", () => {
  const { container } = showMessages(view({ reply: REPLY }));
  const growing = container.querySelector(".message.assistant.streaming");
  expect(growing?.getAttribute("data-message-id")).toBe(REPLY.replyId);
  expect(growing?.textContent).toContain("Growing");
  expect(growing?.getAttribute("aria-busy")).toBe("true");
  expect(screen.getByRole("button", { name: "Edit message" })).toHaveProperty("disabled", true);
  expect(container.querySelector(".message [aria-live]")).toBeNull();
});

test("[DEV-9] a banner whose messages could not be loaded says why, and asks for those again", async () => {
  const { calls, container } = showMessages(
    view({ newMessages: 2, newerProblem: failure("unreachable", ""), hasOlder: true }),
  );
  const banner = container.querySelector(".new-messages-banner");
  expect(banner?.textContent).toBe("The server can't be reached.Try again");
  expect(screen.queryByRole("button", { name: "Load older messages" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(calls).toEqual([["loadNewer"]]);
});

test("a message that nothing answered can be asked again, also after a reload", async () => {
  const { calls, update } = showMessages(view({ messages: [message(1), message(2), message(3)] }));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(calls).toEqual([["askAgain", 3]]);
  update(view({ messages: [message(1), message(2), message(3)], newMessages: 1 }));
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("a message and its reply stay the same rows while they wait, are sent, grow and are stored: what stands at the top stays there", () => {
  const sent = "00000000-0000-4000-9000-0000000000ff";
  const stored = { ...message(3), client_message_id: sent } as const;
  const answer = { ...message(4), id: REPLY.replyId ?? "" };
  const [first, second] = [message(1), message(2)];
  const { container, update } = showMessages(view({ messages: [first, second], pending: [pending({})] }));
  const rowOf = (text: string) =>
    [...container.querySelectorAll(".message-row")].find((row) => row.textContent?.includes(text));
  const rows = [rowOf("On its way")];
  update(view({ messages: [first, second], pending: [pending({ state: "sending" })], reply: REPLY }));
  rows.push(rowOf("On its way"));
  const growing = rowOf("Growing");
  update(view({ messages: [first, second, { ...stored, content: "On its way" }], pending: [], reply: REPLY }));
  rows.push(rowOf("On its way"));
  update(view({ messages: [first, second, { ...stored, content: "On its way" }, { ...answer, content: "Growing" }] }));
  rows.push(rowOf("On its way"));
  expect(rows[0]).toBeDefined();
  expect(rows.map((row) => row === rows[0])).toEqual([true, true, true, true]);
  expect(rowOf("Growing")).toBe(growing);
});

test("a token of a running reply leaves the messages above it alone, however many they are", () => {
  let reads = 0;
  const watched = {
    ...message(2),
    get seq() {
      reads++;
      return 2;
    },
  };
  const messages = [message(1), watched, message(3)];
  const { container, update } = showMessages(view({ messages, reply: REPLY }));
  const before = reads;
  update(view({ messages, reply: { ...REPLY, text: "Growing on" } }));
  expect(container.querySelector(".streaming")?.textContent).toContain("Growing on");
  expect(reads).toBe(before);
});

test("[DEV-9] what came elsewhere shows a banner with a button and is not put in", () => {
  const { calls, container, update } = showMessages(view({ newMessages: 2 }));
  const banner = container.querySelector(".new-messages-banner");
  expect(banner?.textContent).toContain("2 new messages");
  expect(container.querySelectorAll(".message")).toHaveLength(2);
  const button = banner?.querySelector("button");
  // The second click of a double one would load anew what the first one has just shown.
  if (button) for (const clicks of [1, 2]) fireEvent.click(button, { detail: clicks });
  expect(calls).toEqual([["loadNewer"]]);
  update(view({ messages: [message(1), message(2), message(3)], firstNewSeq: 3 }));
  expect(container.querySelector(".new-messages-banner")).toBeNull();
  expect(container.querySelector(".new-messages-divider + .message-row")?.textContent).toContain("Message 3");
});

test("[DEV-9] the focus of the banner's button goes to the messages with the banner, and stays where it is else", () => {
  const { container, update } = showMessages(view({ newMessages: 2 }));
  const button = () => container.querySelector<HTMLElement>(".new-messages-banner button");
  button()?.focus();
  update(view({ messages: [message(1), message(2), message(3)], firstNewSeq: 3 }));
  expect(document.activeElement).toBe(screen.getByRole("log"));
  update(view({ newMessages: 2 }));
  screen.getByRole("button", { name: "Edit message" }).focus();
  update(view());
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit message" }));
});

test("[DEV-12] a message that waits says so and can be taken back", async () => {
  const { calls } = showMessages(view({ pending: [pending({})] }));
  expect(screen.getByText("Waiting to send")).toBeTruthy();
  // Without a network to try it on, a retry could do nothing.
  expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Discard" }));
  expect(calls).toEqual([["discard", pending({}).clientMessageId]]);
});

test("[DEV-12] a message that waits says why, where that is known, with Retry, Edit and Discard", async () => {
  const { calls, container, update } = showMessages(view());
  const words = (code: FailureCode) => {
    update(view({ pending: [pending({ problem: failure(code, "") })] }));
    return container.querySelector(".send-state span")?.textContent;
  };
  expect(words("too_many_replies")).toBe("Waiting to send. Several replies are being written already.");
  expect(words("too_many_requests")).toBe("Waiting to send. This account asks more than the server allows.");
  expect(words("unavailable")).toBe("Waiting to send. The server can't answer just now.");
  expect(words("unreachable")).toBe("Waiting to send. The server can't be reached.");
  for (const name of ["Retry", "Edit", "Discard"]) await userEvent.click(screen.getByRole("button", { name }));
  expect(calls.map(([name]) => name)).toEqual(["retry", "takeBack", "discard"]);
});

test("[DEV-12] a message that was rejected says why, with Retry and Discard", async () => {
  const { calls } = showMessages(
    view({ pending: [pending({ state: "rejected", problem: failure("message_too_long", "") })] }),
  );
  expect(screen.getByRole("alert").textContent).toContain("Not sent. This message is too long.");
  for (const name of ["Retry", "Edit", "Discard"]) await userEvent.click(screen.getByRole("button", { name }));
  expect(calls.map(([name]) => name)).toEqual(["retry", "takeBack", "discard"]);
});

test("[DEV-12] [MSG-3] an edit that waits or was rejected says that it takes the place of an earlier message", () => {
  const { container, update } = showMessages(view({ pending: [pending({ isReplacing: true })] }));
  const words = () => container.querySelector(".send-state span")?.textContent;
  expect(words()).toBe("Replaces an earlier message. Waiting to send");
  const problem = failure("message_too_long", "");
  update(view({ pending: [pending({ isReplacing: true, state: "rejected", problem })] }));
  expect(words()).toContain("Replaces an earlier message. Not sent. This message is too long.");
  // Who asks again has written nothing, and is told so by its name.
  update(view({ pending: [pending({ isReplacing: true, text: "" })] }));
  expect(words()).toBe("Waiting to send");
});

test("[DEV-12] a button never becomes another one under a finger, where another tab has sent the message", () => {
  const { update } = showMessages(
    view({ pending: [pending({ state: "rejected", problem: failure("stale_conversation", "") })] }),
  );
  const [retry, edit, discard] = screen.getAllByRole("button", { name: /^(Retry|Edit|Discard)$/ });
  update(view({ pending: [pending({ state: "queued", problem: null })] }));
  expect([retry?.isConnected, discard?.isConnected]).toEqual([false, false]);
  expect(screen.getByRole("button", { name: "Edit" })).toBe(edit);
});

test("[DEV-12] what waits or was rejected stands after the reply that is written, which answers what is above it", () => {
  const states = ["rejected", "waiting", "sending"] as const;
  const sends = states.map((state) => pending({ state, clientMessageId: state, problem: null }));
  const { container } = showMessages(view({ messages: [message(1)], pending: sends, reply: REPLY }));
  const order = [...container.querySelectorAll<HTMLElement>(".message")].map((row) => row.dataset["messageId"]);
  expect(order).toEqual([message(1).id, "sending", REPLY.replyId, "rejected", "waiting"]);
});

test("a message that the server has is not shown as waiting besides", () => {
  const { clientMessageId } = pending({});
  const sent = message(3, { client_message_id: clientMessageId, content: "On its way" });
  const { container } = showMessages(
    view({ messages: [message(1), message(2), sent], pending: [pending({ state: "sending" })] }),
  );
  expect(container.querySelectorAll(".message.user")).toHaveLength(2);
});

test("[TURN-9] a reply that stopped, was interrupted or failed says so and can be asked again", async () => {
  const { calls, container, update } = showMessages(
    view({ messages: [message(1), message(2, { status: "stopped" })] }),
  );
  expect(container.textContent).toContain("You stopped this reply.");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(calls).toEqual([["askAgain", 2]]);
  update(view({ messages: [message(1), message(2, { status: "interrupted" })] }));
  expect(container.textContent).toContain("The reply was interrupted.");
  const error = { code: "model_rate_limited", detail: "Wait, then try again in 8 s." };
  update(view({ messages: [message(1), message(2, { status: "failed", error })] }));
  expect(container.textContent).toContain("The model is being asked too often. Wait, then try again in 8 s.");
});

test("[TURN-9] a last reply that stopped or was interrupted can be continued, where it has text", async () => {
  const { calls, update } = showMessages(view({ messages: [message(1), message(2, { status: "stopped" })] }));
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(calls).toEqual([["continueReply"]]);
  update(view({ messages: [message(1), message(2, { status: "interrupted" })] }));
  expect(screen.getByRole("button", { name: "Continue" })).toBeTruthy();
  const others = [
    view({ messages: [message(1), message(2, { status: "stopped", content: "" })] }),
    view({ messages: [message(1), message(2, { status: "failed", content: "" })] }),
    view({ messages: [message(1), message(2)] }),
    view({ messages: [message(1), message(2, { status: "stopped" }), message(3)] }),
    view({ messages: [message(1), message(2, { status: "stopped" })], pending: [pending({})] }),
  ];
  for (const other of others) {
    update(other);
    expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
  }
});

test("the second click of a double one on Continue is none on what comes to stand there", () => {
  const { calls } = showMessages(view({ messages: [message(1), message(2, { status: "stopped" })] }));
  for (const name of ["Continue", "Try again"]) fireEvent.click(screen.getByRole("button", { name }), { detail: 2 });
  expect(calls).toEqual([]);
});

test("[TURN-9] a reply that failed with some text says so once, and offers to ask again once", () => {
  const failed = message(2, { status: "failed", error: { code: "model_failed", detail: "" } });
  const turnFailure = { code: "model_failed", detail: "", isRetryable: true, askAgainFromSeq: 2 };
  showMessages(view({ messages: [message(1), failed], turnFailure }));
  expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(1);
  expect(document.querySelectorAll(".message-ending")).toHaveLength(1);
});

test.each([
  message(2, { status: "stopped" }),
  message(2, { status: "interrupted" }),
  message(2, { status: "failed", error: { code: "model_timeout", detail: "" } }),
])("[TURN-9] where a reply that had ended early came back, why asking again failed is said under it: %j", (last) => {
  const turnFailure = { code: "model_unreachable", detail: "", isRetryable: true, askAgainFromSeq: 2 };
  const { update } = showMessages(view({ messages: [message(1), last], turnFailure }));
  expect(document.querySelectorAll(".message-ending")).toHaveLength(2);
  expect(screen.getByRole("alert").textContent).toContain("The model can't be reached.");
  expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(1);
  update(view({ messages: [message(1), last], turnFailure: { ...turnFailure, askAgainFromSeq: 1 } }));
  expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(2);
});

test("[TURN-9] a reply that was interrupted says so once", () => {
  const turnFailure = { code: "reply_interrupted", detail: "", isRetryable: true, askAgainFromSeq: 2 };
  showMessages(view({ messages: [message(1), message(2, { status: "interrupted" })], turnFailure }));
  expect(document.querySelectorAll(".message-ending")).toHaveLength(1);
});

test("[TURN-9] a turn that failed before any text can be asked again from the user message", async () => {
  const turnFailure = { code: "model_unreachable", detail: "", isRetryable: true, askAgainFromSeq: 1 };
  const { calls } = showMessages(view({ messages: [message(1)], turnFailure }));
  expect(screen.getByRole("alert").textContent).toContain("The model can't be reached.");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(calls).toEqual([["askAgain", 1]]);
});

test("[MSG-3] a user message can be edited, a reply asked again", async () => {
  const { calls } = showMessages(view());
  await userEvent.click(screen.getByRole("button", { name: "Edit message" }));
  const field = await screen.findByRole("textbox", { name: "Edit message" });
  expect(field).toHaveProperty("value", "Message 1");
  await userEvent.clear(field);
  await userEvent.type(field, "Better words");
  // The Enter that ends an input method's composition, as Safari tells it.
  fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(calls).toEqual([
    ["edit", 1, "Better words"],
    ["askAgain", 2],
  ]);
});

test("[MSG-3] in a message that is edited, Enter does what it does in the message box", async () => {
  const edit = async (keys: string) => {
    await userEvent.click(screen.getByRole("button", { name: "Edit message" }));
    await userEvent.type(await screen.findByRole("textbox", { name: "Edit message" }), keys);
  };
  const desk = showMessages(view());
  await edit("{Shift>}{Enter}{/Shift}more{Enter}");
  expect(desk.calls).toEqual([["edit", 1, "Message 1\nmore"]]);
  desk.unmount();
  const phone = showMessages(view(), { isTouch: true });
  await edit("{Enter}more");
  expect(phone.calls).toEqual([]);
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(phone.calls).toEqual([["edit", 1, "Message 1\nmore"]]);
});

test("older messages are asked for near the top, once while they load", () => {
  const { calls, update } = showMessages(view({ hasOlder: true }));
  fireEvent.scroll(screen.getByRole("log"));
  expect(calls).toEqual([["loadOlder"]]);
  update(view({ hasOlder: true, isLoadingOlder: true }));
  fireEvent.scroll(screen.getByRole("log"));
  expect(calls).toHaveLength(1);
});

test("older messages that could not be loaded are asked for again only by the button", async () => {
  const { calls } = showMessages(view({ hasOlder: true, problem: failure("unreachable", "") }));
  fireEvent.scroll(screen.getByRole("log"));
  expect(calls).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Load older messages" }));
  expect(calls.map(([name]) => name)).toEqual(["loadOlder"]);
});

test("an empty conversation shows its words only once it is known to be empty", () => {
  const { container, update } = showMessages(view({ messages: [], phase: "loading" }));
  expect(container.textContent).not.toContain("Nothing yet");
  update(view({ messages: [] }));
  expect(container.textContent).toContain("Nothing yet");
});

test("[SAFE-2] a message that can't be shown as it should shows its words, and breaks no other", () => {
  const broken = {
    ...message(2, { content: "The words of a reply" }),
    get stop_reason(): string {
      throw new Error("broken");
    },
  };
  showMessages(view({ messages: [message(1, { content: "First" }), broken, message(3, { content: "Third" })] }));
  for (const words of ["First", "The words of a reply", "Third"]) expect(screen.getByText(words)).toBeTruthy();
});

test("[MODEL-5] what a model thought is folded beside its reply, while it grows and after, and never formatted", () => {
  const thoughts = "I <b>should</b> greet *back*";
  const messages = [message(2, { content: "Hello", thoughts })];
  const { container, update } = showMessages(view({ messages, reply: { ...REPLY, text: "", thoughts: "Hm" } }));
  const [kept, growing] = container.querySelectorAll<HTMLDetailsElement>("details.thoughts");
  expect([kept?.open, kept?.textContent]).toEqual([false, `Thoughts${thoughts}`]);
  expect(growing?.textContent).toBe("Thinking…Hm");
  expect(container.querySelector(".message-content")?.textContent).toBe("Hello");
  update(view({ messages: [message(2, { content: "Hello" })] }));
  expect(container.querySelector("details.thoughts")).toBeNull();
});

test.each([
  [{ stop_reason: "length" }, /cut at its length limit/],
  [{ stop_reason: "content_filter" }, /A content filter of the model cut this reply/],
  [{ stop_reason: "tool_calls" }, /wanted to use a tool/],
  [
    { status: "failed", error: { code: "model_failed", detail: "Upstream idle timeout; try again." } },
    /Upstream idle timeout/,
  ],
] as const)(
  "[MODEL-2] a reply that was cut (%o) says so once, and offers to go on or to try again",
  (change, words) => {
    const { container, update } = showMessages(view({ messages: [message(1), message(2, change)] }));
    expect(container.querySelector(".message-ending")?.textContent).toMatch(words);
    expect(container.querySelector(".message.assistant .message-content")?.textContent).toBe("Message 2");
    expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(1);
    expect(screen.getAllByRole("button", { name: "Continue" })).toHaveLength(1);
    update(view({ messages: [message(1), message(2, { stop_reason: "stop" })] }));
    expect(container.querySelector(".message-ending")).toBeNull();
  },
);

test("what a search found is marked, and away from the end nothing stands after it but the way there", async () => {
  const send = pending({ state: "waiting" });
  const messages = [message(5), message(6), message(7)];
  const away = { messages, hasLater: true, found: { seq: 6 }, reply: REPLY, pending: [send] };
  const { container, calls, update } = showMessages(view(away));
  const seqs = () => [...container.querySelectorAll(".found")].map((element) => element.getAttribute("data-seq"));
  expect(seqs()).toEqual(["6"]);
  expect(container.querySelectorAll(".message")).toHaveLength(3);
  expect(container.textContent).not.toContain("No reply came");
  await userEvent.click(screen.getByRole("button", { name: "Jump to latest" }));
  expect(calls).toContainEqual(["showLatest"]);

  update(view({ ...away, laterProblem: failure("unreachable", "") }));
  calls.length = 0;
  fireEvent.scroll(screen.getByRole("log"));
  expect(calls).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Load newer messages" }));
  expect(calls).toEqual([["loadLater", expect.anything()]]);
  update(view({ ...away, isLoadingLater: true }));
  expect(container.textContent).toContain("Loading newer messages…");

  update(view({ messages, found: { seq: 6 }, reply: REPLY, pending: [send] }));
  expect(seqs()).toEqual(["6"]);
  expect(container.querySelectorAll(".message.streaming")).toHaveLength(1);
  expect(container.textContent).toContain("On its way");
  update(view({ messages }));
  expect(seqs()).toEqual([]);
});

test("near the end of what stands around a message that was found, what follows is asked for", () => {
  const { calls, update } = showMessages(view({ hasLater: true, found: { seq: 1 } }));
  fireEvent.scroll(screen.getByRole("log"));
  expect(calls).toEqual([["loadLater"]]);
  update(view({ hasLater: true, found: { seq: 1 }, isLoadingLater: true }));
  fireEvent.scroll(screen.getByRole("log"));
  update(view());
  fireEvent.scroll(screen.getByRole("log"));
  expect(calls).toEqual([["loadLater"]]);
});

test("more is unread than is loaded: a button leads to where it begins", async () => {
  const { calls, update } = showMessages(view({ earlierNewSeq: 7, firstNewSeq: 51, hasOlder: true }));
  await userEvent.click(await screen.findByRole("button", { name: "Jump to first unread" }));
  expect(calls).toEqual([["showUnread", 7]]);
  update(view({ firstNewSeq: 7 }));
  expect(screen.queryByRole("button", { name: "Jump to first unread" })).toBeNull();
  expect(document.activeElement?.id).toBe("messages");
});

/** An earlier version of message 2 of six. */
const LIVE = view({ messages: [1, 2, 3, 4, 5, 6].map((seq) => message(seq)) });
const EARLIER = view({ messages: [message(1), message(2, { id: message(7).id, content: "Once here" })] });

function versionsOf(shown: { readonly seq: number } | null, left: string[] = []): Versions {
  return {
    shown: shown && { ...shown, number: 1, count: 2 },
    step: () => undefined,
    leave: () => void left.push("left"),
  };
}

/** Lays the log out in a window of 500 pixels. */
function measure(scrollTop: number, scrollHeight: number): void {
  for (const [name, value] of Object.entries({ scrollTop, scrollHeight, clientHeight: 500 })) {
    Object.defineProperty(screen.getByRole("log"), name, { configurable: true, writable: true, value });
  }
}

function scroll(top: number, height: number): void {
  measure(top, height);
  fireEvent.scroll(screen.getByRole("log"));
}

const jump = () => screen.queryByRole("button", { name: /^Jump to latest/ })?.getAttribute("aria-label");

test("[MSG-5] whoever looks at an earlier version with its end in view is not at the end of the conversation", () => {
  const { update } = showMessages(LIVE);
  scroll(1500, 2000);
  expect(jump()).toBeUndefined();
  scroll(800, 2000);
  expect(jump()).toBe("Jump to latest");
  update(EARLIER, versionsOf({ seq: 2 }));
  for (const top of [100, 90, 100]) scroll(top, 600);
  expect(jump()).toBe("Jump to latest");
  measure(100, 2000);
  update(LIVE, versionsOf(null));
  expect(jump()).toBe("Jump to latest");
  scroll(1500, 2000);
  expect(jump()).toBeUndefined();
});

test("[MSG-5] from an earlier version the way to the latest leads to what stands", () => {
  const left: string[] = [];
  const { update, calls } = showMessages(LIVE);
  for (const top of [1500, 800]) scroll(top, 2000);
  update(EARLIER, versionsOf({ seq: 2 }, left));
  fireEvent.click(screen.getByRole("button", { name: "Jump to latest" }));
  expect([left, calls]).toEqual([["left"], [["showLatest"]]]);
});

test("[MSG-5] an earlier version that ends in a question offers no reply to it: what stands goes on otherwise", () => {
  const { update } = showMessages(LIVE);
  const replaced = view({ messages: [message(1), message(2), message(3)] });
  update(replaced, versionsOf({ seq: 3 }));
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  update(replaced, versionsOf(null));
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

test("[MSG-5] an earlier version with older numbers than what stands before it shows last, with the way through the versions", async () => {
  const before = [1, 2, 5, 6].map((seq) => message(seq));
  const { container, update } = showMessages(view({ messages: before }));
  update(view({ messages: [...before, message(9), message(10, { version_count: 1 })] }), versionsOf(null));
  update(view({ messages: [...before, message(9), message(4)] }), versionsOf({ seq: 4 }));
  const seqs = [...container.querySelectorAll(".message")].map((each) => each.getAttribute("data-seq"));
  expect(seqs).toEqual(["1", "2", "5", "6", "9", "4"]);
  expect(await screen.findByText("1 / 2")).toBeTruthy();
});
