/** What pages, turns and the newest messages make of the surroundings of a message that was found. */
import type { Message, MessagePage } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NOTHING_LOADED, viewOf, withNewest } from "./conversation-view.ts";
import type { ConversationView } from "../device.ts";
import {
  changePages,
  joined,
  lastSeqOf,
  pagesInView,
  withAround,
  withAsked,
  withLater,
  withLatest,
  withOlder,
} from "./found-window.ts";

const ID = "00000000-0000-4000-8000-000000000001";

function messageOf(seq: number): Message {
  const at = "2026-01-01T00:00:00.000000Z";
  const id = `00000000-0000-4000-9000-${String(seq).padStart(12, "0")}`;
  return { id, conversation_id: ID, seq, role: "user", content: `${seq}`, created_at: at, status: "complete" };
}

/** The messages from `from` up to `to` of those that the server has. */
function page(live: readonly number[], from: number, to: number): MessagePage {
  const messages = live.filter((seq) => seq >= from && seq <= to).map(messageOf);
  const hasOlder = live.some((seq) => seq < from);
  const cursors = { has_older: hasOlder, older_cursor: hasOlder ? String(from) : null, newer_cursor: null };
  return {
    messages,
    message_pagination: { total_count: live.length, has_newer: live.some((seq) => seq > to), ...cursors },
  };
}

const BESIDES: Pick<ConversationView, "id" | "pending" | "reply" | "newMessages"> = {
  id: ID as ConversationView["id"],
  pending: [],
  reply: null,
  newMessages: 0,
};

const CASES = fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 40 })
  .map((seqs) => seqs.toSorted((one, other) => one - other))
  .chain((live) =>
    fc.record({
      live: fc.constant(live),
      hit: fc.nat({ max: live.length - 1 }),
      size: fc.integer({ min: 1, max: 6 }),
      steps: fc.array(fc.constantFrom("older", "later", "newest"), { maxLength: 40 }),
    }),
  );

test("whatever is paged in around a message and in whatever order, what is shown has no hole and no message twice", () => {
  fc.assert(
    fc.property(CASES, ({ live, hit, size, steps }) => {
      const at = (index: number): number => live[Math.min(live.length - 1, Math.max(0, index))] ?? 0;
      const newest = { ...page(live, at(live.length - size), at(live.length - 1)), last_seq: at(live.length - 1) };
      const around = page(live, at(hit - size), at(hit + size));
      let loaded = joined(withAround(withAsked(NOTHING_LOADED, { seq: at(hit) }, false), around));
      const take = {
        newest: () => withNewest(loaded, newest),
        later: () => {
          if (!loaded.around) return loaded;
          const from = live.findIndex((seq) => seq > lastSeqOf(loaded.around ?? loaded));
          return from < 0 ? loaded : withLater(loaded, page(live, at(from), at(from + size - 1)));
        },
        older: () => {
          const cursor = pagesInView(loaded).olderCursor;
          if (cursor === null) return loaded;
          const before = live.findIndex((seq) => seq >= Number(cursor));
          const older = page(live, at(before - size), at(before - 1));
          return changePages(loaded, cursor, (pages) => withOlder(pages, older));
        },
      };
      for (const step of steps) {
        loaded = joined(take[step]());
        const view = viewOf(loaded, BESIDES);
        const seqs = view.messages.map(({ seq }) => seq);
        expect(seqs).toEqual(live.filter((seq) => seq >= (seqs[0] ?? 0) && seq <= (seqs.at(-1) ?? 0)));
        expect(seqs).toContain(at(hit));
        expect(view.found).toEqual({ seq: at(hit) });
        expect(view.hasOlder).toBe(seqs[0] !== live[0]);
        // Only where it is known that the end is shown can what comes after it be.
        if (!view.hasLater) expect(seqs.at(-1)).toBe(live.at(-1));
      }
    }),
  );
});

test("what is shown joins on to the newest messages, and there is nothing more to come", () => {
  const live = Array.from({ length: 20 }, (_, index) => index + 1);
  let loaded = withNewest(NOTHING_LOADED, { ...page(live, 15, 20), last_seq: 20 });
  loaded = joined(withAround(withAsked(loaded, { seq: 8 }, true), page(live, 6, 10)));
  expect(viewOf(loaded, BESIDES)).toMatchObject({ hasLater: true, hasOlder: true });
  loaded = joined(withLater(loaded, page(live, 11, 15)));
  const view = viewOf(loaded, BESIDES);
  expect(view).toMatchObject({ hasLater: false, hasOlder: true, found: { seq: 8 } });
  expect(view.messages.map(({ seq }) => seq)).toEqual(live.slice(5));
  expect(viewOf(withLatest(loaded), BESIDES)).toMatchObject({ found: null, hasLater: false });
});

const seqsOf = (loaded: Parameters<typeof viewOf>[0]): number[] =>
  viewOf(loaded, BESIDES).messages.map(({ seq }) => seq);

test("what an earlier time left on the device is not joined to what was found: of it, some may have been ended", () => {
  const stored = { ...NOTHING_LOADED, phase: "ready" as const, messages: [5, 6, 7].map(messageOf) };
  const live = [1, 2, 3, 4, 8, 9, 10];
  const found = joined(withAround(withAsked(stored, { seq: 4 }, false), page(live, 2, 8)));
  expect(seqsOf(found)).toEqual([2, 3, 4, 8]);
  expect(seqsOf(withNewest(found, { ...page(live, 8, 10), last_seq: 10 }))).toEqual([2, 3, 4, 8, 9, 10]);
});

test("the message that was found stays in view where the newest page is loaded anew, and no longer joins on", () => {
  const live = Array.from({ length: 30 }, (_, index) => index + 1);
  const before = withNewest(NOTHING_LOADED, { ...page(live.slice(0, 20), 15, 20), last_seq: 20 });
  const found = joined(withAround(withAsked(before, { seq: 14 }, true), page(live, 12, 16)));
  expect(seqsOf(found)).toEqual(live.slice(11, 20));
  const anew = withNewest(found, { ...page(live, 25, 30), last_seq: 30 });
  expect(seqsOf(anew)).toEqual(live.slice(11, 20));
  expect(viewOf(anew, BESIDES)).toMatchObject({ hasLater: true, found: { seq: 14 } });
  expect(seqsOf(joined(withLater(anew, page(live, 21, 25))))).toEqual(live.slice(11));
  expect(seqsOf(withNewest(before, { ...page(live, 25, 30), last_seq: 30 }))).toEqual(live.slice(24));
});
