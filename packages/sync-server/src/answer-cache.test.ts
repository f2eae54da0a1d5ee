import { expect, test } from "vitest";
import { AnswerCache } from "./answer-cache.ts";

test("[SYNC-8] an answer that was used stays, and what nobody asks for any more falls out, however short it is", () => {
  const cache = new AnswerCache();
  cache.set("full", "everything");
  for (let tick = 0; tick < 12_000; tick += 1) {
    cache.set(`after ${tick}`, "news");
    cache.get("full");
  }
  expect(cache.get("full")).toBe("everything");
  expect(cache.get("after 11999")).toBe("news");
  expect(cache.get("after 0")).toBeUndefined();
});
