/** What this tab's own doings do to what it knows: turns, reading, paging, conversations begun here. Pure, as `apply-sync.ts` is. */
import type { CompleteRow, ConversationId } from "@instep/protocol";
import {
  type Change,
  type Effect,
  type KnownConversation,
  historiesOf,
  isOfPast,
  isKnownUpTo,
  newsOf,
  type SyncState,
} from "./apply-sync.ts";
import { BEFORE_ALL, isLater, knownUpTo, type Moment } from "./moment.ts";
import {
  allSeen,
  type Baseline,
  followReadPosition,
  isBefore,
  laterBaseline,
  NOTHING_SEEN,
  rebased,
  seenCount,
  withCount,
} from "./unread.ts";

/** What the server says of a conversation within a turn: exact at that commit [DEV-5]. */
export type TurnCounts = Pick<CompleteRow, "message_count" | "last_seq"> &
  Partial<Pick<CompleteRow, "title" | "updated_at" | "active_reply_id">>;

/** The same, and as of when it is true [SYNC-11]. */
export interface TurnWord {
  readonly counts: TurnCounts;
  /** All of the conversation as of then; null where a server of before says no more than the counts. */
  readonly row: CompleteRow | null;
  readonly asOf: Moment;
}

/** Conversations that a page of the list brought: what is known stays, what is new is not unread [DEV-7]. */
export function applyFound(state: SyncState, rows: readonly CompleteRow[], asOf: Moment): Change {
  const put: [ConversationId, KnownConversation][] = [];
  for (const row of rows) {
    if (state.entries.has(row.id) || isKnownUpTo(state, asOf, row.id)) continue;
    const grave = state.graves.get(row.id);
    // A turn may have seen more of it than the row says; of a history that no sync has told of yet, nothing was seen beyond the row.
    const isSure = asOf.epoch === state.watermark.epoch && grave?.isOfPast === undefined;
    const seen = grave && (isSure ? grave : rebased(grave, row));
    const baseline = followReadPosition(seen ?? allSeen(row), row);
    put.push([row.id as ConversationId, { row, baseline, asOf, isLocal: false }]);
  }
  return changeOf(put);
}

/** One that somebody asked for, and left before it could be shown: what was made elsewhere since the last answer is unread [DEV-7]. */
export function applyUnshown(state: SyncState, row: CompleteRow, asOf: Moment): Change {
  const { serverTime, epoch } = state.watermark;
  const isNew = serverTime !== null && epoch === asOf.epoch && row.updated_at > serverTime;
  const found = applyFound(state, [row], asOf);
  if (!isNew || state.graves.has(row.id)) return found;
  const baseline = followReadPosition(NOTHING_SEEN, row);
  return { ...found, put: found.put.map(([id, entry]) => [id, { ...entry, baseline }]) };
}

/** Another word about one that is known, by an answer to this tab: of two the later one stands, wherever each came from [SYNC-11]. */
export function applyWord(state: SyncState, row: CompleteRow, asOf: Moment): Change {
  return changeEntry(state, row.id, (entry) => {
    const isLate = (known: Moment): boolean => !isLater(asOf, known, historiesOf(state));
    if (entry.isLocal || isLate(entry.asOf) || isLate(knownUpTo(state.watermark))) return entry;
    const isOneHistory = asOf.epoch === state.watermark.epoch || asOf.epoch === entry.asOf.epoch;
    const seen = isOneHistory ? entry.baseline : rebased(entry.baseline, row);
    return { ...entry, row, baseline: followReadPosition(seen, row), asOf };
  });
}

/** A conversation that this device made: on the server as of then, or null where that has not heard of it. */
export function applyOwn(state: SyncState, row: CompleteRow, asOf: Moment | null): Change {
  const known = state.entries.get(row.id);
  const isGone = !known && asOf !== null && isKnownUpTo(state, asOf, row.id);
  if (isGone || (known && !known.isLocal)) return changeOf([]);
  const baseline = known?.baseline ?? state.graves.get(row.id) ?? allSeen(row);
  return changeOf([[row.id as ConversationId, { row, baseline, asOf: asOf ?? BEFORE_ALL, isLocal: asOf === null }]]);
}

/** One that was begun here was on the server as of then, though no row of it has come: it is gone where all of until then is known. */
export function applyBegun(state: SyncState, id: string, thereAsOf: Moment): Change {
  const entry = state.entries.get(id);
  if (!entry?.isLocal) return changeOf([]);
  if (!isKnownUpTo(state, thereAsOf)) return changeOf([[id as ConversationId, { ...entry, thereAsOf }]]);
  return applyGone(state, id);
}

/** One that was begun here, by whichever tab, is no more on the server: who looks at it is told [DEV-10]. */
export function applyGone(state: SyncState, id: string): Change {
  const entry = state.entries.get(id);
  if (!entry?.isLocal) return changeOf([]);
  return { ...goneFromScreen(state, id), removed: [id as ConversationId] };
}

