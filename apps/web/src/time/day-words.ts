/** Days and times of messages, by the days of this place. Pure. */
import { dayStart } from "./day-start.ts";
import { dated, t } from "../words/words.ts";

const DAY = { weekday: "long", day: "numeric", month: "long" } as const;
const DAY_OF_YEAR = { ...DAY, year: "numeric" } as const;
const TIME = { hour: "numeric", minute: "2-digit" } as const;
const WHOLE = { dateStyle: "full", timeStyle: "medium" } as const;

interface Dated {
  readonly created_at: string;
}

/** Whether a day is to be named before it; of the first one that is shown only where it isn't today, whose name says nothing. `now` in Unix milliseconds. */
export function beginsDay({ created_at: at }: Dated, before: Dated | undefined, now: number): boolean {
  const start = dayStart(Date.parse(at), 0);
  return before === undefined ? start !== dayStart(now, 0) : start !== dayStart(Date.parse(before.created_at), 0);
}

/** "Today", "Yesterday", or the day with its date. */
export function dayWords(at: string, now: number): string {
  const date = new Date(at);
  const start = dayStart(date.getTime(), 0);
  if (start === dayStart(now, 0)) return t("Today");
  if (start === dayStart(now, 1)) return t("Yesterday");
  return dated(date, date.getFullYear() === new Date(now).getFullYear() ? DAY : DAY_OF_YEAR);
}

/** The time of day. */
export function timeWords(at: string): string {
  return dated(new Date(at), TIME, "clock");
}

/** Day and time, to the second. */
export function wholeTimeWords(at: string): string {
  return dated(new Date(at), WHOLE);
}
