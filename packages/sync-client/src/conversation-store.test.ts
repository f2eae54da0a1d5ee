/** The one store: order, subscriptions, and that answers applied one by one give the same list as one answer. */
import { expandRow, type SyncRow } from "@instep/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { full, idOf, increment, row, tick } from "../test/scripted-server.ts";
import { applyFound, applySeen, applyTurnWord } from "./apply-local.ts";
import { applySync } from "./apply-sync.ts";
import { ConversationStore } from "./conversation-store.ts";
import { compareConversations } from "./sorted-list.ts";

const EMPTY = { deleted_ids: [], is_full_sync: false, epoch: "e1", has_more: false, next_page: null };

function makeStore(): ConversationStore {
  return new ConversationStore({ unreadScope: "device", defaultModel: "demo" });
}

function answer(store: ConversationStore, response: Partial<Parameters<typeof applySync>[1]["response"]>): void {
  const since = store.state.watermark.serverTime;
  const whole = { ...EMPTY, conversations: [], server_time: "", ...response };
  store.commit(applySync(store.state, { response: whole, etag: null, since }));
}

it("[DEV-6] what the device had stored takes nothing back from a conversation that was opened before it was read", () => {
  const stored = makeStore();
  answer(stored, full(1, [row("a", 2)]));
  const entries = [...stored.state.entries];
  const store = makeStore();
  answer(store, full(2, [row("a", 4)]));
  store.restore(entries, stored.state.watermark);
  expect(store.conversations.get(idOf("a"))).toMatchObject({ message_count: 4, unread: 0 });
});

describe("a history that was rewound", () => {
  /** Five messages of which three were ended, all of them seen. */
  const few = row("a", 2, { last_seq: 5 });
  const rewound = { ...full(3, [row("a", 6)]), epoch: "e2" };
  const shown = (store: ConversationStore) => store.state.entries.get(idOf("a"))?.baseline;

  it("[EPOCH-1] keeps of what was seen the number only, and never badges more than came after it", () => {
    const store = makeStore();
    answer(store, full(1, [few]));
    answer(store, rewound);
    expect(shown(store)).toEqual({ count: 5, seq: 5, skipped: 0 });
    expect(store.conversations.get(idOf("a"))).toMatchObject({ unread: 1 });
  });

  it("[EPOCH-1] keeps no more of what was deleted before, in its answer or a later one", () => {
    for (const isInAnswer of [true, false]) {
      const store = makeStore();
      answer(store, full(1, [few]));
      answer(store, increment(2, [], [idOf("a")]));
      answer(store, isInAnswer ? rewound : { ...full(3, []), epoch: "e2" });
      if (!isInAnswer) answer(store, { ...increment(4, [row("a", 6, { at: 4 })]), epoch: "e2" });
      expect(shown(store)).toEqual({ count: 5, seq: 5, skipped: 0 });
    }
  });

  it("[EPOCH-1] keeps no more of what its own answer takes away", () => {
    const store = makeStore();
    answer(store, full(1, [few]));
    answer(store, { ...full(3, []), epoch: "e2" });
    answer(store, { ...increment(4, [row("a", 6, { at: 4 })]), epoch: "e2" });
    expect(shown(store)).toEqual({ count: 5, seq: 5, skipped: 0 });
  });

  it("[EPOCH-1] keeps no more where its row is as it was known, and more had been seen than that", () => {
    const store = makeStore();
    answer(store, full(1, [row("a", 2)]));
    store.commit(applySeen(store.state, idOf("a"), { count: 3, seq: 3, skipped: 0 }));
    answer(store, { ...full(3, [row("a", 2)]), epoch: "e2" });
    answer(store, { ...increment(4, [row("a", 4, { at: 4 })]), epoch: "e2" });
    expect(store.conversations.get(idOf("a"))).toMatchObject({ unread: 2 });
  });

  it("[EPOCH-1] keeps no more where a turn has told of the history that stands now, later than the answer", () => {
    for (const rows of [[row("a", 1)], []]) {
      const store = makeStore();
      answer(store, full(1, [row("a", 6)]));
      const now = expandRow(row("a", 2), "demo");
      const word = { counts: now, row: now, asOf: { epoch: "e2", time: tick(5) } };
      store.commit(applyTurnWord(store.state, idOf("a"), word));
      answer(store, { ...full(3, rows), epoch: "e2" });
      answer(store, { ...increment(6, [row("a", 4, { at: 6 })]), epoch: "e2" });
      expect(store.conversations.get(idOf("a"))).toMatchObject({ unread: 2 });
    }
  });

  it("[EPOCH-1] keeps no more where a page of the list tells of it first", () => {
    const store = makeStore();
    answer(store, full(1, [few]));
    answer(store, increment(2, [], [idOf("a")]));
    const found = expandRow(row("a", 6), "demo");
    store.commit(applyFound(store.state, [found], { epoch: "e3", time: tick(1) }));
    expect(shown(store)).toEqual({ count: 5, seq: 5, skipped: 0 });
  });
});

