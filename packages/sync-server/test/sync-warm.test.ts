/** What an engine keeps to answer sooner: no answer may show what was asked before, by whom, or how. */
import type { AccountId, Micros } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createEngine } from "../src/create-engine.ts";
import type { SyncQuery } from "../src/engine.ts";
import { ask, micros, tryAsk } from "./sync-world.ts";
import { must, openWorld, OPTIONS, uuid } from "./turn-world.ts";

interface Question {
  readonly who: number;
  readonly since: number | null;
  readonly limit: number;
  readonly knowsEpoch: boolean;
}

interface Round {
  readonly isAfterWrite: boolean;
  readonly model: string;
  readonly questions: readonly Question[];
}

const question: fc.Arbitrary<Question> = fc.record({
  who: fc.nat({ max: 1 }),
  since: fc.option(fc.nat({ max: 5 }), { freq: 3 }),
  limit: fc.integer({ min: 1, max: 3 }),
  knowsEpoch: fc.boolean(),
});
const round: fc.Arbitrary<Round> = fc.record({
  isAfterWrite: fc.boolean(),
  model: fc.constantFrom("small", "large"),
  questions: fc.array(question, { minLength: 1, maxLength: 8 }),
});

test("[SYNC-8, SYNC-10] an engine that was asked much answers like one that was never asked, each account by itself", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
      const { storage, environment, engine } = await openWorld();
      let defaultModel = "small";
      const open = () =>
        createEngine({ storage, environment, options: { ...OPTIONS, defaultModel: () => defaultModel } });
      const warm = open();
      // Both do the same in the same instants, so that their clocks say the same.
      const accountIds = [uuid() as AccountId, uuid() as AccountId];
      for (const id of accountIds) await engine.ensureAccount({ id, email: null, name: "One", unreadScope: "device" });
      const moments: Micros[] = [];
      for (const { isAfterWrite, model, questions } of rounds) {
        defaultModel = model;
        for (const accountId of isAfterWrite ? accountIds : []) {
          must(await warm.create(accountId, { title: `Of ${accountId}`, model: "large" }));
        }
        const { server_time, epoch } = await ask({ engine: open(), accountId: accountIds[0]! });
        moments.push(micros(server_time));
        const asked = questions.map(({ who, since, limit, knowsEpoch }) => ({
          accountId: accountIds[who]!,
          query: {
            since: since === null ? null : moments[since % moments.length]!,
            limit,
            epoch: knowsEpoch ? epoch : null,
          } satisfies Partial<SyncQuery>,
        }));
        const answers = await Promise.all(
          asked.map(({ accountId, query }) => tryAsk({ engine: warm, accountId }, query)),
        );
        for (const [index, { accountId, query }] of asked.entries()) {
          expect(answers[index]).toEqual(await tryAsk({ engine: open(), accountId }, query));
        }
      }
    }),
    { numRuns: 40 },
  );
});
