/** Small promises of the device, each of which one dropped line would break. */
import { type CompleteRow, expandRow } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { applyTurnWord, applyUnreadCount } from "../src/apply-local.ts";
import { applySync, type KnownConversation, type SyncState } from "../src/apply-sync.ts";
import { failure } from "../src/failure.ts";
import { noTabs, type TabMessage } from "../src/tabs/tabs.ts";
import { allSeen } from "../src/unread.ts";
import { makeDevice } from "./device-fixture.ts";
import { at, full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");
const rowOf = (count: number) => expandRow(row("a", count), "demo");
const entryOf = (count: number): KnownConversation => {
  return { row: rowOf(count), baseline: allSeen(rowOf(count)), asOf: at(100), isLocal: false };
};

function stateWith(entry: KnownConversation, more: Partial<SyncState> = {}): SyncState {
  return {
    entries: new Map([[A, entry]]),
    watermark: { serverTime: tick(100), epoch: "e1", etag: null, wholeTime: tick(100), gone: [] },
    current: null,
    held: new Set(),
    graves: new Map(),
    past: new Set(),
    defaultModel: "demo",
    unreadScope: "device",
    ...more,
  };
}

describe("what is known", () => {
  /** What a word leaves of the row: a sync's answer, or a turn's, whole or only its counts. */
  const words = {
    sync: (entry: KnownConversation, time: number, told: CompleteRow) => {
      const page = { deleted_ids: [], has_more: false, next_page: null, is_full_sync: false, epoch: "e1" };
      const response = { ...page, conversations: [told], server_time: tick(time) };
      return applySync(stateWith(entry), { response, etag: null, since: tick(100) });
    },
    turn: (entry: KnownConversation, time: number, told: CompleteRow) =>
      applyTurnWord(stateWith(entry), A, { counts: told, row: told, asOf: at(time) }),
    counts: (entry: KnownConversation, time: number, { message_count, last_seq }: CompleteRow) =>
      applyTurnWord(stateWith(entry), A, { counts: { message_count, last_seq }, row: null, asOf: at(time) }),
  };

  for (const [name, word] of Object.entries(words)) {
    it(`[SYNC-11] is replaced by a later word, and by no earlier one: ${name}`, () => {
      const entry = { ...entryOf(12), asOf: at(120) };
      const after = (time: number, told: CompleteRow): number | undefined =>
        (word(entry, time, told).put[0]?.[1] ?? entry).row.last_seq;
      expect(after(121, rowOf(14))).toBe(14);
      expect(after(119, rowOf(10))).toBe(12);
      expect(after(119, rowOf(14))).toBe(12);
    });
  }

  it("[DEV-5] is replaced by no turn's counts of before a message was ended, though the number is the same and nobody says of when", () => {
    const now = { ...rowOf(11), last_seq: 12 };
    const counts = { message_count: 12, last_seq: 12, active_reply_id: null };
    const change = applyTurnWord(stateWith({ ...entryOf(12), row: now }), A, { counts, row: null, asOf: at(101) });
    expect(change.put[0]?.[1].row ?? now).toBe(now);
  });

  it("[DEV-5] is seen no less than it was by a turn's word, late or not", () => {
    const seen = allSeen({ message_count: 2, last_seq: 2 });
    for (const time of [99, 101]) {
      const word = { counts: rowOf(12), row: rowOf(12), asOf: at(time), seen };
      expect(applyTurnWord(stateWith(entryOf(12)), A, word).put[0]?.[1].baseline).toEqual(allSeen(rowOf(12)));
    }
  });

  it("[DEV-3] takes no count of what came after another message than was asked about", () => {
    const entry = { ...entryOf(12), baseline: { count: 8, seq: 8, skipped: null } };
    const counted = { row: entry.row, afterSeq: 6, count: 4 };
    expect(applyUnreadCount(stateWith(entry), A, counted).put).toEqual([]);
    expect(applyUnreadCount(stateWith(entry), A, { ...counted, afterSeq: 8 }).put).toHaveLength(1);
  });

  it("[EPOCH-1] [SYNC-11] is judged by a new history's answer, but for what was told of later in that history", () => {
    const response = { ...full(50, [row("a", 4)]), deleted_ids: [], has_more: false, next_page: null };
    const answered = {
      response: { conversations: [], server_time: tick(50), is_full_sync: true, ...response, epoch: "e2" },
      etag: "tag",
      since: tick(100),
    };
    for (const asOf of [at(49, "e2"), at(100), at(200, "e1")]) {
      const judged = applySync(stateWith({ ...entryOf(12), asOf }), answered);
      expect(judged.put[0]?.[1].row).toMatchObject({ message_count: 4 });
    }
    const told = applySync(stateWith({ ...entryOf(12), asOf: at(51, "e2") }), answered);
    expect(told).toMatchObject({ put: [], removed: [], watermark: { epoch: "e2" } });
    const none = { ...answered, response: { ...answered.response, conversations: [] } };
    expect(applySync(stateWith({ ...entryOf(12), asOf: at(51, "e2") }), none)).toMatchObject({
      removed: [],
      watermark: { etag: null },
    });
    expect(applySync(stateWith({ ...entryOf(12), asOf: at(50, "e2") }), none)).toMatchObject({
      removed: [A],
      watermark: { etag: "tag" },
    });
  });
});

describe("a view", () => {
  it("is the same object until something of it changes", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await settle();
    const view = device.views.get(A);
    expect(device.views.get(A)).toBe(view);
    await device.turns.send(A, "Hello");
    expect(device.views.get(A)).not.toBe(view);
    device.stop();
  });

  it("is kept where a reply runs, however many others are opened", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = (id: string) => ({ ...detail("a", 10), id });
    await device.views.openConversation(A);
    await device.turns.send(A, "Hello");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["one ", "two "]).slice(0, 2));
    for (const letter of "defghijklmnopqrstuvwxyzDEFGHIJK") await device.views.openConversation(idOf(letter));
    expect(device.views.get(A)?.reply).toMatchObject({ text: "one " });
    expect(device.views.get(idOf("d"))).toBeUndefined();
    device.stop();
  });

  it("[ID-1] of a draft is the conversation's once it is sent, and the draft's no more", async () => {
    const { device } = await openDevice();
    const draft = device.actions.createDraft();
    await device.views.openConversation(draft);
    const id = await device.turns.send(draft, "Hello");
    expect(device.views.get(draft)).toBeUndefined();
    expect(device.views.get(id)?.pending).toMatchObject([{ text: "Hello" }]);
    device.stop();
  });
});

