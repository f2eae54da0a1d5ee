/** What every storage has to do, as a suite: an adapter's test file runs it on its own database. */
import { afterEach, expect, test } from "vitest";
import type { AccountId, ConversationId, MessageId, Micros } from "@instep/protocol";
import type { Commit } from "../../src/storage/storage.ts";
import type { WriteName } from "../../src/writes.ts";
import type { Swept } from "../../src/writes/trash.ts";
import { ann, bob, NOW, Subject, type OpenStorage } from "./subject.ts";

const id = "11111111-1111-4111-8111-111111111111" as ConversationId;
const other = "22222222-2222-4222-8222-222222222222" as ConversationId;

/** Declares the suite's tests for one adapter. */
export function describeStorage(open: OpenStorage): void {
  const subject = new ConversationSubject(open);
  afterEach(() => subject.storage.close());
  describeReads(subject);
  describeWrites(subject);
  describeInstructions(subject);
  describeSweeps(subject);
  describeLeaving(subject);
  describeCommits(subject);
}

class ConversationSubject extends Subject {
  create(accountId = ann, conversationId = id) {
    const conversation = { id: conversationId, title: null, model: null };
    return this.storage.transact("createConversation", { accountId, now: NOW, ...conversation });
  }

  append(content: string) {
    const rest = { status: "complete", stopReason: null, error: null, model: null, clientMessageId: null } as const;
    const draft = { id: crypto.randomUUID() as MessageId, role: "user", content, ...rest } as const;
    return this.storage.transact("append", { accountId: ann, now: NOW, conversationId: id, draft });
  }

  async clockOf(accountId: AccountId): Promise<number> {
    return (await this.storage.read((snapshot) => snapshot.account(accountId)))?.clock ?? 0;
  }
}

function describeReads(subject: ConversationSubject): void {
  test("a write that was answered is seen by the next read", async () => {
    await subject.open();
    await subject.create();
    expect(await subject.storage.read((snapshot) => snapshot.conversation(ann, id))).toMatchObject({
      id,
      messageCount: 0,
    });
    expect(await subject.storage.read((snapshot) => snapshot.conversation(bob, id))).toBeNull();
  });

  test("[SYNC-3] a read is one snapshot, whatever commits while it lasts", async () => {
    await subject.open();
    await subject.create();
    const seen = await subject.storage.read(async (snapshot) => {
      const before = await snapshot.conversation(ann, id);
      await subject.append("meanwhile");
      const after = await snapshot.conversation(ann, id);
      return [before?.messageCount, after?.messageCount];
    });
    expect(seen).toEqual([0, 0]);
    expect((await subject.storage.read((snapshot) => snapshot.conversation(ann, id)))?.messageCount).toBe(1);
  });

  test("reads that last go on side by side, more of them than there are connections", async () => {
    await subject.open();
    await subject.create();
    const reads = Array.from({ length: 30 }, () =>
      subject.storage.read(async (snapshot) => {
        await new Promise((resolve) => setImmediate(resolve));
        return snapshot.conversation(ann, id);
      }),
    );
    for (const row of await Promise.all(reads)) expect(row?.id).toBe(id);
  });

  test("text comes back as it went in", async () => {
    await subject.open();
    await subject.create();
    const text = 'quotes " and \\ and \u0000 and \u2028 and 👩‍👩‍👧 and ﷽\r\n';
    const outcome = await subject.append(text);
    expect(outcome).toMatchObject({ message: { content: text } });
    const stored = await subject.storage.read((snapshot) =>
      snapshot.message({ accountId: ann, conversationId: id }, 1),
    );
    expect(stored?.content).toBe(text);
  });
}