describe("the list", () => {
  const names = Array.from("abcdefghij");
  const changes = fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      isDeleted: fc.boolean(),
      more: fc.record({ pinned: fc.boolean(), archived: fc.boolean() }),
    }),
    { maxLength: 40 },
  );

  it("stands in its order after any changes, as a fresh full sync would give it [SYNC-10]", () => {
    fc.assert(
      fc.property(changes, (script) => {
        const store = makeStore();
        const server = new Map<string, SyncRow>();
        answer(store, full(1, []));
        for (const [index, { name, isDeleted, more }] of script.entries()) {
          const at = index + 2;
          if (isDeleted) server.delete(name);
          else server.set(name, row(name, 1, { at, ...more }));
          const changed = server.get(name);
          answer(store, changed ? increment(at, [changed]) : increment(at, [], [idOf(name)]));
        }
        const fresh = makeStore();
        answer(fresh, full(99, [...server.values()]));
        expect(store.conversations.list()).toEqual(fresh.conversations.list());
        expect(store.conversations.archivedList()).toEqual(fresh.conversations.archivedList());
        const rows = [...server.values()].map((each) => ({
          ...expandRow(each, "demo"),
          id: each.id as never,
        }));
        expect(store.conversations.list()).toEqual(
          rows
            .filter(({ archived }) => !archived)
            .sort(compareConversations)
            .map(({ id }) => id),
        );
      }),
    );
  });

  it("is the same array until ids, or what decides their order, change, so that nobody renders for nothing", () => {
    const store = makeStore();
    answer(store, full(10, [row("a", 1), row("b", 2)]));
    const before = store.conversations.list();
    let notified = 0;
    store.conversations.subscribeList(() => notified++);
    answer(store, increment(11, [row("a", 1, { title: "New" })]));
    expect(store.conversations.list()).toBe(before);
    answer(store, increment(12, [row("a", 3, { at: 12 })]));
    expect(store.conversations.list()).toEqual([idOf("a"), idOf("b")]);
    expect(notified).toBe(1);
    for (const [at, change] of [
      [13, { at: 13 }],
      [14, { at: 13, pinned: true }],
      [15, { at: 13 }],
    ] as const) {
      const last = store.conversations.list();
      answer(store, increment(at, [row("a", 3, change)]));
      expect([store.conversations.list(), store.conversations.list() === last]).toEqual([last, false]);
    }
    expect(notified).toBe(4);
  });

  it("notifies the one subscriber whose conversation changed, and not for what is the same", () => {
    const store = makeStore();
    answer(store, full(10, [row("a", 1), row("b", 2)]));
    const notified: string[] = [];
    for (const name of ["a", "b"]) store.conversations.subscribe(idOf(name), () => notified.push(name));
    answer(store, increment(11, [row("a", 2, { at: 11 }), row("b", 2)]));
    const item = store.conversations.get(idOf("a"));
    answer(store, full(12, [row("a", 2, { at: 11 }), row("b", 2)]));
    expect(notified).toEqual(["a"]);
    expect(store.conversations.get(idOf("a"))).toBe(item);
  });

  it("ends a subscription, and one of two by the same function", () => {
    const store = makeStore();
    let notified = 0;
    const count = (): void => void notified++;
    const [first, second] = [
      store.conversations.subscribe(idOf("a"), count),
      store.conversations.subscribe(idOf("a"), count),
    ];
    first();
    answer(store, full(10, [row("a", 1)]));
    expect(notified).toBe(1);
    second();
    answer(store, increment(11, [row("a", 2, { at: 11 })]));
    expect(notified).toBe(1);
  });

  it("says how many conversations are unread, once for each change of that number", () => {
    const store = makeStore();
    answer(store, full(10, [row("a", 1), row("b", 2)]));
    const counts: number[] = [];
    store.conversations.subscribeUnread(() => counts.push(store.conversations.unreadConversations()));
    answer(store, increment(12, [row("a", 2, { at: 11 }), row("b", 4, { at: 12 })]));
    answer(store, increment(13, [row("b", 5, { at: 13 })]));
    store.screen.open(idOf("a"));
    expect(counts).toEqual([2, 1]);
  });

  it("counts unread conversations apart in the list and in the archive, through archiving and what other tabs have seen", () => {
    const flags = fc.record({ archived: fc.boolean(), isUnread: fc.boolean(), isMarked: fc.boolean() });
    const change = fc.record({ name: fc.constantFrom("a", "b", "c"), flags, isSeenElsewhere: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const store = makeStore();
        answer(
          store,
          full(
            10,
            ["a", "b", "c"].map((name) => row(name, 1)),
          ),
        );
        let told = [0, 0];
        store.conversations.subscribeUnread(
          () => (told = [store.conversations.unreadConversations(), store.conversations.unreadArchived()]),
        );
        let count = 1;
        const expected = new Map<string, { archived: boolean; isUnread: boolean }>();
        changes.forEach(({ name, flags: { archived, isUnread, isMarked }, isSeenElsewhere }, index) => {
          count++;
          const read = isUnread ? {} : { read_seq: count, unread_count: 0 };
          answer(store, increment(11 + index, [row(name, count, { archived, marked_unread: isMarked, ...read })]));
          if (isSeenElsewhere) store.conversations.seeElsewhere(idOf(name), count);
          expected.set(name, { archived, isUnread: isMarked || (isUnread && !isSeenElsewhere) });
        });
        const unread = [...expected.values()].filter((each) => each.isUnread);
        const listed = unread.filter(({ archived }) => !archived).length;
        expect([store.conversations.unreadConversations(), store.conversations.unreadArchived()]).toEqual([
          listed,
          unread.length - listed,
        ]);
        expect(told).toEqual([listed, unread.length - listed]);
      }),
    );
  });

  it("[DEV-3] counts as unread in the title only what no tab of the browser has seen, and never less again", () => {
    const store = makeStore();
    const counted = () => [store.conversations.unreadConversations(), store.conversations.unreadArchived()];
    answer(store, full(1, [row("a", 10)]));
    store.conversations.seeElsewhere(idOf("a"), 12);
    store.conversations.seeElsewhere(idOf("a"), 4);
    answer(store, increment(2, [row("a", 12)]));
    expect(store.conversations.get(idOf("a"))).toMatchObject({ unread: 2, isUnread: false });
    expect(counted()).toEqual([0, 0]);
    answer(store, increment(3, [row("a", 13)]));
    expect(counted()).toEqual([1, 0]);
    answer(store, increment(4, [row("a", 13, { archived: true })]));
    expect(counted()).toEqual([0, 1]);
  });

  it("is ready with the first list, also where that is empty", () => {
    const store = makeStore();
    expect(store.conversations.isReady()).toBe(false);
    answer(store, full(10, []));
    expect(store.conversations.isReady()).toBe(true);
    expect(store.state.watermark.serverTime).toBe(tick(10));
  });
});

it("whoever shows the list is told where only the archive changes, and two of one moment stand by their ids", () => {
  const store = makeStore();
  const tell = (rows: Parameters<typeof full>[1]): void => answer(store, full(100, rows));
  let told = 0;
  store.conversations.subscribeList(() => told++);
  tell([row("b", 1, { at: 5, archived: true }), row("a", 1, { at: 5, archived: true })]);
  expect([told, store.conversations.archivedList()]).toEqual([1, [idOf("a"), idOf("b")]]);
  tell([row("b", 2, { at: 6, archived: true }), row("a", 1, { at: 5, archived: true })]);
  expect([told, store.conversations.archivedList()]).toEqual([2, [idOf("b"), idOf("a")]]);
});