describe("a message on its way", () => {
  it("[DEV-12] can't be taken back while the server may be taking it", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "Hello");
    await settle();
    const clientMessageId = device.views.get(A)?.pending[0]?.clientMessageId ?? "";
    expect(await device.turns.discard(clientMessageId)).toBeNull();
    await transport.stream.feed(null);
    expect(device.views.get(A)?.pending).toHaveLength(1);
    device.stop();
  });

  it("[DEV-10] keeps the conversation that was begun for it, whatever is opened meanwhile", async () => {
    const { device, transport } = await openDevice();
    transport.answers.create = () => NO_NETWORK;
    transport.answers.open = () => detail("b", 20);
    const draft = device.actions.createDraft();
    await device.views.openConversation(draft);
    const id = await device.turns.send(draft, "Begun offline");
    await device.views.openConversation(id);
    await device.views.openConversation(idOf("b"));
    expect(device.conversations.get(id)).toMatchObject({ isLocal: true });
    device.stop();
  });

  it("[DEV-12] is tried again soon after the network was well once", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.patch = () => NO_NETWORK;
    void device.actions.rename(A, "One");
    await environment.advance(30_000);
    transport.answers.patch = () => summary("a", 10);
    await environment.advance(30_000);
    transport.answers.patch = () => NO_NETWORK;
    void device.actions.rename(A, "Two");
    await settle();
    const tries = transport.named("patch").length;
    await environment.advance(1000);
    expect(transport.named("patch").length).toBeGreaterThan(tries);
    device.stop();
  });
});

describe("another tab", () => {
  async function withTabs() {
    const listeners = new Set<(message: TabMessage) => void>();
    const sent: TabMessage[] = [];
    const tabs = {
      ...noTabs(),
      tell: (message: TabMessage) => void sent.push(message),
      subscribe: (listener: (message: TabMessage) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    const whole = await openDevice({ tabs });
    const hear = async (message: TabMessage): Promise<void> => {
      for (const listener of listeners) listener(message);
      await settle();
    };
    return { ...whole, sent, hear };
  }

  it("[DEV-10] that restores what is on screen here says nothing of a deletion; one that deletes it does, once", async () => {
    const { device, told, hear, transport } = await withTabs();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    const change = { kind: "change", operationId: "x", id: A } as const;
    await hear({ ...change, change: { key: "removed", value: false } });
    expect(told).toEqual([]);
    await hear({ ...change, operationId: "y", id: idOf("b"), change: { key: "removed", value: true } });
    expect(told).toEqual([]);
    await hear({ ...change, operationId: "z", change: { key: "removed", value: true } });
    expect(told).toEqual(["deleted Conversation a"]);
    device.stop();
  });

  it("[DEV-12] that has sent a change of this one ends the waiting for it here", async () => {
    const { device, transport, sent, hear } = await withTabs();
    transport.answers.patch = () => new Promise(() => {});
    let isAnswered = false;
    void device.actions.rename(A, "Renamed").then(() => (isAnswered = true));
    await settle();
    const change = sent.find(({ kind }) => kind === "change");
    expect([change?.kind, isAnswered]).toEqual(["change", false]);
    if (change?.kind !== "change") return;
    await hear({ kind: "settled", operationId: change.operationId, asOf: at(101) });
    expect(isAnswered).toBe(true);
    expect(device.conversations.get(A)?.title).toBe("Renamed");
    device.stop();
  });
});

describe("a start", () => {
  it("[DEV-2] right after a stop asks once, and what the stopped one had asked is nothing to it", async () => {
    const { manager, server, store } = makeDevice();
    manager.start();
    manager.stop();
    manager.start();
    await settle();
    expect(server.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await server.last.answer(full(100, [row("a", 10)]));
    expect(store.conversations.list()).toEqual([A]);
    expect(server.asked).toHaveLength(2);
    manager.stop();
  });

  it("is not over because something is known: only an answer, or what is stored, is the list", async () => {
    const { device, transport } = wholeDevice();
    transport.answers.create = () => failure("unavailable", "Later.");
    await device.start();
    await device.turns.send(device.actions.createDraft(), "Hello");
    expect(device.conversations.isReady()).toBe(false);
    await transport.last.answer(full(100, []));
    expect(device.conversations.isReady()).toBe(true);
    await transport.last.answer(increment(100));
    device.stop();
  });
});
