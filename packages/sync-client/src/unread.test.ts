/** Badges from counts, against a conversation that is written out message by message [DEV-3]. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allSeen,
  type Baseline,
  badgeText,
  followReadPosition,
  isBefore,
  leastUnread,
  rebased,
  seenCount,
  seenThrough,
  unreadSince,
  withCount,
} from "./unread.ts";

/** A conversation as the server keeps it: which numbers are alive, the highest ever given, and how far was read. */
interface Conversation {
  readonly live: readonly number[];
  readonly lastSeq: number;
  readonly readSeq: number;
}

function countsOf({ live, lastSeq, readSeq }: Conversation) {
  const unread = live.filter((seq) => seq > readSeq).length;
  return { message_count: live.length, last_seq: lastSeq, read_seq: readSeq, unread_count: unread };
}

type Step = { readonly append: number } | { readonly replaceFrom: number } | { readonly readTo: number };

function take(conversation: Conversation, step: Step): Conversation {
  const { live, lastSeq, readSeq } = conversation;
  if ("append" in step) {
    const added = Array.from({ length: step.append }, (_, index) => lastSeq + 1 + index);
    return { live: [...live, ...added], lastSeq: lastSeq + step.append, readSeq };
  }
  if ("readTo" in step) return { ...conversation, readSeq: Math.max(readSeq, Math.min(lastSeq, step.readTo)) };
  const kept = live.filter((seq) => seq < step.replaceFrom);
  return kept.length === live.length ? conversation : { live: [...kept, lastSeq + 1], lastSeq: lastSeq + 1, readSeq };
}

const steps = fc.array(
  fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ replaceFrom: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ readTo: fc.integer({ min: 0, max: 30 }) }),
  ),
  { maxLength: 12 },
);
const START: Conversation = { live: [1, 2, 3, 4], lastSeq: 4, readSeq: 0 };

describe("unread", () => {
  it("[DEV-3] is exact, or asks, through every order of appends, deletions and reading", () => {
    fc.assert(
      fc.property(steps, (script) => {
        let conversation = START;
        let baseline: Baseline = allSeen(countsOf(START));
        for (const step of script) {
          conversation = take(conversation, step);
          const counts = countsOf(conversation);
          baseline = followReadPosition(baseline, counts);
          const exact = conversation.live.filter((seq) => seq > baseline.seq).length;
          expect(leastUnread(baseline, counts)).toBeLessThanOrEqual(exact);
          if (unreadSince(baseline, counts) === null) baseline = withCount(baseline, counts, exact);
          expect(unreadSince(baseline, counts)).toBe(exact);
        }
      }),
    );
  });

  it("[DEV-3] [EPOCH-1] is never more than there are numbers, whatever history the counts are of", () => {
    const some = fc.integer({ min: 0, max: 30 });
    const amounts = fc.record({ message_count: some, last_seq: some });
    const baselines = fc.record({ count: some, seq: some, skipped: fc.constant(0) });
    fc.assert(
      fc.property(baselines, amounts, (baseline, counts) => {
        const numbers = Math.max(0, counts.last_seq - baseline.seq);
        expect(leastUnread(baseline, { ...counts, read_seq: 0, unread_count: 0 })).toBeLessThanOrEqual(numbers);
      }),
    );
  });

  /** Whatever happens from here on: never too many, and exact wherever it doesn't ask. */
  function expectHonest(begin: Baseline, from: Conversation, script: readonly Step[]): void {
    let [conversation, baseline] = [from, begin];
    for (const step of [null, ...script]) {
      conversation = step ? take(conversation, step) : conversation;
      const counts = countsOf(conversation);
      baseline = followReadPosition(baseline, counts);
      const exact = conversation.live.filter((seq) => seq > baseline.seq).length;
      expect(leastUnread(baseline, counts)).toBeLessThanOrEqual(exact);
      expect([null, exact]).toContain(unreadSince(baseline, counts));
    }
  }

  it("[DEV-3] is exact, or asks, where only the number of the last message that was painted is sure", () => {
    const cut = fc.record({ known: steps, meanwhile: steps, later: steps, painted: fc.nat(40) });
    fc.assert(
      fc.property(cut, ({ known, meanwhile, later, painted }) => {
        const before = known.reduce(take, START);
        const then = meanwhile.reduce(take, before);
        const seq = Math.min(painted, then.lastSeq);
        expectHonest(seenThrough(seq, countsOf(before)), then, later);
        expectHonest(seenThrough(seq), then, later);
      }),
    );
  });

  it("[EPOCH-1] is exact, or asks, once history was rewound and what was seen may never have been", () => {
    fc.assert(
      fc.property(steps, steps, steps, (gone, instead, later) => {
        const seen = allSeen(countsOf(gone.reduce(take, START)));
        const now = instead.reduce(take, START);
        expectHonest(rebased(seen, countsOf(now)), now, later);
        expect(rebased(seen, countsOf(now)).seq).toBe(Math.min(seen.seq, now.lastSeq));
      }),
    );
  });

  it("[DEV-8] knows by the counts which of two commits was before the other", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.boolean(), { minLength: 13, maxLength: 13 }), (script, areEnded) => {
        let earlier = START;
        for (const [index, step] of script.entries()) {
          // A reply that is asked again is ended first, and its place is taken later.
          const ended = { ...earlier, live: earlier.live.slice(0, -1) };
          const later = areEnded[index] && earlier.live.length > 0 ? ended : take(earlier, step);
          const [one, other] = [countsOf(earlier), countsOf(later)];
          const isSame = one.last_seq === other.last_seq && one.message_count === other.message_count;
          expect([isBefore(one, other), isBefore(other, one)]).toEqual([!isSame, false]);
          earlier = later;
        }
      }),
    );
  });

  it("[DEV-3] takes no more for seen than can be alive up to a number", () => {
    expect(seenThrough(6)).toEqual({ count: 6, seq: 6, skipped: 0 });
    expect(seenThrough(6, { message_count: 2, last_seq: 6 }).count).toBe(2);
    expect(seenThrough(6, { message_count: 2, last_seq: 4 }).count).toBe(4);
    expect(seenThrough(6, { message_count: 7, last_seq: 9 }).count).toBe(6);
  });

  it("[DEV-3] writes up to 99, and 99+ beyond", () => {
    expect([-1, 0, 1, 99, 100, 5000].map(badgeText)).toEqual(["", "", "1", "99", "99+", "99+"]);
  });

  it("[DEV-5] takes the seq of the counts that a number of messages belongs to, and is careful where none does", () => {
    const counts = countsOf({ live: [1, 2, 5], lastSeq: 5, readSeq: 0 });
    expect(seenCount(3, counts)).toEqual({ count: 3, seq: 5, skipped: 0 });
    const guessed = seenCount(4, counts);
    expect(guessed.skipped).toBeNull();
    expect(unreadSince(guessed, { ...counts, message_count: 4, last_seq: 8 })).toBe(0);
    expect(followReadPosition(guessed, { ...counts, message_count: 4, last_seq: 8 })).toEqual({
      count: 4,
      seq: 8,
      skipped: 0,
    });
  });
});
