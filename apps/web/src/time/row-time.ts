/** When a conversation was written in last, as short as its heading allows. Pure. */
import { dated, t } from "../words/words.ts";
import { dayStart } from "./day-start.ts";

const TIME = { hour: "numeric", minute: "2-digit" } as const;
const DAY = { weekday: "short" } as const;
const DATE = { day: "numeric", month: "short" } as const;
const DATE_OF_YEAR = { ...DATE, year: "numeric" } as const;

/** The time of day, the day of the week, or the date; `now` in Unix milliseconds. `namesDay`: no heading over it tells yesterday from today. */
export function rowTime(updatedAt: string, now: number, namesDay = false): string {
  const date = new Date(updatedAt);
  if (namesDay && dayStart(date.getTime(), 0) === dayStart(now, 1)) return t("Yesterday");
  if (date.getTime() >= dayStart(now, 1)) return dated(date, TIME, "clock");
  if (date.getTime() >= dayStart(now, 6)) return dated(date, DAY);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return dated(date, isThisYear ? DATE : DATE_OF_YEAR);
}
