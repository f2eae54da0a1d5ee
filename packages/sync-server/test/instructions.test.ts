/** Instructions of a conversation, however it comes by them, against what a plain map would hold. */
import type { ConversationId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRefusal } from "../src/refusal.ts";
import { openWorld } from "./turn-world.ts";

const ids = Array.from({ length: 3 }, (_, n) => `7d1c3b5a-0c0f-4a64-8a0e-3f7d2b1c4f0${n}` as ConversationId);

const deed = fc.record({
  kind: fc.constantFrom("create", "patch", "erase"),
  id: fc.constantFrom(...ids),
  instructions: fc.constantFrom(undefined, "", " \n", "\u200b", "Be brief.", "Be kind."),
});

test("[ID-1] a conversation has the instructions that it was made with until they are changed; making it again changes none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 12 }), async (deeds) => {
      const world = await openWorld();
      const { engine, accountId } = world;
      const standing = new Map<ConversationId, string | null>();
      const erased = new Set<string>();
      for (const { kind, id, instructions } of deeds) {
        const said = instructions?.startsWith("Be ") ? instructions : null;
        const isMade = standing.has(id);
        const given = instructions === undefined ? {} : { instructions };
        if (kind === "create") {
          const outcome = await engine.create(accountId, { id, ...given });
          expect(isRefusal(outcome) ? outcome.refused : outcome.created).toBe(
            erased.has(id) ? "conversation_deleted" : !isMade,
          );
          if (!isMade && !erased.has(id)) standing.set(id, said);
        } else if (kind === "patch") {
          await engine.patch(accountId, id, given);
          if (isMade && instructions !== undefined) standing.set(id, said);
        } else if (isMade) {
          await engine.erase(accountId, id);
          standing.delete(id);
          erased.add(id);
        }
        for (const [made, text] of standing) {
          expect(await engine.open(accountId, made, 1)).toMatchObject({ instructions: text });
        }
      }
      await world.close();
    }),
    { numRuns: 40 },
  );
});
