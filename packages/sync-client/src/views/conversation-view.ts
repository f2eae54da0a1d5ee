/** What is loaded of a conversation's messages, and how pages and turns change it. Pure. */
import type { CompleteRow, ConversationDetail, Message } from "@instep/protocol";
import type { ConversationView, TurnFailure } from "../device.ts";
import { type Failure, isFailure, type Result } from "../failure.ts";
import { joined, keptThrough, lastSeqOf, olderOf, pagesInView, type WithFound, withoutEnded } from "./found-window.ts";

export interface LoadedConversation extends WithFound {
  /** Why what is newer could not be loaded. */
  readonly newerProblem: Failure | null;
  /** How many live messages the conversation had when this was loaded; with more loaded since, that tells whether some were ended. */
  readonly totalCount: number;
  /** The highest number that was given until then, to a message that is loaded or to one that was ended since. */
  readonly lastSeq: number;
  readonly turnFailure: TurnFailure | null;
  /** The conversation's `last_seq` as that turn left it: what came after it has had another end. */
  readonly failedAt: number;
  /** How far everything had been seen when what is new came on screen; null where nothing of it is new. */
  readonly seenUpTo: number | null;
}

export const NOTHING_LOADED: LoadedConversation = {
  phase: "loading",
  problem: null,
  newerProblem: null,
  messages: [],
  totalCount: 0,
  lastSeq: 0,
  olderCursor: null,
  isLoadingOlder: false,
  turnFailure: null,
  failedAt: 0,
  seenUpTo: null,
  found: null,
  around: null,
};

/** What the page is given of it. */
export function viewOf(
  loaded: LoadedConversation,
  besides: Pick<ConversationView, "id" | "pending" | "reply" | "newMessages">,
): ConversationView {
  const { around, found, newerProblem, turnFailure } = loaded;
  const { messages, olderCursor, isLoadingOlder, problem } = pagesInView(loaded);
  // Loaded before its stream has told its end, it stands there once.
  const isThere = besides.reply !== null && messages.some(({ id }) => id === besides.reply?.replyId);
  return {
    ...besides,
    reply: isThere ? null : besides.reply,
    phase: around?.phase ?? loaded.phase,
    problem,
    newerProblem,
    messages,
    hasOlder: olderCursor !== null,
    isLoadingOlder,
    hasLater: around !== null,
    isLoadingLater: around?.isLoadingLater ?? false,
    laterProblem: around?.laterProblem ?? null,
    found,
    turnFailure,
    newMessages: loaded.phase === "ready" ? besides.newMessages : 0,
    firstNewSeq: firstNewOf({ ...loaded, messages }),
    earlierNewSeq: earlierNewOf({ ...loaded, messages, olderCursor }),
  };
}

/** The newest page takes the place of what was there. */
export function withNewest(
  loaded: LoadedConversation,
  detail: Pick<ConversationDetail, "messages" | "message_pagination" | "last_seq">,
): LoadedConversation {
  const { messages, message_pagination: pagination, last_seq: lastSeq } = detail;
  const olderCursor = olderOf(pagination);
  const totalCount = pagination.total_count;
  const isWell = { phase: "ready", problem: null, newerProblem: null, isLoadingOlder: false } as const;
  const around = keptThrough(loaded);
  const turnFailure = failureStill(loaded, lastSeq);
  const next = { ...loaded, ...isWell, messages, totalCount, lastSeq, olderCursor, turnFailure, around };
  return joined(withoutEnded(next));
}

/** Why there is no reply: as long as nothing has come since. */
function failureStill({ turnFailure, failedAt }: LoadedConversation, lastSeq: number): TurnFailure | null {
  return lastSeq > failedAt ? null : turnFailure;
}

/** What an earlier visit has left is shown; whatever was before that is to be loaded, unless its row says that this is all. */
export function withStored(
  loaded: LoadedConversation,
  messages: readonly Message[],
  row: Pick<CompleteRow, "message_count" | "last_seq"> | undefined,
): LoadedConversation {
  const isWell = { phase: "ready", problem: null, newerProblem: loaded.problem } as const;
  const first = messages[0]?.seq ?? 0;
  const lastSeq = lastSeqOf({ messages });
  const isAll = first <= 1 || (row?.message_count === messages.length && row.last_seq === lastSeq);
  return { ...loaded, ...isWell, messages, lastSeq, olderCursor: isAll ? null : String(first) };
}

