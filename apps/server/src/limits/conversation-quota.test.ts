import type { AccountId } from "@instep/protocol";
import { expect, it } from "vitest";
import { createConversationQuota } from "./conversation-quota.ts";

const [ANN, BEA] = ["ann", "bea"] as [AccountId, AccountId];

it("[LIMIT-2] lets each account have so many, counts rarely, and sees what was deleted for good", async () => {
  const standing = new Map([[ANN, 7]]);
  const counted: AccountId[] = [];
  const quota = createConversationQuota(10, {
    countConversations: async (accountId, atMost) => {
      counted.push(accountId);
      return Math.min(atMost, standing.get(accountId) ?? 0);
    },
  });
  const add = async (accountId: AccountId) => {
    const refusal = await quota(accountId);
    if (refusal === null) standing.set(accountId, (standing.get(accountId) ?? 0) + 1);
    return refusal?.refused ?? "made";
  };
  expect([await add(ANN), await add(ANN), await add(ANN), await add(ANN)]).toEqual([
    "made",
    "made",
    "made",
    "too_many_conversations",
  ]);
  expect(counted, "at first, and where it is full").toEqual([ANN, ANN]);
  expect(await add(BEA)).toBe("made");
  standing.set(ANN, 9);
  expect([await add(ANN), await add(ANN)]).toEqual(["made", "too_many_conversations"]);
  for (let more = 0; more < 9; more += 1) expect(await add(BEA)).toBe("made");
  expect(await add(BEA)).toBe("too_many_conversations");
});

it("[LIMIT-2] lets no more in where many ask at once, and asks again after a count that failed", async () => {
  let counts = 0;
  const quota = createConversationQuota(5, {
    countConversations: async () => {
      counts += 1;
      if (counts === 1) throw new Error("the database is away");
      return 0;
    },
  });
  await expect(quota(ANN)).rejects.toThrow("the database is away");
  const answers = await Promise.all(Array.from({ length: 30 }, () => quota(ANN)));
  expect(answers.filter((refusal) => refusal === null)).toHaveLength(5);
  expect(counts).toBe(2);
});