/** Whoever looks at a conversation that is deleted is told, with the name that it had [DEV-10]. */
export function goneFromScreen({ current, entries }: SyncState, id: string): Change {
  if (current?.id !== id) return changeOf([]);
  const title = entries.get(id)?.row.title ?? "";
  return changeOf([], [{ kind: "current-deleted", id: current.id, title }]);
}

/** A conversation that never reached the server is given up. */
export function applyForgotten(state: SyncState, id: string): Change {
  const isForgotten = state.entries.get(id)?.isLocal === true;
  return { ...changeOf([]), removed: isForgotten ? [id as ConversationId] : [] };
}

/** A turn of this tab's own has come to that, of which so much is seen, exactly [DEV-5]. Of two words about a conversation the later one stands. */
export function applyTurnWord(
  state: SyncState,
  id: string,
  { counts, row, asOf, seen = allSeen(counts) }: TurnWord & { readonly seen?: Baseline },
): Change {
  if (isOfPast(state, asOf.epoch)) return changeOf([]);
  if (!state.entries.has(id)) return seenAbsent(id, seen);
  return changeEntry(state, id, (entry) => {
    // A turn that was followed late tells of its own time; counts that say of none are judged by themselves.
    const isOlder = (known: Moment): boolean => isLater(known, asOf, historiesOf(state));
    const isLate = isOlder(entry.asOf) || (row ? isOlder(knownUpTo(state.watermark)) : isBefore(counts, entry.row));
    if (isLate) return { ...entry, baseline: laterBaseline(entry.baseline, seen) };
    // More was seen where it was opened while the turn ran, here or in another tab.
    const baseline = laterBaseline(seen, entry.baseline);
    if (!row) return { ...entry, row: { ...entry.row, ...counts }, baseline, isLocal: false };
    return { row, baseline: followReadPosition(baseline, row), asOf, isLocal: false };
  });
}

/** The server's exact count is seen; for a caller that has no `last_seq` [DEV-5]. */
export function applySeenCount(state: SyncState, id: string, count: number): Change {
  return changeEntry(state, id, (entry) => {
    const { last_seq: lastSeq, message_count: before } = entry.row;
    // Within a turn the row is older than the count, and as many may be other messages [MSG-3]: its echo makes it exact.
    const withinTurn = { count, seq: lastSeq + Math.max(0, count - before), skipped: null };
    return { ...entry, baseline: state.held.has(id) ? withinTurn : seenCount(count, entry.row) };
  });
}

/** So many messages have been read; never fewer than before. */
export function applyReadCount(state: SyncState, id: string, count: number): Change {
  return changeEntry(state, id, (entry) => {
    const baseline = laterBaseline(entry.baseline, seenCount(count, entry.row));
    return { ...entry, baseline };
  });
}

/** Messages of this tab's own that the server will count: seen before they are told of. */
export function applyOwnMessages(state: SyncState, id: string, n: number): Change {
  return changeEntry(state, id, (entry) => {
    const { count, seq, skipped } = entry.baseline;
    return { ...entry, baseline: { count: Math.max(0, count + n), seq: Math.max(0, seq + n), skipped } };
  });
}

/** This tab has seen that much; never less than before. What is not there has been seen that far once it is. */
export function applySeen(state: SyncState, id: string, baseline: Baseline): Change {
  if (!state.entries.has(id)) return seenAbsent(id, baseline);
  return changeEntry(state, id, (entry) => ({ ...entry, baseline: laterBaseline(entry.baseline, baseline) }));
}

/** Nothing holds the conversation any more: what came meanwhile is news now [DEV-4]. */
export function applyLetGo(state: SyncState, id: string): Change {
  const entry = state.entries.get(id);
  return changeOf([], entry && newsOf(state, id as ConversationId, entry));
}

/** The server has counted what is unread after a seq [DEV-3]: nothing where messages came or went meanwhile. */
export function applyUnreadCount(
  state: SyncState,
  id: string,
  counted: { readonly row: CompleteRow; readonly afterSeq: number; readonly count: number },
): Change {
  const entry = state.entries.get(id);
  if (!entry) return changeOf([]);
  const { row } = entry;
  const isCurrent = row.last_seq === counted.row.last_seq && row.message_count === counted.row.message_count;
  if (!isCurrent || entry.baseline.seq !== counted.afterSeq) return changeOf([]);
  return changeOf([[id as ConversationId, { ...entry, baseline: withCount(entry.baseline, row, counted.count) }]]);
}

function changeEntry(state: SyncState, id: string, update: (entry: KnownConversation) => KnownConversation): Change {
  const entry = state.entries.get(id);
  if (!entry) return changeOf([]);
  const next = update(entry);
  return changeOf(next === entry ? [] : [[id as ConversationId, next]]);
}

function seenAbsent(id: string, baseline: Baseline): Change {
  return { ...changeOf([]), seenAbsent: [[id, baseline]] };
}

function changeOf(put: Change["put"], effects: readonly Effect[] = []): Change {
  return { put, removed: [], watermark: null, effects };
}
