/** An export that is taken while a conversation changes has it as it was in one moment: no word twice, none missing. */
import type { ConversationId } from "@instep/protocol";
import type { Engine } from "@instep/sync-server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportFrom, newConversation, openWorld, turn, type World } from "./import-world.ts";

const READS = ["presets", "listById", "standing", "messages", "allVersions"] as const;

/** The world where something happens behind the nth read that is made of it. */
function disturbed({ engine, storage }: World, nth: number, happens: () => Promise<unknown>): World {
  let count = 0;
  const reads = READS.map((name) => {
    const read = engine[name] as (...args: unknown[]) => Promise<unknown>;
    return [
      name,
      async (...args: unknown[]) => {
        const answer = await read(...args);
        if (++count === nth) await happens();
        return answer;
      },
    ];
  });
  return { engine: { ...engine, ...(Object.fromEntries(reads) as Partial<Engine>) }, storage };
}

const conversationsIn = (text: string): unknown => (JSON.parse(text) as { conversations: unknown }).conversations;

test("[SIGN-9] [MSG-5] a conversation that changes while it is read is exported as it was before, or is behind it", async () => {
  const change = fc.record({ replaceFromSeq: fc.constantFrom(null, 1, 3), nth: fc.integer({ min: 1, max: 8 }) });
  await fc.assert(
    fc.asyncProperty(change, async ({ replaceFromSeq, nth }) => {
      const world = await openWorld();
      const id: ConversationId = await newConversation(world);
      for (const n of [1, 2]) await turn(world, id, { text: `question ${n}`, reply: `answer ${n}` });
      const before = await exportFrom(world);
      const happens = () => turn(world, id, { text: "other words", reply: "another answer", replaceFromSeq });
      const meanwhile = await exportFrom(disturbed(world, nth, happens));
      const after = await exportFrom(world);
      expect([before, after].map(conversationsIn)).toContainEqual(conversationsIn(meanwhile));
    }),
    { numRuns: 24 },
  );
});