/** Only so many of the newest are kept, and what is older is to be loaded again: the next opening begins at the end. */
export function withTail(loaded: LoadedConversation, count: number): LoadedConversation {
  const messages = loaded.messages.slice(-count);
  const [first] = messages;
  if (!first || messages.length === loaded.messages.length) return loaded;
  return { ...loaded, messages, olderCursor: String(first.seq), isLoadingOlder: false };
}

/** Messages that came after what is there go behind it; `totalCount` live ones are there with them. */
export function withNewer(
  loaded: LoadedConversation,
  newer: readonly Message[],
  totalCount: number,
): LoadedConversation {
  const messages = [...loaded.messages, ...newer];
  const lastSeq = Math.max(loaded.lastSeq, newer.at(-1)?.seq ?? 0);
  const turnFailure = failureStill(loaded, newer.at(-1)?.seq ?? 0);
  return { ...loaded, newerProblem: null, messages, totalCount, lastSeq, turnFailure };
}

/** What comes after `seq` is new, for as long as the conversation is on screen. */
export function withSeen(loaded: LoadedConversation, seq: number): LoadedConversation {
  return { ...loaded, seenUpTo: lastSeqOf(loaded) > seq ? seq : null };
}

/** Where the new begins; moves up as older pages of it come in. */
export function firstNewOf({ seenUpTo, messages }: LoadedConversation): number | null {
  return seenUpTo === null ? null : (messages.find(({ seq }) => seq > seenUpTo)?.seq ?? null);
}

/** Where the new begins, if that is older than everything that is loaded. */
function earlierNewOf({ seenUpTo, messages, olderCursor }: LoadedConversation): number | null {
  const [first] = messages;
  if (seenUpTo === null || olderCursor === null || !first) return null;
  return first.seq > seenUpTo + 1 ? seenUpTo + 1 : null;
}

/** Whether so many newer messages make up the whole difference; else some of those that are shown were ended. */
export function isWhole(loaded: LoadedConversation, newerCount: number, totalCount: number): boolean {
  return loaded.totalCount + newerCount === totalCount;
}

/** Whether more is known than an answer tells: of a later time, by a turn that is shown already, or of one that it says isn't there. */
export function isAnswerOutdated(
  loaded: LoadedConversation | undefined,
  detail: Result<ConversationDetail>,
  { isToldSince, isLate }: { readonly isToldSince: boolean; readonly isLate: boolean },
): boolean {
  if (isFailure(detail)) return detail.status === 404 && isToldSince;
  // The same numbers may stand for what was ended since: one that is asked again has no new one before its end [MSG-3].
  return isLate || detail.last_seq < lastSeqOf(loaded ?? NOTHING_LOADED);
}

/** Whether messages follow upon what is loaded, number by number: counts alone can't tell what was ended from what is missing. */
export function joinsOn(loaded: LoadedConversation, newer: readonly Message[]): boolean {
  return newer.every(({ seq }, index) => seq === loaded.lastSeq + 1 + index);
}

/** The messages from `seq` on were ended: asked again, or edited [MSG-3]. */
export function withoutFrom(loaded: LoadedConversation, seq: number | null): LoadedConversation {
  if (seq === null) return loaded;
  const isBefore = (message: Message): boolean => message.seq < seq;
  const messages = loaded.messages.filter(isBefore);
  const around = loaded.around && { ...loaded.around, messages: loaded.around.messages.filter(isBefore) };
  return { ...loaded, around, messages, totalCount: loaded.totalCount - loaded.messages.length + messages.length };
}

/** It could not be loaded, or not anew; what is deleted stays so. */
export function withProblem(loaded: LoadedConversation, problem: Failure): LoadedConversation {
  if (problem.status === 404) return { ...NOTHING_LOADED, phase: "deleted", problem };
  if (loaded.phase === "deleted") return loaded;
  return loaded.phase === "ready" ? { ...loaded, newerProblem: problem } : { ...loaded, problem, phase: "failed" };
}
