/** Spans of time as a person says them. */
import { t } from "../words/words.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago, from milliseconds. */
export function agoWords(ms: number): string {
  if (ms < 10 * SECOND_MS) return t("Just now");
  if (ms < MINUTE_MS) return t("{count} s ago", { count: Math.floor(ms / SECOND_MS) });
  if (ms < HOUR_MS) return t("{count} min ago", { count: Math.floor(ms / MINUTE_MS) });
  return ms < DAY_MS
    ? t("{count} h ago", { count: Math.floor(ms / HOUR_MS) })
    : t("{count} d ago", { count: Math.floor(ms / DAY_MS) });
}

/** How soon, from milliseconds. */
export function inWords(ms: number): string {
  if (ms <= 0) return t("Now");
  if (ms < 2 * MINUTE_MS) return t("In {count} s", { count: Math.ceil(ms / SECOND_MS) });
  return t("In {count} min", { count: Math.ceil(ms / MINUTE_MS) });
}
