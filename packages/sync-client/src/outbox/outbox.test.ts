/** The outbox by properties: whatever waits, and in whatever order it was written [DEV-12]. */
import type { MarkRead, Message } from "@instep/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idOf } from "../../test/scripted-server.ts";
import { failure } from "../failure.ts";
import {
  afterRestart,
  type ConversationChange,
  enqueue,
  nextOrder,
  nextToGo,
  type Outbox,
  type Outgoing,
  type OutgoingChange,
  pendingSends,
  stuckIn,
  update,
  withFindings,
} from "./outbox.ts";
import { afterFailure, type OutgoingSend, REPLY_RUNS } from "./outgoing-send.ts";

const readings: fc.Arbitrary<MarkRead> = fc.oneof(
  fc.record({ seq: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ message_count: fc.integer({ min: 0, max: 5 }) }),
  fc.constant({ unread: true as const }),
);
const changes: fc.Arbitrary<ConversationChange> = fc.oneof(
  fc.record({ key: fc.constantFrom("title", "model"), value: fc.constantFrom("one", "two", "three") }),
  fc.record({ key: fc.constantFrom("pinned", "archived", "removed"), value: fc.boolean() }),
  fc.record({ key: fc.constant("read"), value: readings }),
);

function changeEntry(index: number, change: ConversationChange, conversation = "a"): OutgoingChange {
  return {
    kind: "change",
    id: `change-${index}`,
    order: index,
    conversationId: idOf(conversation),
    change,
    state: "waiting",
  };
}

function sendEntry(index: number, more: Partial<OutgoingSend> = {}): OutgoingSend {
  return {
    kind: "send",
    id: `send-${index}`,
    order: index,
    conversationId: idOf("a"),
    text: `message ${index}`,
    model: null,
    replaceFromSeq: null,
    expectedLastSeq: null,
    mode: "stream",
    isFirst: false,
    state: "waiting",
    problem: null,
    ...more,
  };
}

/** What the server has of one conversation once these changes have come, one after the other. */
function outcomeOf(all: readonly ConversationChange[]): Record<string, unknown> {
  const row: Record<string, unknown> = { read_seq: 0, read_count: 0, marked_unread: false };
  for (const { key, value } of all) {
    if (key !== "read") row[key] = value;
    else if (value.unread) row["marked_unread"] = true;
    else {
      row["marked_unread"] = false;
      row["read_seq"] = Math.max(Number(row["read_seq"]), value.seq ?? 0);
      row["read_count"] = Math.max(Number(row["read_count"]), value.message_count ?? 0);
    }
  }
  return row;
}

const changesOf = (outbox: Outbox): ConversationChange[] =>
  outbox.filter((entry) => entry.kind === "change").map(({ change }) => change);

describe("changes that wait", () => {
  it("[DEV-12] lead to what all of them would have, the last word of each thing winning and no read position going back", () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 12 }), (all) => {
        let outbox: Outbox = [];
        for (const [index, change] of all.entries()) outbox = enqueue(outbox, changeEntry(index, change));
        expect(outcomeOf(changesOf(outbox))).toEqual(outcomeOf(all));
      }),
    );
  });

  it("[DEV-12] replace none that is on its way, of another conversation, or a send", () => {
    fc.assert(
      fc.property(changes, (change) => {
        const others: Outbox = [
          { ...changeEntry(1, change), state: "sending" },
          changeEntry(2, change, "b"),
          sendEntry(3),
        ];
        expect(enqueue(others, changeEntry(4, change))).toEqual([...others, changeEntry(4, change)]);
      }),
    );
  });

  it("[DEV-12] are no more than a few for each thing, however often it is changed", () => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 30, maxLength: 60 }), (all) => {
        let outbox: Outbox = [];
        for (const [index, change] of all.entries()) outbox = enqueue(outbox, changeEntry(index, change));
        const others = changesOf(outbox).filter(({ key }) => key !== "read");
        expect(new Set(others.map(({ key }) => key)).size).toBe(others.length);
        expect(outbox.length).toBeLessThan(20);
      }),
    );
  });
});

