/** When a conversation was written in last, as short as its heading allows. Pure. */
import { dayStart } from "./list-sections.ts";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const DATE = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DATE_OF_YEAR = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

/** The time of day, the day of the week, or the date; `now` in Unix milliseconds. */
export function rowTime(updatedAt: string, now: number): string {
  const date = new Date(updatedAt);
  if (date.getTime() >= dayStart(now, 1)) return TIME.format(date);
  if (date.getTime() >= dayStart(now, 6)) return DAY.format(date);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? DATE : DATE_OF_YEAR).format(date);
}
