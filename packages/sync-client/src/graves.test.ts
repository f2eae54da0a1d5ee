/** What is remembered of deleted conversations. */
import { describe, expect, it } from "vitest";
import { Graves } from "./graves.ts";

const seen = (seq: number) => ({ count: seq - 1, seq, skipped: 1 });

describe("a conversation that is not there", () => {
  it("[DEV-3] is remembered as far as it was seen, and never less far", () => {
    const graves = new Graves();
    graves.bury("deleted", seen(4));
    for (const id of ["deleted", "not told of"]) {
      for (const seq of [6, 5]) graves.see(id, seen(seq));
      expect(graves.all.get(id)).toEqual(seen(6));
    }
  });

  it("[DEV-3] is forgotten once five hundred others were deleted after it", () => {
    const graves = new Graves();
    for (let index = 0; index < 500; index += 1) graves.bury(`c${index}`, seen(2));
    graves.bury("c0", seen(3));
    expect(graves.all.size).toBe(500);
    graves.bury("another", seen(2));
    expect([...graves.all.keys()].slice(0, 2)).toEqual(["c2", "c3"]);
    expect(graves.all.get("c0")).toEqual(seen(3));
  });

  it("[EPOCH-1] is remembered by the number only, once history was rewound", () => {
    const graves = new Graves();
    graves.bury("a", seen(4));
    graves.rewound();
    expect(graves.all.get("a")).toEqual({ count: 4, seq: 4, skipped: 0, isOfPast: true });
  });
});