function describeWrites(subject: ConversationSubject): void {
  test("[CLOCK-1] each changed row has a tick of its own, and the clock is the newest", async () => {
    await subject.open();
    await subject.create();
    await subject.create(ann, other);
    const ticks = await subject.storage.read(async (snapshot) => {
      const rows = await snapshot.changedRows(ann, { since: 0 as Micros, limit: 10, defaultModel: "m" });
      return rows.map((row) => row.tick);
    });
    expect(ticks).toEqual([NOW + 1, NOW + 2]);
    expect(await subject.clockOf(ann)).toBe(NOW + 2);
    expect(await subject.clockOf(bob)).toBe(NOW);
  });

  test("[CLOCK-2] writes of one account that are asked at once take their turns: no tick and no seq twice", async () => {
    await subject.open();
    await subject.create();
    const appended = await Promise.all(Array.from({ length: 50 }, (_, n) => subject.append(String(n))));
    const seqs = appended.map((outcome) => ("message" in outcome ? outcome.message.seq : 0));
    const ticks = appended.map((outcome) => ("message" in outcome ? outcome.message.createdAt : 0));
    expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(new Set(ticks).size).toBe(50);
    expect(await subject.clockOf(ann)).toBe(NOW + 51);
  });

  test("a write that throws changes nothing and rejects its own caller only", async () => {
    await subject.open();
    await subject.create();
    const nobody = "6f1c2b6e-6f0e-4a53-9d3e-1f1a40a0c999" as AccountId;
    const outcomes = await Promise.allSettled([
      subject.append("one"),
      subject.storage.transact("markRead", {
        accountId: nobody,
        now: NOW,
        id,
        seq: 1,
        messageCount: null,
        unread: null,
      }),
      subject.create(nobody, other),
      subject.append("two"),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect((await subject.storage.read((snapshot) => snapshot.conversation(ann, id)))?.messageCount).toBe(2);
    expect(await subject.storage.read((snapshot) => snapshot.conversation(nobody, other))).toBeNull();
  });

  test("a write that throws after having written leaves nothing behind, and moves no clock", async () => {
    await subject.open();
    const clock = await subject.clockOf(ann);
    const message = { id: "m", role: "user" as const, content: "x", status: "complete" as const, createdAt: NOW };
    const conversation = { id, title: "", model: null, pinned: false, archived: false, createdAt: NOW, updatedAt: NOW };
    const conversations = [{ ...conversation, messages: [message, message] }];
    const told: Commit[] = [];
    subject.storage.onCommit((commit) => told.push(commit));
    await expect(
      subject.storage.transact("importConversations", { accountId: ann, now: NOW, keepFor: 1, conversations }),
    ).rejects.toThrow();
    expect(await subject.storage.read((snapshot) => snapshot.conversation(ann, id))).toBeNull();
    expect(await subject.clockOf(ann)).toBe(clock);
    expect(told).toEqual([]);
  });

  test("an unknown write is refused", async () => {
    await subject.open();
    const unknown = "dropEverything" as WriteName;
    await expect(subject.storage.transact(unknown, { epoch: "x" })).rejects.toThrow();
    expect(await subject.storage.read((snapshot) => snapshot.account(ann))).not.toBeNull();
  });
}

function describeInstructions(subject: ConversationSubject): void {
  test("instructions are their conversation's, and go with it", async () => {
    await subject.open();
    const at = { now: NOW, id };
    const patch = { ...at, title: null, pinned: null, archived: null, model: null, defaultModel: "demo" };
    const stored = () =>
      subject.storage.read(async (snapshot) => [
        await snapshot.instructions(ann, id),
        await snapshot.instructions(ann, other),
        await snapshot.instructions(bob, id),
        ...(await snapshot.strayIds(ann)),
      ]);
    for (const [account, conversation] of [
      [ann, id],
      [ann, other],
      [bob, id],
    ] as const) {
      await subject.create(account, conversation);
      const text = `${account === ann ? "Ann's" : "Bob's"} ${conversation === id ? "first" : "second"}`;
      await subject.storage.transact("patchConversation", {
        ...patch,
        id: conversation,
        accountId: account,
        instructions: text,
      });
    }
    expect(await stored()).toEqual(["Ann's first", "Ann's second", "Bob's first"]);
    await subject.storage.transact("patchConversation", { ...patch, accountId: bob, instructions: null });
    expect(await stored()).toEqual(["Ann's first", "Ann's second", null]);
    await subject.storage.transact("trashConversation", { ...at, accountId: ann, keepFor: 1_000_000 });
    expect(await stored()).toEqual(["Ann's first", "Ann's second", null]);
    await subject.storage.transact("eraseConversation", { ...at, accountId: ann });
    expect(await stored()).toEqual([null, "Ann's second", null]);
  });
}

function describeSweeps(subject: ConversationSubject): void {
  test("[SYNC-5] old tombstones go a few at a time, of every account, but for those of what is still in the trash", async () => {
    await subject.open();
    await subject.create();
    await subject.create(ann, other);
    await subject.create(bob);
    const erase = (accountId: AccountId) => subject.storage.transact("eraseConversation", { accountId, now: NOW, id });
    await subject.storage.transact("trashConversation", { accountId: ann, now: NOW, id: other, keepFor: 1_000_000 });
    await erase(ann);
    await erase(bob);
    const horizon = (NOW + 1000) as Micros;
    const sweep = (after: Swept["after"]) => subject.storage.transact("sweep", { now: NOW, horizon, limit: 1, after });
    let rounds = 0;
    for (let swept: Swept = { isDone: false, after: null }; !swept.isDone; rounds++) swept = await sweep(swept.after);
    expect(rounds).toBe(4);
    const left = await subject.storage.read(async (snapshot) => ({
      tombstones: [...(await snapshot.tombstones(ann)), ...(await snapshot.tombstones(bob))].map((one) => one.id),
      pruned: [(await snapshot.account(ann))?.prunedThrough, (await snapshot.account(bob))?.prunedThrough],
    }));
    expect(left).toEqual({ tombstones: [other], pruned: [NOW + 4, NOW + 2] });
  });
}

function describeLeaving(subject: ConversationSubject): void {
  test("[SIGN-7] an account goes with all that it has, a few at a time, and no other's goes with it", async () => {
    await subject.open();
    for (const account of [ann, bob]) for (const one of [id, other]) await subject.create(account, one);
    const buried = (accountId: AccountId) => subject.storage.transact("eraseConversation", { accountId, now: NOW, id });
    await Promise.all([buried(ann), buried(bob)]);
    const erase = () => subject.storage.transact("eraseAccount", { accountId: ann, now: NOW, limit: 1 });
    expect([await erase(), await erase(), await erase()].map(({ isDone }) => isDone)).toEqual([false, false, true]);
    const left = (account: AccountId) =>
      subject.storage.read(async (snapshot) => [
        (await snapshot.account(account))?.id,
        ...(await snapshot.conversationsAfter(account, { afterId: "", limit: 9 })).map((row) => row.id),
        ...(await snapshot.tombstones(account)).map((one) => one.id),
      ]);
    expect([await left(ann), await left(bob)]).toEqual([[undefined], [bob, other, id]]);
  });
}

function describeCommits(subject: ConversationSubject): void {
  test("a commit is told with the clocks that moved, before its caller has the answer", async () => {
    await subject.open();
    const told: string[] = [];
    const stop = subject.storage.onCommit((commit) => {
      if (commit.kind === "moved") told.push(...[...commit.clocks].map(([account, clock]) => `${account} ${clock}`));
    });
    await subject.create().then(() => told.push("answered"));
    expect(told).toEqual([`${ann} ${NOW + 1}`, "answered"]);
    await subject.storage.transact("createConversation", { accountId: ann, now: NOW, id, title: null, model: null });
    expect(told).toHaveLength(2);
    stop();
    await subject.append("unheard");
    expect(told).toHaveLength(2);
  });

  test("[EPOCH-1] the epoch is the database's, and a new one is told", async () => {
    await subject.open();
    expect(subject.storage.epoch).not.toBe("");
    expect(await subject.storage.read((snapshot) => snapshot.epoch())).toBe(subject.storage.epoch);
    const told: Commit[] = [];
    subject.storage.onCommit((commit) => told.push(commit));
    expect(await subject.storage.transact("renewEpoch", { epoch: "another" })).toBe("another");
    expect(subject.storage.epoch).toBe("another");
    expect(told).toEqual([{ kind: "unknown" }]);
  });

  test("what is closed answers neither reads nor writes, and closing finishes what was begun", async () => {
    await subject.open();
    await subject.create();
    const late = subject.append("last words");
    await subject.storage.close();
    expect(await late).toMatchObject({ message: { content: "last words" } });
    await expect(subject.append("too late")).rejects.toThrow();
    await expect(subject.storage.read((snapshot) => snapshot.account(ann))).rejects.toThrow();
  });
}
