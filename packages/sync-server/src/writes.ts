/** Every write that there is, by name: a command is plain data, so that a thread can run it and a test can enumerate it. */
import { ensureAccount, eraseAccount, noteStart, renewEpoch, updateAccount } from "./writes/accounts.ts";
import { act } from "./writes/act.ts";
import { append } from "./writes/append.ts";
import { beginTurn } from "./writes/begin-turn.ts";
import { createConversation, patchConversation, setGeneratedTitle } from "./writes/conversations.ts";
import { finishReply, reapReply, stopTurn } from "./writes/finish-reply.ts";
import { importConversations } from "./writes/import-conversations.ts";
import { deletePreset, putPresets } from "./writes/presets.ts";
import { markRead, readAll } from "./writes/read-position.ts";
import { appendJournal, releaseLease, renewLease, sweepJournals } from "./writes/reply-journal.ts";
import { restoreVersion } from "./writes/restore-version.ts";
import { eraseConversation, restoreConversation, sweep, trashConversation } from "./writes/trash.ts";

export const writes = {
  ensureAccount,
  updateAccount,
  eraseAccount,
  renewEpoch,
  noteStart,
  putPresets,
  deletePreset,
  createConversation,
  patchConversation,
  setGeneratedTitle,
  markRead,
  readAll,
  act,
  append,
  trashConversation,
  restoreConversation,
  eraseConversation,
  importConversations,
  sweep,
  beginTurn,
  appendJournal,
  finishReply,
  stopTurn,
  reapReply,
  renewLease,
  releaseLease,
  sweepJournals,
  restoreVersion,
};

export type WriteName = keyof typeof writes;
export type WriteInput<N extends WriteName> = Parameters<(typeof writes)[N]>[1];
export type WriteResult<N extends WriteName> = Awaited<ReturnType<(typeof writes)[N]>>;
