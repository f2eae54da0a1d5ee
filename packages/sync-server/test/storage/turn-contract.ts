/** What every storage has to do for turns, journals and leases, as a suite: an adapter's test file runs it on its own database. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type {
  AccountId,
  ClientMessageId,
  ConversationId,
  MessageId,
  Micros,
  ReplyId,
  VersionId,
} from "@instep/protocol";
import type { NodeId } from "../../src/storage/turn-statements.ts";
import { ann, bob, NOW, Subject, type OpenStorage } from "./subject.ts";

const SECOND = 1_000_000;
const node = "a node" as NodeId;
const otherNode = "another node" as NodeId;

const at = (seconds: number) => (NOW + seconds * SECOND) as Micros;
const clientMessageId = () => crypto.randomUUID() as ClientMessageId;
const replyId = () => crypto.randomUUID() as ReplyId;

/** Declares the suite's tests for one adapter. */
export function describeTurns(open: OpenStorage): void {
  const subject = new TurnSubject(open);
  beforeEach(() => subject.open());
  afterEach(() => subject.storage.close());
  describeJournals(subject);
  describeLeases(subject);
}

class TurnSubject extends Subject {
  /** Begins a turn in a new conversation. */
  async begin(turn: Partial<Turn> = {}): Promise<Turn> {
    const given = { accountId: ann, replyId: replyId(), clientMessageId: clientMessageId(), ownerId: node, ...turn };
    const id = crypto.randomUUID() as ConversationId;
    const { accountId } = given;
    await this.storage.transact("createConversation", { accountId, id, title: "", model: null, now: NOW });
    const asked = { text: "Hello", model: null, expectedLastSeq: null, replaceFromSeq: null, maxReplies: 9 };
    const messageId = crypto.randomUUID() as MessageId;
    const kept = { versionId: crypto.randomUUID() as VersionId, keepFor: SECOND };
    const rest = { ...kept, messageId, defaultModel: "demo", offeredModels: null, leaseExpiresAt: at(20), now: NOW };
    const begun = await this.storage.transact("beginTurn", { ...given, ...asked, ...rest, conversationId: id });
    expect(begun).toMatchObject({ kind: "started" });
    return given;
  }

  append(turn: Turn, [firstEventId, ...texts]: readonly [number, ...string[]]) {
    const lastEventId = firstEventId + texts.length - 1;
    const chunk = { firstEventId, lastEventId, events: JSON.stringify(texts) };
    return this.storage.transact("appendJournal", { ownerId: turn.ownerId, appended: [{ ...turn, chunk }] });
  }

  chunks(turn: Turn, after = 0) {
    return this.storage.read((snapshot) => snapshot.journalPiece(turn, after));
  }

  end(turn: Turn, now = NOW) {
    return this.storage.transact("finishReply", { ...turn, chunk: null, now, ending: { kind: "complete" } });
  }
}

function describeJournals(subject: TurnSubject): void {
  test("[TURN-3] a turn is found by its reply and by the device's id, in its account only", async () => {
    const turn = await subject.begin();
    await subject.begin({ accountId: bob, clientMessageId: turn.clientMessageId });
    const found = await subject.storage.read((snapshot) => snapshot.turn(turn));
    expect(found).toMatchObject({ ...ids(turn), state: "running", isStopRequested: false, model: "demo", userSeq: 1 });
    expect(await subject.storage.read((snapshot) => snapshot.turnByClientMessageId(ann, turn.clientMessageId))).toEqual(
      found,
    );
    expect(await subject.storage.read((snapshot) => snapshot.turn({ ...turn, accountId: bob }))).toBeNull();
  });

  test("[TURN-4] the journal comes back in order after a number, and a chunk that grew stands once", async () => {
    const turn = await subject.begin();
    await subject.append(turn, [2, "a", "b"]);
    await subject.append(turn, [2, "a", "b", "ü\u0000"]);
    await subject.append(turn, [2, "a"]);
    await subject.append(turn, [5, "d"]);
    const [start, ...rest] = await subject.chunks(turn);
    expect(start).toMatchObject({ firstEventId: 1, lastEventId: 1 });
    expect(
      rest.map(({ firstEventId, lastEventId, events }) => [firstEventId, lastEventId, JSON.parse(events)]),
    ).toEqual([
      [2, 4, ["a", "b", "ü\u0000"]],
      [5, 5, ["d"]],
    ]);
    expect((await subject.chunks(turn, 3)).map((chunk) => chunk.firstEventId)).toEqual([2, 5]);
    expect((await subject.chunks(turn, 4)).map((chunk) => chunk.firstEventId)).toEqual([5]);
    expect(await subject.chunks(turn, 5)).toEqual([]);
  });

  test("[TURN-4] from every number on, the journal begins with the chunk that has the next one", async () => {
    const turn = await subject.begin();
    await subject.begin();
    const journal = [[1], [2, 3], [4], [7, 8, 9], [10]];
    for (const [first = 0, ...others] of journal.slice(1)) {
      await subject.append(turn, [first, "x", ...others.map(() => "x")]);
    }
    for (let after = 0; after < 12; after += 1) {
      const told = (await subject.chunks(turn, after)).map((chunk) => chunk.firstEventId);
      expect(told, `after ${after}`).toEqual(journal.filter((ids) => Math.max(...ids) > after).map(([first]) => first));
    }
  });

  test("[TURN-6] only its owner journals a running turn, and nobody an ended one", async () => {
    const turn = await subject.begin();
    const foreign = await subject.append({ ...turn, ownerId: otherNode }, [2, "x"]);
    expect(foreign).toEqual([{ accountId: ann, replyId: turn.replyId }]);
    expect(await subject.end(turn)).toMatchObject({ event: "done", id: 2 });
    expect(await subject.append(turn, [2, "x"])).toHaveLength(1);
    expect(await subject.end(turn)).toBeNull();
    expect(await subject.chunks(turn)).toHaveLength(1);
  });
}

