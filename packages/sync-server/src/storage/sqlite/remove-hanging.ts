/** Removes rows that others hang on, such as a version with its messages: those first, counted, so that no commit waits for a long one. */

export interface Hanging<T> {
  /** The next row that is to go; undefined where none is left. */
  readonly next: () => T | undefined;
  /** Removes at most `limit` of what hangs on it; returns how many it removed. */
  readonly removeSome: (row: T, limit: number) => number;
  /** Removes it, or notes that nothing hangs on it: it is not the next one again. */
  readonly remove: (row: T) => void;
}

/** Removes at most `limit` rows, each that nothing hangs on any more among them; returns how many. */
export function removeHanging<T>({ next, removeSome, remove }: Hanging<T>, limit: number): number {
  let count = 0;
  while (count < limit) {
    const row = next();
    if (row === undefined) return count;
    const room = limit - count;
    const removed = removeSome(row, room);
    if (removed < room) remove(row);
    // The row itself counts too, so that each round of this comes nearer to the limit.
    count += Math.min(room, removed + 1);
  }
  return count;
}