describe("the order of the outbox", () => {
  it("[DEV-12] is the order of writing, also where the clock steps back between any two", () => {
    const clocks = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(clocks, (times) => {
        let outbox: Outbox = [];
        for (const [index, now] of times.entries()) {
          outbox = enqueue(outbox, { ...sendEntry(index), order: nextOrder(outbox, now) });
        }
        const read = outbox.toSorted((one, other) => one.order - other.order);
        expect(read.map(({ id }) => id)).toEqual(times.map((_, index) => `send-${index}`));
        expect(new Set(outbox.map(({ order }) => order)).size).toBe(times.length);
      }),
    );
  });

  it("[DEV-12] comes after everything of an earlier page, by the clock", () => {
    expect(nextOrder([], 500)).toBe(500);
    expect(nextOrder([sendEntry(700)], 500)).toBe(701);
  });
});

const entries: fc.Arbitrary<Outgoing> = fc
  .record({
    index: fc.nat(1_000_000),
    isSend: fc.boolean(),
    conversation: fc.constantFrom("a", "b"),
    state: fc.constantFrom("waiting", "sending", "rejected"),
    isFirst: fc.boolean(),
    change: changes,
  })
  .map(({ index, isSend, conversation, state, isFirst, change }): Outgoing => {
    if (isSend) return sendEntry(index, { conversationId: idOf(conversation), state, isFirst });
    return { ...changeEntry(index, change, conversation), state: state === "sending" ? "sending" : "waiting" };
  });

const thingOf = (entry: Outgoing): string => (entry.kind === "send" ? "send" : entry.change.key);

describe("what may go now", () => {
  it("[DEV-12] is one of a thing at a time, the first of it, and nothing that a person has to decide about", () => {
    fc.assert(
      fc.property(fc.uniqueArray(entries, { selector: ({ id }) => id, maxLength: 12 }), (outbox) => {
        const going = nextToGo(outbox);
        expect(going.every(({ state }) => state === "waiting")).toBe(true);
        for (const entry of going) {
          const isAlike = (other: Outgoing): boolean =>
            other.conversationId === entry.conversationId && thingOf(other) === thingOf(entry);
          const before = outbox.slice(0, outbox.indexOf(entry)).filter(isAlike);
          expect(before.every(({ state }) => state === "rejected")).toBe(true);
        }
      }),
    );
  });

  it("[DEV-12] is something wherever something waits and nothing goes before it", () => {
    fc.assert(
      fc.property(fc.uniqueArray(entries, { selector: ({ id }) => id, maxLength: 12 }), (outbox) => {
        const isStill = outbox.every(({ state }) => state !== "sending");
        const isWaiting = outbox.some(({ state }) => state === "waiting");
        if (isStill && isWaiting) expect(nextToGo(outbox)).not.toEqual([]);
      }),
    );
  });

  it("[ID-1] is no change of a conversation that is still to be made", () => {
    const change = changeEntry(2, { key: "pinned", value: true });
    expect(nextToGo([sendEntry(1, { isFirst: true }), change]).map(({ id }) => id)).toEqual(["send-1"]);
    expect(nextToGo([sendEntry(1), change]).map(({ id }) => id)).toEqual(["send-1", "change-2"]);
  });
});

describe("an entry that several tabs store", () => {
  const sends = fc
    .record({
      isFirst: fc.boolean(),
      isUnsure: fc.boolean(),
      replaceFromSeq: fc.constantFrom(null, 3),
      expectedLastSeq: fc.constantFrom(null, 4),
      state: fc.constantFrom("waiting", "sending", "rejected"),
    })
    .map((more) => sendEntry(1, more));

  it("[DEV-12] keeps that its conversation was made, that it may have arrived, and that it waited, whoever writes last", () => {
    fc.assert(
      fc.property(sends, sends, (mine, stored) => {
        const merged = withFindings(mine, stored);
        expect(merged).toMatchObject({
          state: mine.state,
          isFirst: mine.isFirst && stored.isFirst,
          isUnsure: mine.isUnsure || stored.isUnsure,
        });
        if (stored.expectedLastSeq === null && mine.replaceFromSeq === null) {
          expect(merged).toMatchObject({ expectedLastSeq: null });
        } else expect(merged).toMatchObject({ expectedLastSeq: mine.expectedLastSeq });
      }),
    );
  });

  it("is as it is where nothing of it is stored", () => {
    expect(withFindings(sendEntry(1), undefined)).toEqual(sendEntry(1));
  });
});

