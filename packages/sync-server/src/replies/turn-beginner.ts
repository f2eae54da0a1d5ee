/** Begins turns: writes them, takes the reply into this process's hands, and collects what the model is asked with [TURN-1, TURN-3]. */
import { isTemporary, type AccountId, type MessageId, type ReplyId, type VersionId } from "@instep/protocol";
import type { BeginTurn, BegunTurn, StartedTurn } from "../turns.ts";
import { defaultModelOf, microsOfDays, offeredModelsOf, type EngineCore } from "../engine-core.ts";
import { isRefusal, refuse, type Outcome } from "../refusal.ts";
import type { ConversationKey } from "../storage/message-statements.ts";
import { LEASE_MS, microsAfter } from "./reply-times.ts";
import type { RunningReplies } from "./running-replies.ts";
import { wireMessage } from "../wire-message.ts";
import { readNewest } from "./read-newest.ts";
import { startEventOf, type TurnStart } from "../writes/begin-turn.ts";

/** At most so many messages go to the model, the newest ones; it takes what fits, and is told how many more there are. */
const MAX_HISTORY = 1000;

type Asked = Pick<StartedTurn, "history" | "olderCount" | "instructions">;

/** Begins turns, and knows which are being begun, so that a close can wait for them. */
export class TurnBeginner {
  readonly #core: EngineCore;
  readonly #running: RunningReplies;
  readonly #beginning = new Set<Promise<unknown>>();
  #isStopped = false;

  constructor(core: EngineCore, running: RunningReplies) {
    this.#core = core;
    this.#running = running;
  }

  async begin(accountId: AccountId, turn: BeginTurn): Promise<Outcome<BegunTurn>> {
    if (this.#isStopped) return refuse("unavailable", "The server is stopping.");
    if (isTemporary(turn.conversationId)) {
      const detail = "A conversation has no temporary id any more when something is sent to it.";
      return refuse("invalid_parameter", detail, { parameter: "id" });
    }
    const beginning = this.#begin(accountId, turn);
    this.#beginning.add(beginning);
    try {
      return await beginning;
    } finally {
      this.#beginning.delete(beginning);
    }
  }

  /** Takes no new turns; resolves when those that were being begun have begun. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#beginning);
  }

  async #begin(accountId: AccountId, turn: BeginTurn): Promise<Outcome<BegunTurn>> {
    const { conversationId } = turn;
    const begun = await this.#write(accountId, turn);
    if (isRefusal(begun)) return begun;
    const { kind, replyId, userMessage, model, title } = begun;
    const standing = { conversationId, replyId, userMessage, model, title };
    if (kind === "joined") return { kind, ...standing };
    const reply = this.#running.add({ accountId, conversationId, replyId }, startEventOf(begun));
    try {
      const asked = await this.#asked({ accountId, conversationId }, begun);
      return { kind, ...standing, ...asked };
    } catch (error) {
      // The caller gets no turn to generate, so nobody else would end it.
      void this.#running.cutShort(reply, { kind: "interrupted" });
      throw error;
    }
  }

  #write(accountId: AccountId, turn: BeginTurn): Promise<Outcome<TurnStart>> {
    const { storage, environment, options } = this.#core;
    const now = environment.now();
    return storage.transact("beginTurn", {
      ...turn,
      accountId,
      now,
      replyId: environment.uuid() as ReplyId,
      messageId: environment.uuid() as MessageId,
      versionId: environment.uuid() as VersionId,
      keepFor: microsOfDays(options.trashDays),
      defaultModel: defaultModelOf(options),
      offeredModels: offeredModelsOf(options),
      ownerId: this.#running.nodeId,
      leaseExpiresAt: microsAfter(now, LEASE_MS),
      maxReplies: options.maxRepliesPerAccount,
    });
  }

  /** While the reply runs nothing is added to the conversation, so what stands after the commit is what the model is asked with: up to the question. */
  async #asked(key: ConversationKey, begun: TurnStart): Promise<Asked> {
    const { storage } = this.#core;
    const { seq } = begun.userMessage;
    const { behind, instructions } = await storage.read(async (snapshot) => ({
      // An imported question may have other replies, which stand behind it.
      behind: await snapshot.countMessagesAfter(key, { after: seq, limit: begun.messageCount }),
      instructions: await snapshot.instructions(key.accountId, key.conversationId),
    }));
    const standing = begun.messageCount - behind;
    const newest = await readNewest(storage, key, { through: seq, count: Math.min(standing, MAX_HISTORY) });
    const history = newest.toReversed().map((message) => wireMessage(message));
    return { history, instructions, olderCount: Math.max(0, standing - history.length) };
  }
}
