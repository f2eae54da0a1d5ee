/** Changes of this device that no sync has confirmed yet, shown on top of what the server says [DEV-8]. Pure. */
import type { CompleteRow } from "@instep/protocol";
import type { Stamp } from "./apply-sync.ts";

/** The fields that a person can change, at their new values. */
export type ChangedFields = Partial<
  Pick<CompleteRow, "title" | "pinned" | "archived" | "model" | "marked_unread" | "read_seq">
>;

export interface LocalChange {
  readonly operationId: string;
  readonly conversationId: string;
  readonly fields: ChangedFields;
  /** Deleted (true), or taken back (false). */
  readonly isRemoved?: boolean;
  /** Made in this tab, whose person needs no telling; else another tab's. */
  readonly isOwn: boolean;
  /**
   * When the server had it. A sync that left later has the truth, this change in it or overruled by a later one; one that left
   * earlier may not have it. Null: not yet.
   */
  readonly settledAt: Stamp | null;
}

/** The row as it is shown; null where it was deleted here. The last change of a field wins. */
export function withLocalChanges(row: CompleteRow, changes: readonly LocalChange[]): CompleteRow | null {
  if (changes.findLast(({ isRemoved }) => isRemoved !== undefined)?.isRemoved) return null;
  const fields: ChangedFields = Object.assign({}, ...changes.map((change) => change.fields));
  const readSeq = Math.max(row.read_seq, ...changes.map((change) => change.fields.read_seq ?? 0));
  if (readSeq === row.read_seq) return { ...row, ...fields, read_seq: readSeq };
  const unreadCount = Math.max(0, Math.min(row.unread_count, row.last_seq - readSeq));
  return { ...row, ...fields, read_seq: readSeq, unread_count: unreadCount };
}

/** What is left once an answer is applied whose request left at `leftAt`. */
export function unconfirmed(changes: readonly LocalChange[], leftAt: Stamp): readonly LocalChange[] {
  return changes.filter(({ settledAt }) => settledAt === null || settledAt > leftAt);
}
