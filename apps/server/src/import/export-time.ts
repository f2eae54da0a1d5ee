/** Times as the exports of other programs write them. */
import { parseTimestamp, type Micros } from "@instep/protocol";
import { numberOf } from "../json-value.ts";

const MICROS_PER_SECOND = 1_000_000;
/** Beyond this a number of seconds is no time of anybody's chat: the year 2200. */
const MAX_SECONDS = 7_258_118_400;
const NUMBER = /^\d{1,16}(?:\.\d*)?$/;

/** Seconds since 1970, whole or not, as a number or as text, or a timestamp as text; null for anything else. */
export function timeOf(value: unknown): Micros | null {
  if (typeof value === "string" && !NUMBER.test(value)) return parseTimestamp(value);
  const seconds = typeof value === "string" ? Number(value) : numberOf(value);
  if (seconds === null || seconds <= 0 || seconds > MAX_SECONDS) return null;
  return Math.round(seconds * MICROS_PER_SECOND) as Micros;
}
