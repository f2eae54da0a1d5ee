/** Dates in the account's lists, as short as they can be with their year. */
import { dated } from "../words/words.ts";

export function shortDate(time: string): string {
  return dated(new Date(time), { day: "numeric", month: "short", year: "numeric" });
}