describe("what waits, as the page shows it", () => {
  const problems = fc.constantFrom(null, REPLY_RUNS, failure("unreachable", ""));
  const sends = fc
    .array(fc.record({ state: fc.constantFrom("waiting", "sending", "rejected"), problem: problems }), { maxLength: 6 })
    .map((all) => all.map((more, index) => sendEntry(index, more)));

  it("[DEV-12] is queued where only a reply's end is waited for, and never where the network or a person is", () => {
    fc.assert(
      fc.property(sends, fc.boolean(), (all, isReplyRunning) => {
        const shown = pendingSends(all, [], isReplyRunning);
        let isBusy = isReplyRunning;
        for (const [index, { state, problem }] of all.entries()) {
          const isTold = problem === REPLY_RUNS && state !== "rejected";
          const isBehind = isBusy && state === "waiting" && problem === null;
          expect(shown[index]?.state).toBe(isTold || isBehind ? "queued" : state);
          isBusy ||= isTold || isBehind || state === "sending";
        }
      }),
    );
  });

  it("[TURN-3] is nothing that stands among the messages, and what stands there makes nobody wait", () => {
    const sent = { ...sendEntry(1, { state: "sending" }) };
    const stored = { client_message_id: sent.id } as Message;
    expect(pendingSends([sent, sendEntry(2)], [stored], false)).toMatchObject([
      { clientMessageId: "send-2", state: "waiting" },
    ]);
  });

  it("[MSG-3] says whether it takes the place of what is there", () => {
    const sends = [sendEntry(1), sendEntry(2, { replaceFromSeq: 3 })];
    expect(pendingSends(sends, [], false).map(({ isReplacing }) => isReplacing)).toEqual([false, true]);
  });
});

describe("what a list marks", () => {
  const problems = fc.constantFrom(null, REPLY_RUNS, failure("unreachable", ""));
  const states = fc.constantFrom("waiting", "sending", "rejected");
  const all = fc.array(fc.record({ state: states, problem: problems }), { maxLength: 4 });

  it("[DEV-12] is the worst of what keeps a conversation's messages, and nothing for what is on its way or another's", () => {
    fc.assert(
      fc.property(all, (sends) => {
        const entries = sends.map((more, index) => sendEntry(index, more));
        const waiting = sends.filter(({ state, problem }) => state === "waiting" && problem !== null);
        const isRejected = sends.some(({ state }) => state === "rejected");
        const isOffline = waiting.some(({ problem }) => problem !== REPLY_RUNS);
        const expected = isRejected ? "rejected" : isOffline ? "waiting" : waiting.length > 0 ? "queued" : null;
        expect(stuckIn(entries, entries[0]?.conversationId ?? "")).toBe(expected);
        expect(stuckIn(entries, "another")).toBeNull();
      }),
    );
  });
});

describe("what becomes of a send", () => {
  const problems = fc.record({ status: fc.constantFrom(0, 404, 409, 422, 429, 500, 502, 503) });

  it("[TURN-7] a message that waited is appended to what came; one that replaces stays guarded by what was seen", () => {
    fc.assert(
      fc.property(problems, fc.constantFrom(null, 3), ({ status }, replaceFromSeq) => {
        const entry = sendEntry(1, { replaceFromSeq, expectedLastSeq: 4 });
        const problem = { ...failure("unavailable", ""), status };
        const expected = replaceFromSeq === null ? null : 4;
        expect(afterFailure(entry, problem).expectedLastSeq).toBe(expected);
        const [restarted] = afterRestart([{ ...entry, state: "sending" }]);
        expect(restarted).toMatchObject({ state: "waiting", expectedLastSeq: expected });
      }),
    );
  });

  it("[DEV-12] may have arrived once any try had no answer of the server's own, or ended with the session, and stays so", () => {
    const isUnsure = (status: number, before = false): boolean | undefined =>
      afterFailure(sendEntry(1, { isUnsure: before }), { ...failure("unavailable", ""), status }).isUnsure;
    expect([0, 401, 500, 502, 503].map((status) => isUnsure(status))).toEqual([true, true, true, true, true]);
    expect([404, 409, 429].map((status) => isUnsure(status))).toEqual([false, false, false]);
    expect(isUnsure(409, true)).toBe(true);
  });

  it("changes nothing of the others", () => {
    const outbox = [sendEntry(1), sendEntry(2)];
    expect(update(outbox, "send-1", { state: "sending" })).toEqual([
      { ...sendEntry(1), state: "sending" },
      sendEntry(2),
    ]);
    expect(update(outbox, "send-1", null)).toEqual([sendEntry(2)]);
  });
});
