import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTimestamp, microsFromMilliseconds, parseTimestamp, timestampAfter, type Micros } from "./timestamp.ts";

const NEW_YEAR_NOON = 1_767_268_800_000_000;
/** Instants that a double holds exactly: the years 1970 to 2255, and as far back. */
const micros = fc.integer({ min: -62_000_000_000_000_000, max: Number.MAX_SAFE_INTEGER }).filter(Number.isSafeInteger);
const exact = micros.map((value) => value as Micros);

describe("formatTimestamp", () => {
  test("[CLOCK-4] writes ISO 8601 UTC with six fractional digits", () => {
    expect(formatTimestamp(NEW_YEAR_NOON as Micros)).toBe("2026-01-01T12:00:00.000000Z");
    expect(formatTimestamp((NEW_YEAR_NOON + 1) as Micros)).toBe("2026-01-01T12:00:00.000001Z");
    expect(formatTimestamp((NEW_YEAR_NOON + 999_999) as Micros)).toBe("2026-01-01T12:00:00.999999Z");
    expect(formatTimestamp(0 as Micros)).toBe("1970-01-01T00:00:00.000000Z");
    expect(formatTimestamp(-1 as Micros)).toBe("1969-12-31T23:59:59.999999Z");
  });

  test("[CLOCK-4] sorts as text in the order of the instants", () => {
    fc.assert(
      fc.property(exact, exact, (a, b) => {
        expect(formatTimestamp(a) < formatTimestamp(b)).toBe(a < b);
      }),
    );
  });

  test("[CLOCK-3] neighbouring ticks stay apart and are read back as they were", () => {
    fc.assert(
      fc.property(exact, (value) => {
        expect(parseTimestamp(formatTimestamp(value))).toBe(value);
        const next = Math.min(value + 1, Number.MAX_SAFE_INTEGER) as Micros;
        expect(formatTimestamp(next) > formatTimestamp(value)).toBe(next > value);
      }),
    );
  });
});

