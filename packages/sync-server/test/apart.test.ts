/** Nobody can tell whether another account is there: whatever others do, also with the same ids, one's own answers are the same to the byte. */
import type { AccountId, ClientMessageId, ConversationId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Engine } from "../src/engine.ts";
import { isRefusal } from "../src/refusal.ts";
import { ask, micros } from "./sync-world.ts";
import { openWorld, type VirtualWorld } from "./turn-world.ts";

type Act = (engine: Engine, accountId: AccountId) => Promise<unknown>;

interface Step {
  readonly who: "ann" | "bea";
  readonly act: Act;
  readonly pauseMs: number;
}

const [ANN, BEA] = ["ann", "bea"] as [AccountId, AccountId];
const IDS = [1, 2, 3].map((n) => `0000000${n}-0000-4000-8000-000000000000` as ConversationId);

const id = fc.constantFrom(...IDS);
const small = fc.nat({ max: 6 });
const from = fc.option(fc.constantFrom(1, 3));
/** Few, so that both accounts use the same ones. */
const messageId = fc.constantFrom(
  ...[1, 2, 3, 4, 5].map((n) => `1000000${n}-0000-4000-8000-000000000000` as ClientMessageId),
);
const words = fc.constantFrom("marmalade", "bread", "marmalade without bread");

const turn: fc.Arbitrary<Act> = named(
  "turn",
  fc.tuple(id, words, from, messageId),
  async (engine, who, [chosen, text, replaceFromSeq, sent]) => {
    const rest = { clientMessageId: sent, model: null, expectedLastSeq: null, replaceFromSeq };
    const begun = await engine.beginTurn(who, { conversationId: chosen, text, ...rest });
    if (isRefusal(begun)) return begun;
    const writer = engine.replyWriter(who, begun.replyId);
    writer?.write(`A reply about ${text}`);
    return writer?.end({ kind: "complete" });
  },
);

const acts: fc.Arbitrary<Act> = fc.oneof(
  { arbitrary: turn, weight: 5 },
  {
    arbitrary: named("create", fc.tuple(id, words), (engine, who, [chosen, title]) =>
      engine.create(who, { id: chosen, title }),
    ),
    weight: 3,
  },
  named("append", fc.tuple(id, words), (engine, who, [chosen, content]) =>
    engine.append(who, chosen, { role: "user", content }),
  ),
  named("patch", fc.tuple(id, words, fc.boolean()), (engine, who, [chosen, title, pinned]) =>
    engine.patch(who, chosen, { title, pinned }),
  ),
  named("read", fc.tuple(id, small), (engine, who, [chosen, seq]) => engine.markRead(who, chosen, { seq })),
  named("unread", id, (engine, who, chosen) => engine.markRead(who, chosen, { unread: true })),
  named("trash", id, (engine, who, chosen) => engine.trash(who, chosen)),
  named("restore", id, (engine, who, chosen) => engine.restore(who, chosen)),
  { arbitrary: named("erase", id, (engine, who, chosen) => engine.erase(who, chosen)), weight: 2 },
  named("preset", fc.tuple(id, words, fc.boolean()), (engine, who, [chosen, text, isKept]) =>
    isKept ? engine.putPreset(who, { id: chosen, name: text, instructions: text }) : engine.deletePreset(who, chosen),
  ),
  named("scope", fc.constantFrom("account" as const, "device" as const), (engine, who, unreadScope) =>
    engine.updateAccount(who, { unreadScope }),
  ),
);

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ who: fc.constantFrom("ann", "bea", "bea"), act: acts, pauseMs: fc.constantFrom(0, 0, 1, 1500) }),
  { minLength: 10, maxLength: 50, size: "max" },
);

test("[SYNC-9] whatever another account does, also with the same ids, one's rows, badges, clock and searches are as without it", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const [together, alone] = [await openFor(ANN, BEA), await openFor(ANN)];
      for (const { who, act, pauseMs } of all) {
        if (who === "ann") expect(codeOf(await act(together.engine, ANN))).toBe(codeOf(await act(alone.engine, ANN)));
        else await act(together.engine, BEA);
        for (const world of [together, alone]) await world.environment.advance(pauseMs);
        if (who === "bea") expect(await clockOf(together)).toBe(await clockOf(alone));
      }
      expect(await seenBy(together)).toEqual(await seenBy(alone));
      await together.check();
    }),
    { numRuns: 60, interruptAfterTimeLimit: 15_000 },
  );
}, 60_000);

test("[SYNC-9] a held question is answered by one's own changes alone", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = await openFor(ANN, BEA);
      const { server_time: since } = await ask({ engine: world.engine, accountId: ANN });
      let isAnswered = false;
      const held = ask({ engine: world.engine, accountId: ANN }, { since: micros(since), waitS: 25 }).then((answer) => {
        isAnswered = true;
        return answer;
      });
      for (const { act } of all) await act(world.engine, BEA);
      await world.environment.advance(20_000);
      expect(isAnswered).toBe(false);
      await world.engine.patch(ANN, IDS[0] ?? ("" as ConversationId), { title: "one's own" });
      expect((await held).conversations.map((row) => row.id)).toEqual([IDS[0]]);
    }),
    { numRuns: 15 },
  );
});

/** How an act ended, as its sender is told. */
function codeOf(outcome: unknown): string {
  return isRefusal(outcome) ? outcome.refused : "done";
}

/** Gives an act a name that a counterexample shows. */
function named<T>(
  name: string,
  given: fc.Arbitrary<T>,
  act: (engine: Engine, who: AccountId, given: T) => Promise<unknown>,
): fc.Arbitrary<Act> {
  return given.map((chosen) =>
    Object.assign((engine: Engine, who: AccountId) => act(engine, who, chosen), {
      toString: () => `${name} ${JSON.stringify(chosen)}`,
    }),
  );
}

async function openFor(...accounts: readonly AccountId[]): Promise<VirtualWorld> {
  const world = await openWorld();
  for (const accountId of accounts) {
    await world.engine.ensureAccount({ id: accountId, email: null, name: "", unreadScope: "device" });
    // The third is made by whoever comes to it first, or by both.
    for (const chosen of IDS.slice(0, 2)) await world.engine.create(accountId, { id: chosen, title: "" });
  }
  return world;
}

async function clockOf({ engine }: VirtualWorld): Promise<string> {
  return (await ask({ engine, accountId: ANN }, { since: micros("2020-01-01T00:00:00Z") })).server_time;
}

/** Everything that Ann can ask for, but for ids that are chosen by chance. */
async function seenBy({ engine }: VirtualWorld): Promise<unknown> {
  const page = { limit: 100, cursor: null };
  const answers: unknown[] = [
    await ask({ engine, accountId: ANN }, { full: true }),
    await ask({ engine, accountId: ANN }, { since: micros("2026-01-01T00:00:00Z") }),
    await engine.list(ANN, { ...page, archived: false }),
    await engine.trashList(ANN, page),
    await engine.search(ANN, { ...page, query: "marmalade" }),
    await engine.countConversations(ANN, 100),
    await engine.account(ANN),
  ];
  for (const chosen of IDS) {
    answers.push(await engine.open(ANN, chosen, 100), await engine.unreadAfter(ANN, chosen, 0));
  }
  const byChance = new Set(["epoch", "etag", "message_id", "reply_id"]);
  return JSON.parse(
    JSON.stringify(answers, (name, value: unknown) => (byChance.has(name) || isReplysId(name, value) ? null : value)),
  );
}

function isReplysId(name: string, value: unknown): boolean {
  return name === "id" && !/^[01]0000/.test(String(value)) && value !== ANN;
}
