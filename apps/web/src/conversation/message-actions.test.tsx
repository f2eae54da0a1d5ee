/** What each message says of itself, and what can be done with it and when. */
import { act, fireEvent, screen, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { message, view } from "../../test/messages.ts";
import { pending, REPLY, showMessages, type Versions } from "../../test/shown-messages.tsx";

const buttons = (name: string) => screen.queryAllByRole<HTMLButtonElement>("button", { name });
const areDisabled = (name: string) => buttons(name).map(({ disabled }) => disabled);

test("a system message that came with an import is shown as nobody's", () => {
  const { container } = showMessages(view({ messages: [message(1, { role: "system" }), message(2), message(3)] }));
  const labels = [...container.querySelectorAll("article")].map((each) => each.getAttribute("aria-label"));
  expect(labels).toEqual(["Reply", "Your message"]);
  expect(container.textContent).not.toContain("Message 1");
});

test("Copy message copies that message, as it was written", async () => {
  const texts = ["one's *own*", "a **reply**\n\n- and more"];
  const { environment } = showMessages(
    view({ messages: texts.map((content, index) => message(index + 1, { content })) }),
  );
  for (const button of buttons("Copy message")) await act(() => void fireEvent.click(button));
  expect(environment.copied).toEqual(texts);
});

test("[TURN-3] while a reply is being written no other is asked for, gone on with or looked at in another version", async () => {
  const messages = [message(1), message(2, { status: "stopped", version_count: 1 })];
  const versions: Versions = { shown: null, step: () => undefined, leave: () => undefined };
  const { update } = showMessages(view());
  update(view({ messages }), versions);
  const deeds = ["Edit message", "Ask again", "Continue", "Try again"];
  expect(deeds.map(areDisabled)).toEqual(deeds.map(() => [false]));
  expect(await screen.findByRole("button", { name: "Previous version" })).toBeTruthy();
  update(view({ messages, reply: REPLY }), versions);
  expect(deeds.map(areDisabled)).toEqual(deeds.map(() => [true]));
  expect(screen.queryByRole("group", { name: "Versions" })).toBeNull();
});

test.each([
  [1, "The model's window is too small for all of this: it did not see the oldest message."],
  [3, "The model's window is too small for all of this: it did not see the oldest 3 messages."],
])(
  "[MODEL-2] a reply to which the oldest %i did not fit says so, and is not offered again as if it had failed",
  (count, words) => {
    const { container } = showMessages(
      view({ messages: [message(1), message(2, { stop_reason: `context_trimmed:${count}` })] }),
    );
    expect(container.querySelector(".message-ending")?.textContent).toBe(words);
    expect([...buttons("Try again"), ...buttons("Continue")]).toEqual([]);
  },
);

test("[TURN-9] a reply that stopped is not gone on with where later messages follow that are not loaded", () => {
  const { update } = showMessages(view({ messages: [message(1), message(2, { status: "stopped" })], hasLater: true }));
  expect([buttons("Continue").length, buttons("Try again").length]).toEqual([0, 1]);
  update(view({ messages: [message(1), message(2, { status: "stopped" })] }));
  expect(buttons("Continue")).toHaveLength(1);
});

test.each([true, false])(
  "a message without a reply says that none came only where nobody writes one (%s)",
  (isGenerating) => {
    const { container } = showMessages(view({ messages: [message(1)] }), { isGenerating });
    expect(container.textContent.includes("No reply came to this message.")).toBe(!isGenerating);
  },
);

test("[DEV-9] what came elsewhere is told to a screen reader where it stands", () => {
  showMessages(view({ newMessages: 2 }));
  expect(within(screen.getByRole("status")).getByText("2 new messages")).toBeTruthy();
});

test("the messages are busy until they are loaded", () => {
  const { update } = showMessages(view({ messages: [], phase: "loading" }));
  const log = screen.getByRole("log");
  expect(log.getAttribute("aria-busy")).toBe("true");
  update(view());
  expect(log.getAttribute("aria-busy")).toBe("false");
});

test("[DEV-12] what the server does not have yet is named by what it waits for", () => {
  const sends = [
    pending({ state: "queued", clientMessageId: "1" }),
    pending({ state: "waiting", clientMessageId: "2" }),
    pending({ state: "waiting", clientMessageId: "3", text: "" }),
  ];
  const { container } = showMessages(view({ pending: sends }));
  const labels = [...container.querySelectorAll(".pending")].map((each) => each.getAttribute("aria-label"));
  expect(labels).toEqual(["Your message, queued", "Your message, not sent yet", "Ask again"]);
});

test.each([
  ["connecting", "Connecting"],
  ["streaming", "Thinking"],
  ["stopping", "Stopping"],
] as const)("a reply without a word yet that is %s says so", (phase, words) => {
  const { update } = showMessages(view({ reply: { ...REPLY, text: "", phase } }));
  expect(screen.getByRole("img", { name: words }).className).toBe("writing");
  update(view({ reply: { ...REPLY, phase } }));
  expect(screen.queryByRole("img", { name: words }) === null).toBe(phase === "streaming");
});

test("the message that a search leads to is brought into view each time that it leads there, and not in between", () => {
  const scrolled: (string | null)[] = [];
  Element.prototype.scrollIntoView = function scrollIntoView(this: Element) {
    scrolled.push(this.getAttribute("data-seq"));
  };
  const messages = [message(1), message(2)];
  const found = { seq: 2 };
  const { update } = showMessages(view({ messages, found }));
  update(view({ messages: [...messages, message(3)], found }));
  expect(scrolled).toEqual(["2"]);
  update(view({ messages, found: { seq: 2 } }));
  expect(scrolled).toEqual(["2", "2"]);
});