describe("parseTimestamp", () => {
  test.each([
    ["2026-01-01T12:00:00.000000Z", 0],
    ["2026-01-01T12:00:00Z", 0],
    ["2026-01-01T12:00:00z", 0],
    ["2026-01-01t12:00:00z", 0],
    ["2026-01-01t14:00:00.5+02:00", 500_000],
    ["2026-01-01T12:00:00", 0],
    ["2026-01-01T12:00", 0],
    ["2026-01-01 12:00:00", 0],
    ["2026-01-01T14:00:00+02:00", 0],
    ["2026-01-01T14:00:00+0200", 0],
    ["2026-01-01T14:00:00+02", 0],
    ["2026-01-01T06:30:00-05:30", 0],
    ["2026-01-02T01:45:00+13:45", 0],
    ["2026-01-01T14:00:00 02:00", 0],
    ["2026-01-01T14:00:00.5 0200", 500_000],
    ["2026-01-01T12:00:00.1Z", 100_000],
    ["2026-01-01T12:00:00,25Z", 250_000],
    ["2026-01-01T12:00:00.000001", 1],
    ["2026-01-01T12:00:00.123456+00:00", 123_456],
  ])("[SYNC-7] reads %s", (text, after) => {
    expect(parseTimestamp(text)).toBe(NEW_YEAR_NOON + after);
  });

  test("[CLOCK-4] reads the first and the last second that four digits of a year can write", () => {
    for (const text of ["0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.000000Z"]) {
      const parsed = parseTimestamp(text);
      expect(parsed && formatTimestamp(parsed)).toBe(text);
    }
  });

  test("[SYNC-7] reads every instant of the last second that four digits of a year can write, and none of them as later", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (fraction) => {
        const parsed = parseTimestamp(`9999-12-31T23:59:59.${String(fraction).padStart(6, "0")}Z`);
        expect(parsed && formatTimestamp(parsed).slice(0, 19)).toBe("9999-12-31T23:59:59");
      }),
      { examples: [[999_999], [999_984]] },
    );
    expect(parseTimestamp("9999-12-31T22:59:59.999999-01:00")).not.toBeNull();
  });

  test("[SYNC-3] cuts off what is finer than a microsecond, so that a watermark is never later than its text", () => {
    expect(parseTimestamp("2026-01-01T12:00:00.0000019Z")).toBe(NEW_YEAR_NOON + 1);
    expect(parseTimestamp("2026-01-01T12:00:00.999999999Z")).toBe(NEW_YEAR_NOON + 999_999);
  });

  test.each([
    "",
    " ",
    "yesterday",
    "1767268800000",
    "2026-01-01",
    "2026-02-30T12:00:00Z",
    "2025-02-29T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T12:60:00Z",
    "2026-12-31T23:59:60Z",
    "2026-01-01T12:00:00.Z",
    "2026-01-01T12:00:00.1234567890123Z",
    "2026-01-01T12:00:00+24:00",
    "2026-01-01T12:00:00+02:60",
    "2026-01-01T12:00:00+2",
    "2026-01-01T12:00:00Zulu",
    "26-01-01T12:00:00Z",
    "+002026-01-01T12:00:00Z",
    "9999-12-31T23:59:59-01:00",
    "0000-01-01T00:59:59+01:00",
    "2026-01-01T12:00:00Z\n",
  ])("[SYNC-7] refuses %j", (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  test("[SYNC-7] an offset names the same instant as UTC does", () => {
    const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    const year2000 = fc.integer({ min: 946_684_800_000_000, max: Number.MAX_SAFE_INTEGER - 1e12 });
    fc.assert(
      fc.property(year2000, offset, (instant, minutes) => {
        const local = formatTimestamp((instant + minutes * 60_000_000) as Micros).slice(0, -1);
        expect(parseTimestamp(local + writeOffset(minutes))).toBe(instant);
      }),
    );
  });

  test("[SYNC-7] never throws, whatever the text", () => {
    const nearly = fc.stringMatching(/^[0-9T:.,Zz+ -]{0,34}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const parsed = parseTimestamp(text);
        expect(parsed === null || Number.isInteger(parsed)).toBe(true);
        if (parsed !== null) expect(formatTimestamp(parsed)).toMatch(/^\d{4}-/);
      }),
    );
  });
});

test("[CLOCK-1] a wall clock's milliseconds become whole microseconds", () => {
  expect(microsFromMilliseconds(1_767_268_800_000)).toBe(NEW_YEAR_NOON);
  expect(microsFromMilliseconds(1_767_268_800_000.25)).toBe(NEW_YEAR_NOON + 250);
});

function writeOffset(minutes: number): string {
  const size = Math.abs(minutes);
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

describe("timestampAfter", () => {
  test("[CLOCK-4] writes a wall clock's instant with six digits", () => {
    expect(timestampAfter("", NEW_YEAR_NOON / 1000)).toBe("2026-01-01T12:00:00.000000Z");
    expect(timestampAfter("2026-01-01T11:59:59.999999Z", NEW_YEAR_NOON / 1000)).toBe("2026-01-01T12:00:00.000000Z");
    expect(timestampAfter("", NEW_YEAR_NOON / 1000 + 0.7)).toBe("2026-01-01T12:00:00.000000Z");
  });

  test("[CLOCK-4] is later than the other one, by little, where the clock is not", () => {
    const early = fc.integer({ min: 0, max: 8_000_000_000_000_000 }).map((value) => value as Micros);
    fc.assert(
      fc.property(early, fc.nat(), (value, behind) => {
        const later = parseTimestamp(timestampAfter(formatTimestamp(value), value / 1000 - behind)) ?? 0;
        expect(later - value).toBeGreaterThan(0);
        expect(later - value).toBeLessThanOrEqual(1000);
      }),
    );
  });

  test("[CLOCK-4] is a timestamp whatever the clock says", () => {
    const anything = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(anything, fc.constantFrom("", "9", "now", "2026-01-01T12:00:00.000000Z"), (milliseconds, before) => {
        expect(parseTimestamp(timestampAfter(before, milliseconds))).not.toBeNull();
      }),
    );
  });
});
