/** Days and times of messages, by the days of this place. Pure. */
import { dayStart } from "../sidebar/list-sections.ts";

const DAY = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const TIME = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

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
  if (start === dayStart(now, 0)) return "Today";
  if (start === dayStart(now, 1)) return "Yesterday";
  return (date.getFullYear() === new Date(now).getFullYear() ? DAY : DAY_OF_YEAR).format(date);
}

/** The time of day. */
export function timeWords(at: string): string {
  return TIME.format(new Date(at));
}

/** Day and time, to the second. */
export function wholeTimeWords(at: string): string {
  return WHOLE.format(new Date(at));
}