function describeLeases(subject: TurnSubject): void {
  test("running turns are counted by account and listed by owner, with the wish to stop", async () => {
    const turn = await subject.begin();
    const ended = await subject.begin();
    await subject.end(ended);
    await subject.begin({ ownerId: otherNode });
    await subject.begin({ accountId: bob });
    expect(await subject.storage.read((snapshot) => snapshot.countRunningTurns(ann))).toBe(2);
    const row = await subject.storage.read((snapshot) => snapshot.turn(turn));
    const key = { ...turn, conversationId: row?.conversationId ?? ("" as ConversationId) };
    expect(await subject.storage.transact("stopTurn", { ...key, isForced: false, now: NOW })).toBe("requested");
    const mine = await subject.storage.read((snapshot) => snapshot.runningTurnsOf(node));
    expect(new Map(mine.map((each) => [each.accountId, each.isStopRequested]))).toEqual(
      new Map([
        [ann, true],
        [bob, false],
      ]),
    );
  });

  test("[TURN-6] a turn is orphaned from the end of its owner's lease on, and while that lease says more than a clock can have meant", async () => {
    const turn = await subject.begin();
    await subject.begin({ accountId: bob, ownerId: otherNode });
    const orphans = (seconds: number, limit = 9) =>
      subject.storage.read((snapshot) =>
        snapshot.orphanedTurns({ endsBy: at(seconds), believedUntil: at(seconds + 60) }, limit),
      );
    expect(await orphans(19)).toEqual([]);
    expect(await orphans(20)).toHaveLength(2);
    expect(await orphans(20, 1)).toHaveLength(1);
    expect(await orphans(-41)).toHaveLength(2);
    await subject.storage.transact("renewLease", { ownerId: otherNode, expiresAt: at(40) });
    expect(await subject.storage.read((snapshot) => snapshot.leaseExpiry(otherNode))).toBe(at(40));
    expect(await orphans(39)).toEqual([{ accountId: ann, replyId: turn.replyId }]);
    await subject.storage.transact("releaseLease", { ownerId: otherNode });
    expect(await orphans(1)).toHaveLength(1);
  });

  test("the sweep takes journals of turns that ended before a time, and leases that nothing needs", async () => {
    const [old, older, running] = [
      await subject.begin(),
      await subject.begin(),
      await subject.begin({ ownerId: otherNode }),
    ];
    await subject.end(older, at(1));
    await subject.end(old, at(60));
    const sweep = (limit: number) =>
      subject.storage.transact("sweepJournals", { now: at(100), endedBefore: at(30), limit });
    // The row, and that there is none any more.
    expect([await sweep(1), await sweep(1)]).toEqual([{ isDone: false }, { isDone: false }]);
    expect(await sweep(1)).toEqual({ isDone: true });
    expect(await subject.chunks(older)).toEqual([]);
    expect(await subject.chunks(old)).toHaveLength(1);
    expect(await subject.chunks(running)).toHaveLength(1);
    expect(await subject.storage.read((snapshot) => snapshot.leaseExpiry(node))).toBeNull();
    expect(await subject.storage.read((snapshot) => snapshot.leaseExpiry(otherNode))).toBe(at(20));
  });
}

interface Turn {
  readonly accountId: AccountId;
  readonly replyId: ReplyId;
  readonly clientMessageId: ClientMessageId;
  readonly ownerId: NodeId;
}

function ids({ replyId, clientMessageId, ownerId }: Turn): Omit<Turn, "accountId"> {
  return { replyId, clientMessageId, ownerId };
}
