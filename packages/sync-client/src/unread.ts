/** Badges: what is unread here, from counts, this tab's baseline and the account's read position [DEV-3]. Pure. */
import { type CompleteRow, MAX_BADGE_COUNT, type UnreadScope } from "@instep/protocol";

/** How much of a conversation this tab has seen: up to `seq`, when `count` messages, or fewer, were alive. */
export interface Baseline {
  readonly count: number;
  readonly seq: number;
  /** How many numbers after `seq` are known to belong to no live message; null where only the count is sure, and not the `seq`. */
  readonly skipped: number | null;
}

/** The part of a row that says how many messages there are. */
export type Counts = Pick<CompleteRow, "message_count" | "last_seq" | "read_seq" | "unread_count">;

type Amounts = Pick<Counts, "message_count" | "last_seq">;

/** Whether the one was told of a time before the other's, in one history: a message raises `last_seq`, and the end of one lowers the count. */
export function isBefore(one: Amounts, other: Amounts): boolean {
  if (one.last_seq !== other.last_seq) return one.last_seq < other.last_seq;
  return one.message_count > other.message_count;
}

/** Nothing was seen: a conversation that was made elsewhere. */
export const NOTHING_SEEN: Baseline = { count: 0, seq: 0, skipped: 0 };

const NO_COUNTS: Amounts = { message_count: 0, last_seq: 0 };

/** Everything that there is was seen. */
export function allSeen(counts: Amounts): Baseline {
  return { count: counts.message_count, seq: counts.last_seq, skipped: 0 };
}

/** Everything but the newest message, which is live and has the highest number: a reply that ended where nobody looked [DEV-5]. */
export function allButNewest(counts: Amounts): Baseline {
  return { count: counts.message_count - 1, seq: counts.last_seq - 1, skipped: 0 };
}

/**
 * Everything up to `seq` was seen, and of how many messages that is only the most is sure: the most that can be alive up to there.
 * As after a deletion, counts that don't fit are asked about.
 */
export function seenThrough(seq: number, counts: Amounts = NO_COUNTS): Baseline {
  return { count: Math.min(seq, counts.message_count + Math.max(0, seq - counts.last_seq)), seq, skipped: 0 };
}

/**
 * How many live messages came after the baseline; null where deletions make it impossible to tell from counts, so that the
 * server must be asked. Every deletion lowers `message_count` and leaves `last_seq`, so none goes unnoticed.
 */
export function unreadSince(baseline: Baseline, counts: Counts): number | null {
  if (counts.last_seq <= baseline.seq) return 0;
  const areAllAfter = baseline.count === 0;
  if (areAllAfter || baseline.skipped === null) return Math.max(0, counts.message_count - baseline.count);
  const isConsistent = counts.last_seq - baseline.seq - baseline.skipped === counts.message_count - baseline.count;
  return isConsistent ? counts.message_count - baseline.count : null;
}

/** What can be shown until the server has counted: never more than there are, nor than there are numbers, so no badge is false. */
export function leastUnread(baseline: Baseline, counts: Counts): number {
  const unread = Math.max(0, unreadSince(baseline, counts) ?? counts.message_count - baseline.count);
  if (baseline.skipped === null) return unread;
  return Math.min(unread, Math.max(0, counts.last_seq - baseline.seq));
}

/** The same in a history that was rewound: of what was seen nothing is sure but the number, and that no higher than there are [EPOCH-1]. */
export function rebased({ seq }: Baseline, counts: Counts): Baseline {
  return seenThrough(Math.min(seq, counts.last_seq), counts);
}

/** A shared read position that is not behind the baseline moves it, and is exact through deletions too. */
export function followReadPosition(baseline: Baseline, counts: Counts): Baseline {
  if (baseline.skipped === null && baseline.count === counts.message_count) return allSeen(counts);
  if (counts.read_seq < baseline.seq) return baseline;
  return withCount({ ...baseline, seq: counts.read_seq }, counts, counts.unread_count);
}

/** The same baseline once the server has said how many live messages come after it: no more than there are numbers. */
export function withCount(baseline: Baseline, counts: Counts, counted: number): Baseline {
  const numbers = Math.max(0, counts.last_seq - baseline.seq);
  const unread = Math.min(counted, numbers);
  return { count: counts.message_count - unread, seq: baseline.seq, skipped: numbers - unread };
}

/** The baseline of one who has seen `count` messages, as exactly as the counts that are known allow. */
export function seenCount(count: number, known: Counts): Baseline {
  if (known.message_count === count) return allSeen(known);
  return { count, seq: Math.max(0, known.last_seq + count - known.message_count), skipped: null };
}

/** The one that saw more. */
export function laterBaseline(one: Baseline, other: Baseline): Baseline {
  return other.seq > one.seq ? other : one;
}

/** How far a conversation was seen, by whatever showed it: with the row and its read position, all that its badge depends on. */
export interface Seen {
  /** By this tab. */
  readonly baseline: Baseline;
  /** It is on screen, so all of it is. */
  readonly isOnScreen: boolean;
  /** By other tabs of this browser, up to that number: they keep it from being counted, not from having a badge here. */
  readonly elsewhere: number;
}

/** What a conversation's row says of that. */
export interface Unread {
  /** The badge. */
  readonly unread: number;
  /** Whether it counts among the unread ones of this browser, in title and icon. */
  readonly isUnread: boolean;
}

/** What is unread of a conversation: what the server counts, less what was seen [DEV-3]. */
export function unreadOf(row: CompleteRow, { baseline, isOnScreen, elsewhere }: Seen, scope: UnreadScope): Unread {
  const unread = isOnScreen ? 0 : badgeCount(row, baseline, scope);
  const isNews = row.marked_unread || row.last_seq > elsewhere;
  return { unread, isUnread: isNews && unread > 0 };
}

/** What a row's badge says, were the conversation not on screen. */
function badgeCount(row: CompleteRow, baseline: Baseline, scope: UnreadScope): number {
  const isRead = row.read_seq >= row.last_seq;
  // A position that waits to be sent says no more than what was seen here, which is counted exactly.
  const isSeenFurther = row.read_seq > baseline.seq;
  const seenHere = (): number => leastUnread(isSeenFurther ? followReadPosition(baseline, row) : baseline, row);
  const unread = scope === "device" ? seenHere() : isRead ? 0 : row.unread_count;
  return row.marked_unread ? Math.max(1, unread) : unread;
}

/** The row without what came since the baseline, for one that is held: nobody knows yet which of it is news [DEV-4]. A mark stays. */
export function withoutNews(row: CompleteRow, { seq }: Baseline): CompleteRow {
  return { ...row, last_seq: Math.min(row.last_seq, seq), unread_count: 0 };
}

/** Writes a badge: `""`, `"1"` … `"99"`, `"99+"` [DEV-3]. */
export function badgeText(unread: number): string {
  if (unread <= 0) return "";
  return unread > MAX_BADGE_COUNT ? `${MAX_BADGE_COUNT}+` : String(unread);
}
