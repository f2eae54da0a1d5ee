/** The engine's calls about versions: what once stood where a message stands, and bringing it back [MSG-5]. */
import { formatTimestamp, type Message, type MessageVersion, type VersionId } from "@instep/protocol";
import { liveConversation } from "./append.ts";
import type { Engine } from "./engine.ts";
import { microsOfDays, type EngineCore } from "./engine-core.ts";
import { messagePage } from "./message-pages.ts";
import { isRefusal, refuse } from "./refusal.ts";
import type { Snapshot } from "./storage/transaction.ts";
import type { VersionKey, VersionRow } from "./storage/version-statements.ts";
import { seqBefore } from "./versions.ts";
import { wireMessage } from "./wire-message.ts";

type VersionCalls = Pick<Engine, "versions" | "allVersions" | "restoreVersion">;

/** So many of the messages that came back are in the answer; the others are newer ones. */
const RESTORED_PAGE = 100;
const PAGE = 500;

export function versionCalls({ storage, environment, options }: EngineCore): VersionCalls {
  return {
    versions: (accountId, id, seq) =>
      storage.read(async (snapshot) => {
        const conversation = await liveConversation(snapshot, accountId, id);
        if (isRefusal(conversation)) return conversation;
        const key = { accountId, conversationId: id };
        if (!(await snapshot.message(key, seq))) return refuse("message_not_found");
        const rows = await snapshot.versionsBehind(key, await seqBefore(snapshot, key, seq));
        return {
          versions: await Promise.all(rows.map((row) => wireVersion(snapshot, { ...key, versionId: row.id }, row))),
        };
      }),
    allVersions: (accountId, id) =>
      storage.read(async (snapshot) => {
        const key = { accountId, conversationId: id };
        const rows = await snapshot.versions(key);
        return Promise.all(
          rows.map(async (row) => ({
            ...(await wireVersion(snapshot, { ...key, versionId: row.id }, row)),
            after_seq: row.afterSeq,
          })),
        );
      }),
    async restoreVersion(accountId, conversationId, { versionId: restoredId, expectedLastSeq }) {
      const versionId = environment.uuid() as VersionId;
      const keepFor = microsOfDays(options.trashDays);
      const moment = { accountId, now: environment.now() };
      const input = { ...moment, conversationId, restoredId, expectedLastSeq, versionId, keepFor };
      const restored = await storage.transact("restoreVersion", input);
      if (isRefusal(restored)) return restored;
      const { conversation, afterSeq } = restored;
      const page = { accountId, conversation, before: null, after: afterSeq, limit: RESTORED_PAGE };
      return storage.read((snapshot) => messagePage(snapshot, page));
    },
  };
}

async function wireVersion(snapshot: Snapshot, key: VersionKey, row: VersionRow): Promise<MessageVersion> {
  const messages: Message[] = [];
  for (let after: number | null = 0; after !== null;) {
    const rows: Awaited<ReturnType<Snapshot["versionMessages"]>> = await snapshot.versionMessages(key, {
      after,
      limit: PAGE,
    });
    messages.push(...rows.map((message) => wireMessage(message)));
    after = rows.length < PAGE ? null : (rows.at(-1)?.seq ?? null);
  }
  return { version_id: row.id, replaced_at: formatTimestamp(row.replacedAt), messages };
}
