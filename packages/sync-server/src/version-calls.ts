/** The engine's calls about versions: what once stood where a message stands, and bringing it back [MSG-5]. */
import { formatTimestamp, type MessageVersion, type VersionId } from "@instep/protocol";
import { answerOf, readDated } from "./as-of.ts";
import type { Engine } from "./engine.ts";
import { microsOfDays, type EngineCore } from "./engine-core.ts";
import { liveConversation } from "./live-conversation.ts";
import { isRefusal, refuse } from "./refusal.ts";
import { versionPage, type VersionPage, type VersionPart } from "./version-pages.ts";
import { seqBefore } from "./versions.ts";
import { wireMessage } from "./wire-message.ts";

type VersionCalls = Pick<Engine, "versions" | "allVersions" | "restoreVersion">;

export function versionCalls({ storage, environment, options }: EngineCore): VersionCalls {
  return {
    versions: (accountId, id, { seq, cursor }) =>
      readDated(storage, accountId, async (snapshot) => {
        const conversation = await liveConversation(snapshot, accountId, id);
        if (isRefusal(conversation)) return conversation;
        const key = { accountId, conversationId: id };
        if (!(await snapshot.message(key, seq))) return refuse("message_not_found");
        const place = await seqBefore(snapshot, key, seq);
        const page = await versionPage(snapshot, key, { from: place, to: place, cursor });
        return isRefusal(page) ? page : { versions: page.parts.map(wireVersion), ...nextOf(page) };
      }),
    allVersions: (accountId, id, cursor) =>
      storage.read(async (snapshot) => {
        const key = { accountId, conversationId: id };
        const page = await versionPage(snapshot, key, { from: 0, to: Number.MAX_SAFE_INTEGER, cursor });
        if (isRefusal(page)) return page;
        const versions = page.parts.map((part) => ({ ...wireVersion(part), after_seq: part.row.afterSeq }));
        return { versions, ...nextOf(page) };
      }),
    async restoreVersion(accountId, conversationId, { versionId: restoredId, expectedLastSeq }) {
      const versionId = environment.uuid() as VersionId;
      const keepFor = microsOfDays(options.trashDays);
      const moment = { accountId, now: environment.now() };
      const input = { ...moment, conversationId, restoredId, expectedLastSeq, versionId, keepFor };
      return answerOf(await storage.transact("restoreVersion", input), ({ page }) => page);
    },
  };
}

function wireVersion({ row, messages }: VersionPart): MessageVersion {
  return {
    version_id: row.id,
    replaced_at: formatTimestamp(row.replacedAt),
    messages: messages.map((message) => wireMessage(message)),
  };
}

function nextOf({ nextCursor }: VersionPage): { readonly next_cursor?: string } {
  return nextCursor === null ? {} : { next_cursor: nextCursor };
}
