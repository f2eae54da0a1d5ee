/** What is remembered of deleted conversations. */
import { describe, expect, it } from "vitest";
import { Graves } from "./graves.ts";

const seen = (seq: number) => ({ count: seq - 1, seq, skipped: 1 });

describe("a deleted conversation", () => {
  it("[DEV-3] is remembered as far as it was seen, and never less far", () => {
    const graves = new Graves();
    graves.see("a", seen(4));
    expect(graves.all.size).toBe(0);
    graves.bury("a", seen(4), 1);
    graves.see("a", seen(6));
    graves.see("a", seen(5));
    expect(graves.all.get("a")).toEqual({ baseline: seen(6), removedAt: 1 });
  });

  it("[DEV-3] is forgotten once five hundred others were deleted after it", () => {
    const graves = new Graves();
    for (let index = 0; index < 500; index += 1) graves.bury(`c${index}`, seen(2), index);
    graves.bury("c0", seen(3), 500);
    expect(graves.all.size).toBe(500);
    graves.bury("another", seen(2), 501);
    expect([...graves.all.keys()].slice(0, 2)).toEqual(["c2", "c3"]);
    expect(graves.all.get("c0")).toEqual({ baseline: seen(3), removedAt: 500 });
  });

  it("[EPOCH-1] is remembered by the number only, once history was rewound", () => {
    const graves = new Graves();
    graves.bury("a", seen(4), 1);
    graves.rewound();
    expect(graves.all.get("a")).toEqual({ baseline: { count: 4, seq: 4, skipped: 0 }, removedAt: 1 });
  });
});
