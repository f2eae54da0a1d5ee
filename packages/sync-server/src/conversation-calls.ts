/** The engine's calls about conversations: each is one read or one write, and the answer as it travels. */
import {
  canBeSeen,
  formatTimestamp,
  type AccountId,
  type ActiveReply,
  type ConversationId,
  type ConversationSummary,
  type Dated,
  type MessageId,
} from "@instep/protocol";
import type { WithAsOf } from "./account-clock.ts";
import { answerOf, readDated } from "./as-of.ts";
import type { Engine } from "./engine.ts";
import { defaultModelOf, microsOfDays, type EngineCore } from "./engine-core.ts";
import { listConversations } from "./lists.ts";
import { liveConversation } from "./live-conversation.ts";
import { messagePage, unreadAfter } from "./message-pages.ts";
import { isRefusal, refuse, type Outcome } from "./refusal.ts";
import type { ConversationRow } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";
import { summaryOf } from "./summary.ts";
import { wireMessage } from "./wire-message.ts";

type ReadCalls = Pick<
  Engine,
  "list" | "listById" | "countConversations" | "standing" | "open" | "messages" | "unreadAfter" | "search"
>;
type WriteCalls = Pick<
  Engine,
  "create" | "patch" | "trash" | "erase" | "restore" | "markRead" | "setGeneratedTitle" | "append"
>;

/** Whoever knows what runs. */
export interface RunningNow {
  /** The reply that runs in a conversation as the snapshot has it; null where none does [MSG-4]. */
  activeReplyIn(snapshot: Snapshot, accountId: AccountId, conversation: ConversationRow): Promise<ActiveReply | null>;
}

export function readCalls({ storage, options }: EngineCore, running: RunningNow): ReadCalls {
  const defaultModel = () => defaultModelOf(options);
  /** Reads of one live conversation. */
  const readLive = <T extends object>(
    accountId: AccountId,
    id: ConversationId,
    query: (snapshot: Snapshot, conversation: ConversationRow) => Promise<T>,
  ) =>
    readDated(storage, accountId, async (snapshot) => {
      const conversation = await liveConversation(snapshot, accountId, id);
      return isRefusal(conversation) ? conversation : query(snapshot, conversation);
    });

  return {
    list: (accountId, page) =>
      readDated(storage, accountId, (snapshot) =>
        listConversations(snapshot, { ...page, accountId, defaultModel: defaultModel() }),
      ),
    listById: (accountId, page) =>
      storage.read(async (snapshot) => {
        const found = await snapshot.conversationsAfter(accountId, page);
        const live = found.filter((row) => row.trashedAt === null);
        return {
          conversations: live.map((row) => summaryOf(row, defaultModel())),
          nextAfterId: found.length < page.limit ? null : (found.at(-1)?.id ?? null),
        };
      }),
    countConversations: (accountId, atMost) =>
      storage.read(async (snapshot) => snapshot.countConversations(accountId, atMost)),
    standing: (accountId, id) =>
      readLive(accountId, id, async (snapshot, conversation) => ({
        ...summaryOf(conversation, ""),
        model: conversation.model,
        instructions: await snapshot.instructions(accountId, id),
      })),
    search: (accountId, page) => storage.search({ ...page, accountId }),
    open: (accountId, id, messageLimit) =>
      readLive(accountId, id, async (snapshot, conversation) => {
        const page = { accountId, conversation, before: null, after: null, limit: messageLimit };
        return {
          ...summaryOf(conversation, defaultModel()),
          ...(await messagePage(snapshot, page)),
          instructions: await snapshot.instructions(accountId, id),
          active_reply: await running.activeReplyIn(snapshot, accountId, conversation),
        };
      }),
    messages: (accountId, id, page) =>
      readLive(accountId, id, (snapshot, conversation) => messagePage(snapshot, { ...page, accountId, conversation })),
    unreadAfter: (accountId, id, afterSeq) =>
      readLive(accountId, id, async (snapshot, conversation) => ({
        count: await unreadAfter(snapshot, { accountId, conversation, afterSeq }),
      })),
  };
}

export function writeCalls({ storage, environment, options }: EngineCore): WriteCalls {
  const defaultModel = () => defaultModelOf(options);
  const moment = (accountId: AccountId) => ({ accountId, now: environment.now() });
  const summarise = (outcome: Outcome<WithAsOf<ConversationRow>>): Outcome<Dated<ConversationSummary>> =>
    answerOf(outcome, (row) => summaryOf(row, defaultModel()));
  return {
    async create(accountId, { id, title = null, model = null, instructions = null }) {
      const chosen = (id ?? environment.uuid()) as ConversationId;
      const wished = { title, model, instructions: saying(instructions) };
      const outcome = await storage.transact("createConversation", { ...moment(accountId), id: chosen, ...wished });
      if (isRefusal(outcome)) return outcome;
      const { created, conversation, asOf } = outcome;
      return { created, conversation: { ...summaryOf(conversation, defaultModel()), ...asOf } };
    },
    async patch(accountId, id, { title = null, pinned = null, archived = null, model, instructions }) {
      const change = { title, pinned, archived, model: model ?? null, forgetsModel: model === null };
      return summarise(
        await storage.transact("patchConversation", {
          ...moment(accountId),
          id,
          ...change,
          ...(instructions !== undefined && { instructions: saying(instructions) }),
          defaultModel: defaultModel(),
        }),
      );
    },
    async setGeneratedTitle(accountId, id, { title, replyId = null }) {
      const input = { ...moment(accountId), id, title, replyId, source: "model" as const };
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
      return answerOf(outcome, ({ purgeAt }) => {
        if (purgeAt === null) throw new Error("A conversation went to the trash without a time to leave it");
        return { status: "trashed", purge_at: formatTimestamp(purgeAt) };
      });
    },
    async erase(accountId, id) {
      const outcome = await storage.transact("eraseConversation", { ...moment(accountId), id });
      return answerOf(outcome, () => ({ status: "erased" }));
    },
    async restore(accountId, id) {
      return summarise(await storage.transact("restoreConversation", { ...moment(accountId), id }));
    },
  };
}

/** Instructions of which nothing can be seen are none. */
function saying(text: string | null): string | null {
  return text !== null && canBeSeen(text) ? text : null;
}
