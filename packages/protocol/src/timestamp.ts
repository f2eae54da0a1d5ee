/** Timestamps on the wire: ISO 8601 UTC with six fractional digits, held as whole microseconds since 1970. */

/** Whole microseconds since 1970-01-01T00:00:00Z: the unit of an account's clock [CLOCK-1]. Exact in a double until the year 2255. */
export type Micros = number & { readonly unit: "microseconds" };

/** A point in time as it stands on the wire: `2026-01-01T12:00:00.000000Z` [CLOCK-4]. Such strings sort as the instants do. */
export type Timestamp = string;

const ISO_PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?\s*(Z|[+ -]\d{2}(?::?\d{2})?)?$/i;
const MICROS_PER_MILLISECOND = 1000;
const MINUTE_MS = 60_000;
/** What four digits of a year can write: from 0000 to before 10000. */
const FIRST_MS = -62_167_219_200_000;
const END_MS = 253_402_300_800_000;
/** The last number before the year 10000: a double tells only every thirty-second microsecond apart there, and would round up to it. */
const LAST_MICROS = END_MS * MICROS_PER_MILLISECOND - 32;

/** Writes microseconds as a wire timestamp [CLOCK-4]. */
export function formatTimestamp(micros: Micros): Timestamp {
  const milliseconds = Math.floor(micros / MICROS_PER_MILLISECOND);
  const rest = micros - milliseconds * MICROS_PER_MILLISECOND;
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

/**
 * Reads an ISO timestamp: with or without seconds and fraction, with `Z`, an offset, or neither, which means UTC [SYNC-7].
 * Digits beyond the sixth are cut off, so that a parsed watermark is never later than the text. A space where an offset's sign
 * belongs is a plus that a query string swallowed. Returns null where it is no timestamp, or its offset leads out of the years
 * 0000 to 9999, which no answer could write.
 */
export function parseTimestamp(text: string): Micros | null {
  const match = ISO_PATTERN.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = "Z"] = match;
  const utc = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const local = Date.parse(utc);
  // Date.parse rolls 30 February over; what it prints back tells.
  if (Number.isNaN(local) || new Date(local).toISOString() !== utc) return null;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  const milliseconds = local - offset * MINUTE_MS;
  if (milliseconds < FIRST_MS || milliseconds >= END_MS) return null;
  const rest = Number(fraction.padEnd(6, "0").slice(0, 6));
  return Math.min(milliseconds * MICROS_PER_MILLISECOND + rest, LAST_MICROS) as Micros;
}

/** Milliseconds since 1970 (a device's or server's wall clock) as microseconds. */
export function microsFromMilliseconds(milliseconds: number): Micros {
  return Math.round(milliseconds * MICROS_PER_MILLISECOND) as Micros;
}

/** What a wall clock says (in milliseconds since 1970, whatever year that is) as a timestamp, but always later than `before`; text that is none counts as 1970. */
export function timestampAfter(before: Timestamp, milliseconds: number): Timestamp {
  const later = Math.max(Math.min(milliseconds, END_MS - 1), (Date.parse(before) || 0) + 1);
  return new Date(later).toISOString().replace("Z", "000Z");
}

function offsetMinutes(zone: string): number | null {
  if (zone === "Z" || zone === "z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || "0");
  return hours > 23 || minutes > 59 ? null : sign * (hours * 60 + minutes);
}
