/** What is loaded of a conversation's messages, and how pages and turns change it. Pure. */
import type { CompleteRow, ConversationDetail, Message, MessagePage, MessagePagination } from "@instep/protocol";
import type { ConversationView, TurnFailure } from "./device.ts";
import type { Failure } from "./failure.ts";
import type { Baseline } from "./unread.ts";

export interface LoadedConversation {
  readonly phase: "loading" | "ready" | "failed" | "deleted";
  /** Why nothing, or nothing older, could be loaded. */
  readonly problem: Failure | null;
  /** Why what is newer could not be loaded. */
  readonly newerProblem: Failure | null;
  readonly messages: readonly Message[];
  /** How many live messages the conversation had when this was loaded; with more loaded since, that tells whether some were ended. */
  readonly totalCount: number;
  /** The highest number that was given until then, to a message that is loaded or to one that was ended since. */
  readonly lastSeq: number;
  readonly olderCursor: string | null;
  readonly isLoadingOlder: boolean;
  readonly turnFailure: TurnFailure | null;
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
  seenUpTo: null,
};

/** What the page is given of it. */
export function viewOf(
  loaded: LoadedConversation,
  besides: Pick<ConversationView, "id" | "pending" | "reply" | "newMessages">,
): ConversationView {
  const { olderCursor, totalCount: _total, lastSeq: _last, seenUpTo: _seen, ...rest } = loaded;
  const newMessages = loaded.phase === "ready" ? besides.newMessages : 0;
  return { ...rest, ...besides, newMessages, hasOlder: olderCursor !== null, firstNewSeq: firstNewOf(loaded) };
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
  return { ...loaded, ...isWell, messages, totalCount, lastSeq, olderCursor };
}

/** A page of older messages goes before what is there. */
export function withOlder(loaded: LoadedConversation, page: MessagePage): LoadedConversation {
  const first = loaded.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.messages.filter(({ seq }) => seq < first);
  const messages = [...older, ...loaded.messages];
  return { ...loaded, problem: null, messages, olderCursor: olderOf(page.message_pagination), isLoadingOlder: false };
}

/** Messages that came after what is there go behind it; `totalCount` live ones are there with them. */
export function withNewer(
  loaded: LoadedConversation,
  newer: readonly Message[],
  totalCount: number,
): LoadedConversation {
  const messages = [...loaded.messages, ...newer];
  const lastSeq = Math.max(loaded.lastSeq, newer.at(-1)?.seq ?? 0);
  return { ...loaded, newerProblem: null, messages, totalCount, lastSeq };
}

/** What comes after `seq` is new, for as long as the conversation is on screen. */
export function withSeen(loaded: LoadedConversation, seq: number): LoadedConversation {
  return { ...loaded, seenUpTo: lastSeqOf(loaded) > seq ? seq : null };
}

/** Where the new begins; moves up as older pages of it come in. */
export function firstNewOf({ seenUpTo, messages }: LoadedConversation): number | null {
  return seenUpTo === null ? null : (messages.find(({ seq }) => seq > seenUpTo)?.seq ?? null);
}

/** Whether so many newer messages make up the whole difference; else some of those that are shown were ended. */
export function isWhole(loaded: LoadedConversation, newerCount: number, totalCount: number): boolean {
  return loaded.totalCount + newerCount === totalCount;
}

/** Whether messages follow upon what is loaded, number by number: counts alone can't tell what was ended from what is missing. */
export function joinsOn(loaded: LoadedConversation, newer: readonly Message[]): boolean {
  return newer.every(({ seq }, index) => seq === loaded.lastSeq + 1 + index);
}

/** The messages from `seq` on were ended: asked again, or edited [MSG-3]. */
export function withoutFrom(loaded: LoadedConversation, seq: number | null): LoadedConversation {
  if (seq === null) return loaded;
  const messages = loaded.messages.filter((message) => message.seq < seq);
  return { ...loaded, messages, totalCount: loaded.totalCount - loaded.messages.length + messages.length };
}

/** The highest number that is loaded; 0 where nothing is. */
export function lastSeqOf({ messages }: LoadedConversation): number {
  return messages.at(-1)?.seq ?? 0;
}

function olderOf(pagination: MessagePagination): string | null {
  return pagination.has_older ? pagination.older_cursor : null;
}

/** It could not be loaded, or not anew; what is deleted stays so. */
export function withProblem(loaded: LoadedConversation, problem: Failure): LoadedConversation {
  if (problem.status === 404) return { ...NOTHING_LOADED, phase: "deleted", problem };
  if (loaded.phase === "deleted") return loaded;
  return loaded.phase === "ready" ? { ...loaded, newerProblem: problem } : { ...loaded, problem, phase: "failed" };
}

/** How much is seen where stored messages up to a number are painted, as far as the list's row tells. */
export function paintedUpTo(lastSeq: number, row: CompleteRow | undefined): Baseline {
  const { message_count: known, last_seq: knownSeq } = row ?? { message_count: 0, last_seq: 0 };
  // The most that can be alive up to there: no message is falsely new.
  const count = Math.min(lastSeq, known + Math.max(0, lastSeq - knownSeq));
  return { count, seq: lastSeq, skipped: null };
}
