/** Messages around one that a search found, shown instead of the newest until they join on to those. Pure. */
import type { Message, MessagePage, MessagePagination } from "@instep/protocol";
import type { Failure } from "../failure.ts";

/** A run of messages without holes, and the way to what is older. */
export interface Pages {
  readonly messages: readonly Message[];
  readonly olderCursor: string | null;
  readonly isLoadingOlder: boolean;
  /** Why nothing, or nothing older, could be loaded. */
  readonly problem: Failure | null;
}

/** What a search found; a new object each time it is asked for, so that a late answer knows that it is late. */
export interface FoundMessage {
  readonly seq: number;
}

export interface FoundWindow extends Pages {
  readonly phase: "loading" | "ready";
  /** Whether the server said that more follows upon it. */
  readonly hasLater: boolean;
  readonly isLoadingLater: boolean;
  readonly laterProblem: Failure | null;
  /** Whether the newest page is the server's of this opening; one from an earlier time may hold what was ended since. */
  readonly mayJoin: boolean;
  /** How many live messages there were when it was loaded, and the highest number that had been given; null where the server doesn't say. */
  readonly totalCount: number;
  readonly lastSeq: number | null;
}

/** What of a loaded conversation is about a message that was found. */
export interface WithFound extends Pages {
  readonly phase: "loading" | "ready" | "failed" | "deleted";
  /** The message that a search led to; null once one has gone on to the end. */
  readonly found: FoundMessage | null;
  /** Its surroundings, for as long as they don't join on to the newest messages. */
  readonly around: FoundWindow | null;
  /** The same of the newest messages. */
  readonly totalCount: number;
  readonly lastSeq: number;
}

/** One is on the way to a message; `mayJoin`: what is loaded is of this opening. */
export function withAsked<T extends WithFound>(loaded: T, found: FoundMessage, mayJoin: boolean): T {
  return { ...loaded, found, around: { ...NOTHING_AROUND, mayJoin } };
}

/** The page around a message has come. Nothing is left there, or it may have been ended while the page was on its way: the end is shown. */
export function withAround<T extends WithFound>(loaded: T, page: MessagePage): T {
  if (!loaded.around || page.messages.length === 0) return withoutAround(loaded);
  const { messages, message_pagination: pagination } = page;
  const around = { ...loaded.around, phase: "ready" as const, messages, olderCursor: olderOf(pagination) };
  const { has_newer: hasLater, total_count: totalCount, last_seq: lastSeq = null } = pagination;
  return withoutEnded({ ...loaded, around: { ...around, hasLater, totalCount, lastSeq } });
}

/** It could not be loaded: what is there is shown, with the message if that is among it. */
export function withoutAround<T extends WithFound>(loaded: T): T {
  const isThere = loaded.messages.some(({ seq }) => seq === loaded.found?.seq);
  return { ...loaded, around: null, found: isThere ? loaded.found : null };
}

/** The end is shown, and no message is marked any more. */
export function withLatest<T extends WithFound>(loaded: T): T {
  return loaded.found === null ? loaded : { ...loaded, found: null, around: null };
}

/** Messages that follow upon the window's last one. */
export function withLater<T extends WithFound>(loaded: T, page: MessagePage): T {
  if (!loaded.around) return loaded;
  const last = lastSeqOf(loaded.around);
  const messages = [...loaded.around.messages, ...page.messages.filter(({ seq }) => seq > last)];
  const hasLater = page.message_pagination.has_newer;
  return { ...loaded, around: { ...loaded.around, messages, hasLater, isLoadingLater: false, laterProblem: null } };
}

/** The newest page was loaded anew: the window may join on to it, and one that did goes on as a window where it no longer does. */
export function keptThrough(loaded: WithFound): FoundWindow | null {
  if (loaded.around) return { ...loaded.around, mayJoin: true };
  if (loaded.found === null || loaded.messages.length === 0) return null;
  const { messages, olderCursor, totalCount, lastSeq } = loaded;
  return {
    ...NOTHING_AROUND,
    phase: "ready",
    mayJoin: true,
    hasLater: true,
    messages,
    olderCursor,
    totalCount,
    lastSeq,
  };
}

