/** The engine's calls about conversations: each is one read or one write, and the answer as it travels. */
import {
  formatTimestamp,
  type AccountId,
  type ActiveReply,
  type ConversationDetail,
  type ConversationId,
  type ConversationSummary,
  type MessageId,
} from "@instep/protocol";
import { liveConversation } from "./append.ts";
import type { Engine } from "./engine.ts";
import { defaultModelOf, microsOfDays, type EngineCore } from "./engine-core.ts";
import { listConversations, listTrash } from "./lists.ts";
import { messagePage, unreadAfter } from "./message-pages.ts";
import { isRefusal, refuse, type Outcome } from "./refusal.ts";
import type { ConversationRow } from "./storage/rows.ts";
import { summaryOf } from "./summary.ts";
import { wireMessage } from "./wire-message.ts";

type ReadCalls = Pick<Engine, "list" | "listById" | "open" | "messages" | "trashList" | "unreadAfter" | "search">;
type WriteCalls = Pick<
  Engine,
  "create" | "patch" | "trash" | "erase" | "restore" | "markRead" | "setGeneratedTitle" | "append"
>;

/** The running reply of a conversation, from whoever knows it. */
export type FindActiveReply = (accountId: AccountId, id: ConversationId) => Promise<ActiveReply | null>;

export function readCalls({ storage, options }: EngineCore, findActiveReply: FindActiveReply): ReadCalls {
  const defaultModel = () => defaultModelOf(options);

  async function openOnce(accountId: AccountId, id: ConversationId, limit: number) {
    const found = await storage.read(async (snapshot) => {
      const conversation = await liveConversation(snapshot, accountId, id);
      if (isRefusal(conversation)) return conversation;
      const page = await messagePage(snapshot, { accountId, conversation, before: null, after: null, limit });
      return { conversation, page };
    });
    if (isRefusal(found)) return found;
    const { conversation, page } = found;
    const active_reply = conversation.activeReplyId === null ? null : await findActiveReply(accountId, id);
    const detail: ConversationDetail = { ...summaryOf(conversation, defaultModel()), ...page, active_reply };
    // A reply that ended between the two looks would be neither among the messages nor running.
    return { detail, isTorn: active_reply?.reply_id !== (conversation.activeReplyId ?? undefined) };
  }

  return {
    list: (accountId, page) =>
      storage.read((snapshot) => listConversations(snapshot, { ...page, accountId, defaultModel: defaultModel() })),
    listById: (accountId, page) =>
      storage.read(async (snapshot) => {
        const found = await snapshot.conversationsAfter(accountId, page);
        const live = found.filter((row) => row.trashedAt === null);
        return {
          conversations: live.map((row) => summaryOf(row, defaultModel())),
          nextAfterId: found.length < page.limit ? null : (found.at(-1)?.id ?? null),
        };
      }),
    trashList: (accountId, page) =>
      storage.read((snapshot) => listTrash(snapshot, { ...page, accountId, defaultModel: defaultModel() })),
    search: (accountId, page) => storage.search({ ...page, accountId }),
    async open(accountId, id, messageLimit) {
      const first = await openOnce(accountId, id, messageLimit);
      if (isRefusal(first)) return first;
      if (!first.isTorn) return first.detail;
      const second = await openOnce(accountId, id, messageLimit);
      return isRefusal(second) ? second : second.detail;
    },
    messages: (accountId, id, page) =>
      storage.read(async (snapshot) => {
        const conversation = await liveConversation(snapshot, accountId, id);
        return isRefusal(conversation) ? conversation : messagePage(snapshot, { ...page, accountId, conversation });
      }),
    unreadAfter: (accountId, id, afterSeq) =>
      storage.read(async (snapshot) => {
        const conversation = await liveConversation(snapshot, accountId, id);
        return isRefusal(conversation) ? conversation : unreadAfter(snapshot, { accountId, conversation, afterSeq });
      }),
  };
}

export function writeCalls({ storage, environment, options }: EngineCore): WriteCalls {
  const defaultModel = () => defaultModelOf(options);
  const moment = (accountId: AccountId) => ({ accountId, now: environment.now() });
  const summarise = (outcome: Outcome<ConversationRow>): Outcome<ConversationSummary> =>
    isRefusal(outcome) ? outcome : summaryOf(outcome, defaultModel());
  return {
    async create(accountId, { id, title = null, model = null }) {
      const chosen = (id ?? environment.uuid()) as ConversationId;
      const outcome = await storage.transact("createConversation", { ...moment(accountId), id: chosen, title, model });
      if (isRefusal(outcome)) return outcome;
      return { created: outcome.created, conversation: summaryOf(outcome.conversation, defaultModel()) };
    },
    async patch(accountId, id, { title = null, pinned = null, archived = null, model }) {
      const change = { title, pinned, archived, model: model ?? null, forgetsModel: model === null };
      return summarise(
        await storage.transact("patchConversation", {
          ...moment(accountId),
          id,
          ...change,
          defaultModel: defaultModel(),
        }),
      );
    },
    async setGeneratedTitle(accountId, id, title) {
      const input = { ...moment(accountId), id, title, source: "model" as const };
      return summarise(await storage.transact("setGeneratedTitle", input));
    },
    async markRead(accountId, id, { seq = null, message_count: messageCount = null, unread = null }) {
      if (seq === null && messageCount === null && unread === null) {
        return refuse("invalid_body", "One of seq, message_count and unread is needed.");
      }
      return summarise(await storage.transact("markRead", { ...moment(accountId), id, seq, messageCount, unread }));
    },
    async append(accountId, conversationId, message) {
      const { id, role, content, status = "complete", model = null } = message;
      const rest = { stopReason: null, error: null, clientMessageId: null };
      const draft = { id: id ?? (environment.uuid() as MessageId), role, content, status, model, ...rest };
      const outcome = await storage.transact("append", { ...moment(accountId), conversationId, draft });
      if (isRefusal(outcome)) return outcome;
      return {
        message: wireMessage(outcome.message),
        conversation: summaryOf(outcome.conversation, defaultModel()),
      };
    },
    async trash(accountId, id) {
      const keepFor = microsOfDays(options.trashDays);
      const outcome = await storage.transact("trashConversation", { ...moment(accountId), id, keepFor });
      if (isRefusal(outcome)) return outcome;
      if (outcome.purgeAt === null) throw new Error("A conversation went to the trash without a time to leave it");
      return { status: "trashed", purge_at: formatTimestamp(outcome.purgeAt) };
    },
    async erase(accountId, id) {
      const outcome = await storage.transact("eraseConversation", { ...moment(accountId), id });
      return isRefusal(outcome) ? outcome : { status: "erased" };
    },
    async restore(accountId, id) {
      return summarise(await storage.transact("restoreConversation", { ...moment(accountId), id }));
    },
  };
}
