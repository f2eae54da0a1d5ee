/** What a chat of an Open WebUI export becomes: each property that a person or a model left in it. */
import { expect, test } from "vitest";
import { isOpenWebUiConversation, readOpenWebUiConversation } from "./open-webui-conversation.ts";

const NOW = Date.UTC(2026, 0, 2);
const MICROS = 1_767_225_600_000_000;

function chatOf(messages: readonly object[], more: object = {}): Record<string, unknown> {
  return { id: "chat", title: "Tea", chat: { messages }, created_at: MICROS / 1e6, ...more };
}

function read(value: Record<string, unknown>) {
  const reading = readOpenWebUiConversation(value, NOW);
  if (reading.kind !== "conversation") throw new Error(reading.kind);
  return reading;
}

const reply = (more: object) => read(chatOf([{ id: "1", role: "assistant", content: "Green", ...more }]));

test.each([
  [{}, "complete"],
  [{ done: true }, "complete"],
  [{ error: null }, "complete"],
  [{ error: false, done: true }, "complete"],
  [{ error: { content: "No" } }, "failed"],
  [{ error: true, done: false }, "failed"],
  [{ done: false }, "interrupted"],
])("a reply with %j is %s", (more, status) => {
  expect(reply(more).conversation.messages[0]).toMatchObject({ status, content: "Green" });
});

test("a reply has its model's name, and a person's message ends by itself whatever is said of it", () => {
  expect(reply({ model: "llama3.2" }).conversation.messages[0]?.model).toBe("llama3.2");
  const asked = read(chatOf([{ id: "1", role: "user", content: "Which?", error: true, model: "llama3.2" }]));
  expect(asked.conversation.messages[0]).toMatchObject({ role: "user", status: "complete" });
  expect(asked.conversation.messages[0]).not.toHaveProperty("model");
});

test.each([
  ["seconds", MICROS / 1e6],
  ["milliseconds", MICROS / 1e3],
  ["nanoseconds", MICROS * 1e3],
])("a time is read from %s", (_unit, timestamp) => {
  expect(reply({ timestamp }).conversation.messages[0]?.createdAt).toBe(MICROS);
});

test("pins, archive and what was attached stay; what belongs to nobody is counted", () => {
  const { conversation, leftOut } = read(
    chatOf(
      [
        { id: "1", role: "user", content: "Look", files: [{ type: "image" }, { name: "tea.txt" }, { file: {} }] },
        { id: "2", role: "tool", content: "{}" },
        { id: "3", role: "assistant", content: "  " },
        { id: "4", role: "assistant", content: [{ type: "text", text: "Fine" }, { type: "image_url" }] },
      ],
      { pinned: true, archived: true },
    ),
  );
  expect(conversation).toMatchObject({ title: "Tea", pinned: true, archived: true });
  expect(conversation.messages.map(({ content }) => content)).toEqual([
    "Look\n\n[image]\n\n[file: tea.txt]",
    "Fine\n\n[image]",
  ]);
  expect(leftOut).toEqual(["other", "empty"]);
  expect(read(chatOf([{ role: "user", content: "a" }], { pinned: "yes" })).conversation.pinned).toBe(false);
});

test("what is folded inside a text is left out and counted; a fold without an end is text", () => {
  const folded = '<details type="reasoning">Hm\n</details>\nGreen\n<details type="tool_calls">x</details> tea';
  const { conversation, leftOut } = reply({ content: folded });
  expect(conversation.messages[0]?.content).toBe("Green\n tea");
  expect(leftOut).toEqual(["thinking", "tool"]);
  const open = 'Green <details type="reasoning">Hm';
  expect(reply({ content: open }).conversation.messages[0]?.content).toBe(open);
});

test("a chat without messages is nothing, and another program's is none of these", () => {
  expect(readOpenWebUiConversation(chatOf([]), NOW)).toMatchObject({ kind: "nothing", why: "no-messages" });
  expect(isOpenWebUiConversation(chatOf([]))).toBe(true);
  expect(isOpenWebUiConversation({ chat: { history: {} } })).toBe(true);
  expect(isOpenWebUiConversation({ mapping: {} })).toBe(false);
  expect(isOpenWebUiConversation({ chat: {} })).toBe(false);
});
