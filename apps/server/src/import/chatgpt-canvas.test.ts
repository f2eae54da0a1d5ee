/** What a canvas becomes in the reply. */
import { expect, test } from "vitest";
import { canvasText } from "./chatgpt-canvas.ts";

const call = (name: string, value: unknown) => canvasText(`canmore.${name}`, JSON.stringify(value));

test.each([
  [
    "a document stands with its name",
    call("create_textdoc", { name: "tea", type: "document", content: "# Tea" }),
    "**tea**\n\n# Tea",
  ],
  [
    "a program is a code block",
    call("create_textdoc", { name: "a", type: "code/python", content: "x = 1\n" }),
    "**a**\n\n```python\nx = 1\n```",
  ],
  [
    "a change is what it puts in",
    call("update_textdoc", { updates: [{ pattern: ".*", replacement: "New" }, { replacement: "More" }] }),
    "New\n\nMore",
  ],
  [
    "comments are a list",
    call("comment_textdoc", { comments: [{ pattern: "a", comment: "Shorter" }, { comment: "" }] }),
    "- Shorter",
  ],
  ["a call without a document stands as it is", call("create_textdoc", { name: "a" }), '```json\n{"name":"a"}\n```'],
  [
    "a call that was cut stands as it is",
    canvasText("canmore.create_textdoc", '{"name": "a", "content": "Hal'),
    '```\n{"name": "a", "content": "Hal\n```',
  ],
])("%s", (_title, text, expected) => {
  expect(text).toBe(expected);
});
