/** Trees of ChatGPT exports as they really come, odd ones first; all made for these tests. */
import { isUuid } from "@instep/protocol";
import { createHash, type Hash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { lineOf, messageOf, uuidOf } from "../../test/chatgpt-fixture.ts";
import { readChatGptConversation } from "./chatgpt-conversation.ts";
import { nameBasedUuid } from "./stable-id.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

function read(value: unknown) {
  const reading = readChatGptConversation(value, NOW);
  if (reading.kind === "nothing") throw new Error(`Nothing was read: ${reading.why}`);
  return { ...reading.conversation, leftOut: reading.leftOut };
}

function lines(value: unknown): string[] {
  return read(value).messages.map(({ role, content }) => `${role}: ${content}`);
}

const user = (text: string, more: object = {}) => part("user", text, more);
const assistant = (text: string, more: object = {}) => part("assistant", text, more);
function part(role: string, text: string, more: object): object {
  return { author: { role }, content: { content_type: "text", parts: [text] }, ...more };
}

describe("an ordinary conversation", () => {
  const value = lineOf("plain", [
    { author: { role: "system" }, content: { content_type: "text", parts: [""] } },
    user("What is a clock?", { create_time: 1_700_000_001.5 }),
    assistant("It moves forward.", { create_time: 1_700_000_002.123456, metadata: { model_slug: "gpt-4o" } }),
  ]);

  test("keeps ids, title, roles, words, times and the model of a reply", () => {
    const conversation = read(value);
    expect(conversation).toMatchObject({
      id: uuidOf("plain"),
      title: "Conversation plain",
      model: null,
      pinned: false,
      archived: false,
      createdAt: 1_700_000_000_250_000,
      updatedAt: 1_700_000_900_750_000,
      leftOut: ["empty"],
    });
    expect(conversation.messages).toEqual([
      {
        id: uuidOf("plain/1"),
        role: "user",
        content: "What is a clock?",
        createdAt: 1_700_000_001_500_000,
        status: "complete",
      },
      {
        id: uuidOf("plain/2"),
        role: "assistant",
        content: "It moves forward.",
        createdAt: 1_700_000_002_123_456,
        status: "complete",
        model: "gpt-4o",
      },
    ]);
  });

  test("[ID-1] comes out the same every time", () => {
    expect(read(structuredClone(value))).toEqual(read(value));
  });

  test("archived and starred ones are archived and pinned", () => {
    expect(read({ ...value, is_archived: true, is_starred: true })).toMatchObject({ archived: true, pinned: true });
  });
});

type Node = [id: string, parent: string | null, text: string | null, time?: number | null];

describe("the tree", () => {
  const node = (...[id, parent, text, time = 1]: Node) => ({
    id,
    parent,
    children: [],
    message: text === null ? null : { ...messageOf(id, "user"), ...user(text), create_time: time },
  });
  const tree = (nodes: readonly { readonly id: string }[], more: object = {}) => ({
    title: "T",
    create_time: 1_700_000_000,
    update_time: 1_700_000_000,
    mapping: Object.fromEntries(nodes.map((each) => [each.id, each])),
    id: uuidOf("tree"),
    ...more,
  });
  const texts = (value: unknown) => read(value).messages.map((message) => message.content);

  test("is read along the branch of current_node; other branches stay out", () => {
    const nodes = [node("r", null, null), node("a", "r", "A"), node("b1", "a", "B1", 9), node("b2", "a", "B2", 2)];
    expect(texts(tree(nodes, { current_node: "b2" }))).toEqual(["A", "B2"]);
    expect(texts(tree(nodes, { current_node: "b1" }))).toEqual(["A", "B1"]);
  });

  test.each([[null], ["gone"], [undefined], [7]])("with current_node %o is read to its latest leaf", (current) => {
    const nodes = [
      node("a", null, "A"),
      node("old", "a", "old", 2),
      node("new", "a", "new", 9),
      node("x", "a", "x", null),
    ];
    expect(texts(tree(nodes, { current_node: current }))).toEqual(["A", "new"]);
  });

  test("a parent that is not there is where the branch begins", () => {
    expect(texts(tree([node("b", "lost", "B"), node("c", "b", "C")], { current_node: "c" }))).toEqual(["B", "C"]);
  });

  test.each(["b", undefined])("a circle ends where it would repeat itself (current_node %o)", (current) => {
    expect(texts(tree([node("a", "b", "A"), node("b", "a", "B")], { current_node: current }))).toEqual(["A", "B"]);
  });

  test("a node that is its own parent is read once", () => {
    expect(texts(tree([node("a", "a", "A")], { current_node: "a" }))).toEqual(["A"]);
  });

  test("ten thousand messages deep is read without recursion", () => {
    const deep = Array.from({ length: 10_000 }, (_unused, index) => node(`${index}`, `${index - 1}`, `m${index}`));
    expect(texts(tree(deep, { current_node: "9999" }))).toHaveLength(10_000);
  });

  test("keys that every object has are no nodes", () => {
    expect(texts(tree([node("a", "constructor", "A")], { current_node: "toString" }))).toEqual(["A"]);
  });

  test("[ID-1] message ids that are no UUIDs, or stand twice, become UUIDs that stay the same", () => {
    const twice = uuidOf("twice");
    const nodes = ["root-1", "n2", "n3", "n4"].map((id, index, all) => {
      const made = node(id, all[index - 1] ?? null, `m${index}`);
      return index < 2 ? made : { ...made, message: { ...made.message, id: twice } };
    });
    const value = tree(nodes, { current_node: "n4" });
    const ids = read(value).messages.map((message) => message.id);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every(isUuid)).toBe(true);
    expect(ids).toContain(twice);
    expect(read(value).messages.map((message) => message.id)).toEqual(ids);
  });

  test("[ID-1] [SAFE-2] copies of one id are numbered in their order, and each name is made once", () => {
    const nodes = Array.from({ length: 500 }, (_unused, n) => {
      const made = node(`n${n}`, n === 0 ? null : `n${n - 1}`, `m${n}`);
      return { ...made, message: { ...made.message, id: n % 2 === 0 ? "even" : "odd" } };
    });
    const value = tree(nodes, { current_node: "n499" });
    const names = (copy: number) => ["even", "odd"].map((original) => (copy === 1 ? original : `${original}:${copy}`));
    const expected = Array.from({ length: 250 }, (_unused, n) => names(n + 1))
      .flat()
      .map((name) => nameBasedUuid(`chatgpt-message:${uuidOf("tree")}:${name}`));
    const hashed = vi.spyOn(Object.getPrototypeOf(createHash("sha1")) as Hash, "digest");
    const ids = read(value).messages.map((message) => message.id);
    const times = hashed.mock.calls.length;
    hashed.mockRestore();
    expect(ids).toEqual(expected);
    expect(times).toBeLessThanOrEqual(2 * nodes.length);
  });
});

