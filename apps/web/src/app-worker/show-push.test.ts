/** What the worker shows of a push, and what it leaves to a page that is in front of the person. */
import { expect, test } from "vitest";
import { showPush } from "./show-push.ts";

async function shown(text: string, pages: readonly string[] = []) {
  const notices: unknown[] = [];
  await showPush(text, {
    pages: async () => pages.map((visibilityState) => ({ visibilityState })),
    words: async () => ({ complete: "Done.", failed: "Broken.", untitled: "Untitled" }),
    show: async (title, { body, tag }) => notices.push({ title, body, tag }),
  });
  return notices;
}

const notice = (more: object = {}) =>
  JSON.stringify({ conversation_id: "a", title: "Quince", kind: "complete", ...more });

test("[PUSH-1] a push is shown as one notification of its conversation, with how the reply ended", async () => {
  expect(await shown(notice())).toEqual([{ title: "Quince", body: "Done.", tag: "a" }]);
  expect(await shown(notice({ kind: "failed", title: " " }))).toEqual([
    { title: "Untitled", body: "Broken.", tag: "a" },
  ]);
});

test("[PUSH-1] nothing is shown over a page that is in sight; one that is hidden is none", async () => {
  expect(await shown(notice(), ["hidden", "visible"])).toEqual([]);
  expect(await shown(notice(), ["hidden", "prerender"])).toHaveLength(1);
});

test.each(["", "{", "null", "7", "[]", "{}", '{"conversation_id":"a"}', '{"conversation_id":1,"title":"b"}'])(
  "what is no notice is shown to nobody: %s",
  async (text) => {
    expect(await shown(text)).toEqual([]);
  },
);
