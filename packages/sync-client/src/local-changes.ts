/** Changes of this device that no sync has confirmed yet, shown on top of what the server says [DEV-8]. Pure. */
import type { CompleteRow } from "@instep/protocol";
import type { Moment } from "./moment.ts";

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
  /** As of when the server has it: what is known up to then has this change in it, or a later one that overruled it. Null: not yet. */
  readonly settledAs: Moment | null;
}

/** The server has it, as of then, or refused it: it is taken back. */
export type ChangeEnd = Moment | "refused";

/** The row as it is shown; null where it was deleted here. The last change of a field wins. */
export function withLocalChanges(row: CompleteRow, changes: readonly LocalChange[]): CompleteRow | null {
  if (removalIn(changes)?.isRemoved) return null;
  const fields: ChangedFields = Object.assign({}, ...changes.map((change) => change.fields));
  const readSeq = Math.max(row.read_seq, ...changes.map((change) => change.fields.read_seq ?? 0));
  if (readSeq === row.read_seq) return { ...row, ...fields, read_seq: readSeq };
  const unreadCount = Math.max(0, Math.min(row.unread_count, row.last_seq - readSeq));
  return { ...row, ...fields, read_seq: readSeq, unread_count: unreadCount };
}

/** The changes that are shown, in the order of their making. */
export class LocalChanges {
  #changes: readonly LocalChange[] = [];
  /** Operations that are over, shown here or not: few enough to be kept for as long as the page lives. */
  readonly #ended = new Set<string>();

  /** One that is shown already, told by another tab and found in the outbox, is not shown twice. Returns whether it is new. */
  add(change: LocalChange): boolean {
    if (this.#changes.some(({ operationId }) => operationId === change.operationId)) return false;
    this.#changes = [...this.#changes, change];
    return true;
  }

  /** Returns the change where it is taken back by that. */
  end(operationId: string, end: ChangeEnd): LocalChange | null {
    this.#ended.add(operationId);
    const change = this.#changes.find((each) => each.operationId === operationId);
    // The first to say so knew it best.
    if (!change || change.settledAs !== null) return null;
    if (end === "refused") {
      this.#changes = this.#changes.filter((each) => each !== change);
      return change;
    }
    this.#changes = this.#changes.map((each) => (each === change ? { ...each, settledAs: end } : each));
    return null;
  }

  /** Whether it is over, as far as this tab has heard: what its own tab tells of it may come after what another one does. */
  hasEnded(operationId: string): boolean {
    return this.#ended.has(operationId);
  }

  /** The operations of which nobody has said yet that they have ended, but for those that wait. */
  openBut(waiting: ReadonlySet<string>): readonly string[] {
    const open = this.#changes.filter(({ settledAs, operationId }) => settledAs === null && !waiting.has(operationId));
    return open.map(({ operationId }) => operationId);
  }

  /** The operations that the server has, and that are shown still. */
  get settled(): readonly string[] {
    return this.#changes.filter(({ settledAs }) => settledAs !== null).map(({ operationId }) => operationId);
  }

  /** What is known by now contains the settled ones of which that is true, or has overruled them. Returns those. */
  confirm(
    isContained: (settled: { readonly asOf: Moment; readonly operationId: string }) => boolean,
  ): readonly LocalChange[] {
    const confirmed = this.#changes.filter(
      ({ settledAs, operationId }) => settledAs !== null && isContained({ asOf: settledAs, operationId }),
    );
    if (confirmed.length > 0) this.#changes = this.#changes.filter((change) => !confirmed.includes(change));
    return confirmed;
  }

  of(id: string): readonly LocalChange[] {
    return this.#changes.filter(({ conversationId }) => conversationId === id);
  }

  /** The conversation that the operation deletes; null where it does something else. */
  removedBy(operationId: string): string | null {
    const change = this.#changes.find((each) => each.operationId === operationId);
    return change?.isRemoved === true ? change.conversationId : null;
  }

  /** Whether a deletion that is told of is this tab's own: on its way still, or the last of what was done here that the word `contained`. */
  isOwnRemoval(id: string, contained: readonly LocalChange[]): boolean {
    const last = removalIn(contained.filter(({ conversationId }) => conversationId === id));
    return [...this.of(id), last].some((change) => change?.isOwn === true && change.isRemoved === true);
  }
}

/** The last deletion among them, or the last undo of one. */
function removalIn(changes: readonly LocalChange[]): LocalChange | undefined {
  return changes.findLast(({ isRemoved }) => isRemoved !== undefined);
}