describe("what belongs to no person", () => {
  test("hidden messages, custom instructions, memory and empty system messages are left out", () => {
    const value = lineOf("hidden", [
      { author: { role: "system" }, content: { content_type: "text", parts: [""] } },
      { author: { role: "user" }, content: { content_type: "user_editable_context", user_profile: "secret" } },
      { author: { role: "system" }, content: { content_type: "model_editable_context", model_set_context: "x" } },
      user("Hidden", { metadata: { is_visually_hidden_from_conversation: true } }),
      user("Hello"),
    ]);
    expect(lines(value)).toEqual(["user: Hello"]);
    expect(read(value).leftOut).toEqual(["empty", "hidden", "hidden", "hidden"]);
  });

  test("a system message with words that is not hidden stays", () => {
    expect(lines(lineOf("system", [part("system", "Be brief.", {}), user("Hi")]))).toEqual([
      "system: Be brief.",
      "user: Hi",
    ]);
  });

  test("thoughts, searches and what tools read are left out, and the words around them are one reply", () => {
    const value = lineOf("tools", [
      user("Look it up"),
      assistant("Let me look."),
      { author: { role: "assistant" }, recipient: "web", content: { content_type: "code", text: 'search("clock")' } },
      { author: { role: "tool", name: "web" }, content: { content_type: "tether_quote", text: "a page", title: "t" } },
      { author: { role: "assistant" }, content: { content_type: "thoughts", thoughts: [{ content: "hm" }] } },
      { author: { role: "assistant" }, content: { content_type: "reasoning_recap", content: "Thought for 3 s" } },
      assistant("Found \uE200cite\uE202turn0search0\uE201it【3†source】."),
      user("Thanks"),
    ]);
    expect(lines(value)).toEqual(["user: Look it up", "assistant: Let me look.\n\nFound it.", "user: Thanks"]);
    expect(read(value).leftOut).toEqual(["tool", "tool", "thinking", "thinking", "citation", "citation"]);
  });

  test("code that ran and what it printed are code blocks of the reply", () => {
    const value = lineOf("python", [
      user("Compute"),
      {
        author: { role: "assistant" },
        recipient: "python",
        content: { content_type: "code", language: "unknown", text: "print(6*7)\n" },
      },
      { author: { role: "tool", name: "python" }, content: { content_type: "execution_output", text: "42" } },
      assistant("It is 42."),
    ]);
    expect(lines(value)).toEqual([
      "user: Compute",
      "assistant: ```python\nprint(6*7)\n```\n\n```text\n42\n```\n\nIt is 42.",
    ]);
    expect(read(value).messages[1]?.id).toBe(uuidOf("python/1"));
  });

  test("a code block that holds fences gets a longer fence, and long output is cut", () => {
    const tool = (text: string) => ({ author: { role: "tool" }, content: { content_type: "execution_output", text } });
    const value = lineOf("fences", [user("Go"), assistant("Well:"), tool("```\nx\n```"), tool("y".repeat(20_000))]);
    const reply = read(value).messages[1]?.content ?? "";
    expect(reply).toContain("````text\n```\nx\n```\n````");
    expect(reply.length).toBeLessThan(10_200);
    expect(reply).toMatch(/y\n…\n```$/);
  });

  test("two replies in a row that nothing stood between stay two", () => {
    expect(lines(lineOf("two", [user("Hi"), assistant("One"), assistant("Two")]))).toHaveLength(3);
  });

  test.each([[{}], [{ role: "critic" }], [null], ["user"]])("an author %o is left out", (author) => {
    expect(read(lineOf("author", [user("Hi"), { author }])).leftOut).toEqual(["other"]);
  });
});

describe("content", () => {
  const content = (body: object, more: object = {}) =>
    lineOf("c", [{ author: { role: "user" }, content: body, ...more }]);

  test.each<[string, object, string]>([
    ["several parts", { content_type: "text", parts: ["a", "", "b"] }, "a\n\nb"],
    ["no type", { parts: ["a"] }, "a"],
    [
      "a picture with words",
      {
        content_type: "multimodal_text",
        parts: [{ content_type: "image_asset_pointer", asset_pointer: "f" }, "What is it?"],
      },
      "[image]\n\nWhat is it?",
    ],
    [
      "speech and its transcription",
      {
        content_type: "multimodal_text",
        parts: [{ content_type: "audio_transcription", text: "Hello" }, { content_type: "audio_asset_pointer" }],
      },
      "Hello",
    ],
    [
      "an unknown part",
      { content_type: "multimodal_text", parts: [{ content_type: "hologram" }, null, 7] },
      "[attachment]",
    ],
    ["an unknown type with text", { content_type: "poem", text: "roses" }, "roses"],
    ["a lone surrogate and NUL", { content_type: "text", parts: ["a\uD800b\u0000c🙂"] }, "a\uFFFDbc🙂"],
  ])("with %s", (_name, body, expected) => {
    expect(read(content(body)).messages[0]?.content).toBe(expected);
  });

  test("names the files that came with it, but not its pictures twice", () => {
    const attachments = [
      { name: "report.pdf", mime_type: "application/pdf" },
      { name: "cat.png", mime_type: "image/png" },
    ];
    expect(lines(content({ content_type: "text", parts: ["See"] }, { metadata: { attachments } }))).toEqual([
      "user: See\n\n[file: report.pdf]",
    ]);
  });

  test("pictures that a tool made stand in the reply", () => {
    const picture = { content_type: "multimodal_text", parts: [{ content_type: "image_asset_pointer" }] };
    const value = lineOf("dalle", [user("Draw"), { author: { role: "tool" }, content: picture }, assistant("Here.")]);
    expect(lines(value)).toEqual(["user: Draw", "assistant: [image]\n\nHere."]);
  });

  test("a reply that was stopped, or never finished, says so", () => {
    const stopped = { metadata: { finish_details: { type: "interrupted" } } };
    const value = lineOf("stopped", [
      user("a"),
      assistant("b", stopped),
      user("c"),
      assistant("d", { status: "in_progress" }),
    ]);
    expect(read(value).messages.map((message) => message.status)).toEqual([
      "complete",
      "stopped",
      "complete",
      "interrupted",
    ]);
  });

  test("[MODEL-2] a reply that was cut at its length limit says so", () => {
    const cut = { metadata: { finish_details: { type: "max_tokens" } } };
    const value = lineOf("cut", [user("a"), assistant("b", cut), user("c"), assistant("d")]);
    const endings = read(value).messages.map(({ status, stopReason }) => [status, stopReason]);
    const whole = ["complete", undefined];
    expect(endings).toEqual([whole, ["complete", "length"], whole, whole]);
  });
});

describe("what is missing or odd", () => {
  test.each([[null], [""], ["  \u0000 "], [undefined], [5]])("title %o becomes the first words", (title) => {
    const words = "How do clocks keep in step when nobody looks at them at all?";
    expect(read(lineOf("t", [user(words)], { title })).title).toBe("How do clocks keep in step when nobody looks at");
  });

  test("a title is one line of at most 500 characters", () => {
    expect(read(lineOf("t", [user("x")], { title: "a\n\tb" })).title).toBe("a b");
    expect(read(lineOf("t", [user("x")], { title: "🙂".repeat(400) })).title.length).toBeLessThanOrEqual(500);
  });

  test("times that are missing come from what stands before, and times in the future are now", () => {
    const none = { create_time: null };
    const value = lineOf("times", [user("a", none), assistant("b", { create_time: 1_700_000_005 }), user("c", none)], {
      create_time: null,
      update_time: 4_000_000_000,
    });
    const conversation = read(value);
    expect(conversation.messages.map((message) => message.createdAt / 1_000_000)).toEqual([
      1_700_000_005, 1_700_000_005, 1_700_000_005,
    ]);
    expect(conversation.updatedAt).toBe(NOW * 1000);
  });

  test("times that are numbers written as text are read, and tell which branch is the newest", () => {
    const times = { create_time: "1716900000.5", update_time: "1716900099" };
    const conversation = read(lineOf("text", [user("a", { create_time: "1716900001.25" })], times));
    expect(conversation.messages.map((message) => message.createdAt)).toEqual([1_716_900_001_250_000]);
    expect(conversation).toMatchObject({ createdAt: 1_716_900_000_500_000, updatedAt: 1_716_900_099_000_000 });
    const node = (id: string, parent: string | null, time: string) => ({
      id,
      parent,
      message: { ...messageOf(id, "user"), ...user(id), create_time: time },
    });
    const mapping = {
      root: node("root", null, "1716900000"),
      newer: node("newer", "root", "1716900009"),
      older: node("older", "root", "1716900002"),
    };
    const branched = read({ ...lineOf("branches", [user("x")]), current_node: null, mapping });
    expect(branched.messages.map((message) => message.content)).toEqual(["root", "newer"]);
  });

  test("without any time at all it is from now", () => {
    const value = lineOf("never", [user("a", { create_time: null })], { create_time: null, update_time: null });
    expect(read(value)).toMatchObject({ createdAt: NOW * 1000, updatedAt: NOW * 1000 });
  });

  test("[ID-1] without an id it gets one that stays the same and tells it from others", () => {
    const bare = (name: string) => lineOf(name, [user("a")], { id: undefined, conversation_id: undefined });
    expect(isUuid(read(bare("x")).id)).toBe(true);
    expect(read(bare("x")).id).toBe(read(bare("x")).id);
    expect(read(bare("x")).id).not.toBe(read(bare("y")).id);
  });

  test("a conversation of which nothing is left is no conversation", () => {
    const empty = lineOf("empty", [user("   ")]);
    expect(readChatGptConversation(empty, NOW)).toEqual({ kind: "nothing", why: "no-messages", leftOut: ["empty"] });
  });

  test.each([[null], [7], ["text"], [[]], [{}], [{ mapping: [] }], [{ mapping: null }]])(
    "%o is not a conversation",
    (value) => {
      expect(readChatGptConversation(value, NOW)).toMatchObject({ kind: "nothing", why: "not-a-conversation" });
    },
  );

  test.each([
    [{ mapping: {} }],
    [{ mapping: { a: null } }],
    [{ mapping: { a: { message: {}, parent: 3 } }, current_node: "a" }],
  ])("%o has no messages, and is no error", (value) => {
    expect(readChatGptConversation(value, NOW)).toMatchObject({ kind: "nothing", why: "no-messages" });
  });
});

test("[SAFE-7] a conversation of 150,000 messages and no time of its own is read", () => {
  const many = Array.from({ length: 150_000 }, (_, number) => user(`Word ${number}`));
  const { update_time: _none, ...value } = lineOf("long", many) as Record<string, unknown>;
  expect(read(value).messages).toHaveLength(150_000);
});
