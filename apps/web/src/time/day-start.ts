/** Where days begin, at this place. Pure. */

/** When the day began that many days ago, in Unix milliseconds; negative: when one of the next will. */
export function dayStart(now: number, daysAgo: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo).getTime();
}
