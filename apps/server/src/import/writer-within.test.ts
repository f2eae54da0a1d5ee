/** [LIMIT-2] over any batches: what fits is written, what stands needs no room, and what doesn't fit is refused. */
import type { AccountId, ConversationId } from "@instep/protocol";
import { isRefusal, packConversations, type ImportedConversation, type PackedConversations } from "@instep/sync-server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writerWithin } from "./writer-within.ts";

const account = "ann" as AccountId;

/** As much of an engine as the writer asks; what stands in it is its conversations. */
function engineWith(standing: Set<string>) {
  return {
    standing: async (_account: AccountId, id: ConversationId) => {
      if (standing.has(id)) return { id } as never;
      return { refused: "conversation_not_found" } as const;
    },
    countConversations: async (_account: AccountId, most: number) => Math.min(most, standing.size),
    importPacked: async (_account: AccountId, { ids }: Pick<PackedConversations, "ids">) => {
      const added = ids.filter((id) => !standing.has(id));
      for (const id of added) standing.add(id);
      return { added: added.length, grown: 0, messages: 0, versions: 0, versionsLeftOut: 0, kept: [] };
    },
  };
}

const conversation = (name: number) => ({ id: `c${name}` }) as unknown as ImportedConversation;

test("[LIMIT-2] no import goes over what an account may have, and none is refused that needs no more", async () => {
  const batches = fc.array(fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 6 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(batches, fc.uniqueArray(fc.nat(12), { maxLength: 6 }), fc.nat(6), async (all, before, room) => {
      const standing = new Set(before.map((name) => `c${name}`));
      const most = standing.size + room;
      const write = writerWithin(most, engineWith(standing), account);
      for (const names of all) {
        const asked = names.map((name) => `c${name}`);
        const needed = asked.filter((id) => !standing.has(id)).length;
        const left = most - standing.size;
        const outcome = await write(packConversations(names.map(conversation)));
        expect(isRefusal(outcome)).toBe(needed > left);
        expect(standing.size).toBe(most - Math.max(0, left - needed));
        if (isRefusal(outcome)) return;
      }
    }),
  );
});
