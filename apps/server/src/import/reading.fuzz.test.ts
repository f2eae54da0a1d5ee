/** Whatever stands in a file, reading it ends in conversations that the engine can take, or in nothing. */
import { isUuid } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readChatGptConversation } from "./chatgpt-conversation.ts";
import type { ReadConversation } from "./conversation-reading.ts";
import { readInstepConversation } from "./instep-format.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(null, "", -1, 1e300, "\uD800\u0000", [], {}));
const id = fc.constantFrom("a", "b", "c", "__proto__", "3f2504e0-4f89-41d3-9a0c-0305e82c3301");

const part = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.record({ content_type: fc.constantFrom("image_asset_pointer", "audio_transcription", "?"), text: anything }),
  anything,
);
const message = fc.record(
  {
    id: fc.oneof(id, anything),
    author: fc.oneof(fc.record({ role: fc.constantFrom("user", "assistant", "system", "tool", "critic") }), anything),
    create_time: fc.oneof(fc.double(), anything),
    content: fc.oneof(
      fc.record({
        content_type: fc.constantFrom("text", "multimodal_text", "code", "execution_output", "thoughts", "?"),
        parts: fc.oneof(fc.array(part), anything),
        text: fc.oneof(fc.string(), anything),
        language: fc.oneof(fc.constant("unknown"), anything),
      }),
      anything,
    ),
    recipient: fc.oneof(fc.constantFrom("all", "python", "web"), anything),
    metadata: fc.oneof(fc.record({ attachments: anything, finish_details: anything, model_slug: anything }), anything),
  },
  { requiredKeys: [] },
);
const node = fc.record({ parent: fc.oneof(id, anything), message: fc.oneof(message, anything) });
const chatGpt = fc.record(
  {
    mapping: fc.oneof(fc.dictionary(id, fc.oneof(node, anything)), anything),
    current_node: fc.oneof(id, anything),
    conversation_id: fc.oneof(id, anything),
    title: fc.oneof(fc.string({ unit: "binary" }), anything),
    create_time: fc.oneof(fc.double(), anything),
    update_time: fc.oneof(fc.double(), anything),
  },
  { requiredKeys: ["mapping"] },
);
const instep = fc.record(
  {
    id: fc.oneof(id, anything),
    title: anything,
    model: anything,
    created_at: fc.oneof(fc.constant("2026-01-01T00:00:00Z"), anything),
    messages: fc.oneof(fc.array(fc.oneof(message, anything)), anything),
  },
  { requiredKeys: [] },
);

test.each<[string, ReadConversation, fc.Arbitrary<unknown>]>([
  ["ChatGPT", readChatGptConversation, fc.oneof(chatGpt, anything)],
  ["Instep", readInstepConversation, fc.oneof(instep, anything)],
])("a %s conversation of anything is read without an error, the same each time", (_name, read, value) => {
  fc.assert(
    fc.property(value, (conversation) => {
      const reading = read(conversation, NOW);
      expect(read(structuredClone(conversation), NOW)).toEqual(reading);
      if (reading.kind === "nothing") return;
      const { messages, title, createdAt, updatedAt, ...rest } = reading.conversation;
      const ids = messages.map((each) => each.id);
      expect(isUuid(rest.id) && ids.every(isUuid)).toBe(true);
      expect(title.isWellFormed() && !title.includes("\u0000")).toBe(true);
      expect(messages.every(({ content }) => content.isWellFormed() && !content.includes("\u0000"))).toBe(true);
      expect([createdAt, updatedAt, ...messages.map((each) => each.createdAt)].every(Number.isSafeInteger)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("message ids of a ChatGPT conversation are different, whatever stands in the file", () => {
  fc.assert(
    fc.property(chatGpt, (conversation) => {
      const reading = readChatGptConversation(conversation, NOW);
      const ids = reading.kind === "nothing" ? [] : reading.conversation.messages.map((each) => each.id);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 1000 },
  );
});
