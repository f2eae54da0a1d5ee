/** Spans of time as a person says them. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago, from milliseconds. */
export function agoWords(ms: number): string {
  if (ms < 10 * SECOND_MS) return "Just now";
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s ago`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`;
  return ms < DAY_MS ? `${Math.floor(ms / HOUR_MS)} h ago` : `${Math.floor(ms / DAY_MS)} d ago`;
}

/** How soon, from milliseconds. */
export function inWords(ms: number): string {
  if (ms <= 0) return "Now";
  if (ms < 2 * MINUTE_MS) return `In ${Math.ceil(ms / SECOND_MS)} s`;
  return `In ${Math.ceil(ms / MINUTE_MS)} min`;
}
