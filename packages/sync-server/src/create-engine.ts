/** Puts the engine together: storage, clocks in memory, held requests and replies, behind one face. */
import { engineAccounts, sweepTrash } from "./engine-accounts.ts";
import { actionCalls } from "./action-calls.ts";
import { enginePresets } from "./engine-presets.ts";
import { trashCalls } from "./trash-calls.ts";
import { ClockCache } from "./clock-cache.ts";
import { readCalls, writeCalls } from "./conversation-calls.ts";
import type { Engine } from "./engine.ts";
import { defaultModelOf, ENGINE_DEFAULTS, tombstoneHorizon, type EngineCore, type EngineParts } from "./engine-core.ts";
import { createReplies } from "./replies/replies.ts";
import { Sync } from "./sync.ts";
import { versionCalls } from "./version-calls.ts";
import { Waiters } from "./waiters.ts";

/** Makes an engine on a storage, which `close` closes too. Everything that it keeps in memory follows the storage's commits. */
export function createEngine(parts: EngineParts): Engine {
  const core: EngineCore = { ...parts, options: { ...ENGINE_DEFAULTS, ...parts.options } };
  const { storage, environment, options } = core;
  const clocks = new ClockCache();
  const waiters = new Waiters(environment, {
    perAccount: options.maxHeldPerAccount,
    perProcess: options.maxHeld,
  });
  // The clocks first: whoever is woken looks at them.
  storage.onCommit((commit) => {
    clocks.apply(commit);
    waiters.apply(commit);
  });
  const sync = new Sync({
    storage,
    environment,
    clocks,
    waiters,
    defaultModel: () => defaultModelOf(options),
    tombstoneHorizon: () => tombstoneHorizon(options, environment.now()),
    maxWaitS: options.maxWaitS,
  });
  const replies = createReplies(core);

  return {
    get epoch() {
      return storage.epoch;
    },
    idleAnswer: (accountId, question) => sync.idleAnswer(accountId, question),
    sync: (accountId, question, signal) => sync.answer(accountId, question, signal),
    ...engineAccounts(core),
    ...enginePresets(core),
    ...readCalls(core, replies),
    ...writeCalls(core),
    ...actionCalls(core),
    ...trashCalls(core),
    ...versionCalls(core),
    beginTurn: (accountId, turn) => replies.beginTurn(accountId, turn),
    replyWriter: (accountId, replyId) => replies.replyWriter(accountId, replyId),
    viewReply: (accountId, from, signal) => replies.viewReply(accountId, from, signal),
    stopReply: (accountId, conversationId, replyId) => replies.stopReply(accountId, conversationId, replyId),
    activeReply: (accountId, conversationId) => replies.activeReply(accountId, conversationId),
    async sweep() {
      await sweepTrash(core);
      await replies.sweep();
    },
    statistics: () => ({ heldRequests: waiters.count, runningReplies: replies.runningCount }),
    beginStop: () => waiters.stop(),
    async close() {
      waiters.stop();
      await replies.close();
      await storage.close();
    },
  };
}