/** What was ended since the window was loaded may be in it, where it has none of the newest messages: then these are shown [MSG-5]. */
export function withoutEnded<T extends WithFound>(loaded: T): T {
  const { around, totalCount, lastSeq } = loaded;
  // What an earlier visit has stored says nothing of when it was.
  if (around?.phase !== "ready" || !around.mayJoin || around.lastSeq === null) return loaded;
  if (isShared(around, loaded)) return loaded;
  return totalCount - around.totalCount < lastSeq - around.lastSeq ? withoutAround(loaded) : loaded;
}

/** Window and newest messages are one as soon as they overlap; of both it is the newest's that are right. */
export function joined<T extends WithFound>(loaded: T): T {
  const { around, messages, phase } = loaded;
  const first = messages[0]?.seq;
  if (phase !== "ready" || around?.phase !== "ready" || !around.mayJoin || first === undefined) return loaded;
  if (!overlaps(around, loaded)) return loaded;
  const older = around.messages.filter(({ seq }) => seq < first);
  if (older.length === 0) return { ...loaded, around: null };
  const { olderCursor, isLoadingOlder, problem } = around;
  return { ...loaded, around: null, messages: [...older, ...messages], olderCursor, isLoadingOlder, problem };
}

/** Whether the newest messages go on from the window. */
function overlaps(around: Pick<Pages, "messages">, newest: Pick<Pages, "messages">): boolean {
  return isShared(around, newest) || lastSeqOf(around) === (newest.messages[0]?.seq ?? 0) - 1;
}

/** Whether both have a message, or the one stands within the other. */
function isShared(around: Pick<Pages, "messages">, newest: Pick<Pages, "messages">): boolean {
  const [first, begin] = [newest.messages[0]?.seq ?? 0, around.messages[0]?.seq ?? 0];
  return begin >= first || around.messages.some(({ seq }) => seq === first);
}

/** Whether the window goes as far as the newest messages without meeting them: they were ended, and what came instead is to be loaded. */
export function isNewestEnded({ around, messages, phase }: WithFound): boolean {
  if (phase !== "ready" || around?.phase !== "ready" || !around.mayJoin || messages.length === 0) return false;
  return lastSeqOf(around) >= (messages[0]?.seq ?? 0) && !overlaps(around, { messages });
}

/** The pages that are on screen. */
export function pagesInView(loaded: WithFound): Pages {
  return loaded.around ?? loaded;
}

/** Changes those pages that an answer joins on to; any others were loaded anew since it was asked for. */
export function changePages<T extends WithFound>(
  loaded: T,
  olderCursor: string,
  update: <P extends Pages>(pages: P) => P,
): T {
  const { around } = loaded;
  const changed = loaded.olderCursor === olderCursor ? update(loaded) : loaded;
  return around?.olderCursor === olderCursor ? { ...changed, around: update(around) } : changed;
}

/** A page of older messages goes before what is there. */
export function withOlder<P extends Pages>(pages: P, page: MessagePage): P {
  const first = pages.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const messages = [...page.messages.filter(({ seq }) => seq < first), ...pages.messages];
  return { ...pages, problem: null, messages, olderCursor: olderOf(page.message_pagination), isLoadingOlder: false };
}

export function olderOf(pagination: MessagePagination): string | null {
  return pagination.has_older ? pagination.older_cursor : null;
}

/** The highest number that is loaded; 0 where nothing is. */
export function lastSeqOf({ messages }: Pick<Pages, "messages">): number {
  return messages.at(-1)?.seq ?? 0;
}

const NOTHING_AROUND: FoundWindow = {
  phase: "loading",
  messages: [],
  olderCursor: null,
  isLoadingOlder: false,
  problem: null,
  hasLater: false,
  isLoadingLater: false,
  laterProblem: null,
  mayJoin: false,
  totalCount: 0,
  lastSeq: 0,
};
