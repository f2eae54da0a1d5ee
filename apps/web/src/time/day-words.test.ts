/** Days between messages. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { speak } from "../words/language.ts";
import { beginsDay, dayWords, timeWords, wholeTimeWords } from "./day-words.ts";

const at = (...[year, month, day, hour = 12, minute = 0]: readonly [number, number, number, number?, number?]) =>
  new Date(year, month - 1, day, hour, minute).toISOString();
const NOW = new Date(2026, 10, 28, 0, 30).getTime();

test("a day is named by its distance, then by its date, with the year where it is another one", () => {
  expect(dayWords(at(2026, 11, 28, 0, 1), NOW)).toBe("Today");
  expect(dayWords(at(2026, 11, 27, 23, 59), NOW)).toBe("Yesterday");
  expect(dayWords(at(2026, 11, 26, 23, 59), NOW)).toBe("Thursday, November 26");
  expect(dayWords(at(2025, 12, 31), NOW)).toBe("Wednesday, December 31, 2025");
});

test("in German a day and a time are written as there, by the region of whoever reads it", async () => {
  await speak("auto", ["de-AT"]);
  expect(dayWords(at(2026, 11, 27), NOW)).toBe("Gestern");
  expect(dayWords(at(2025, 1, 31), NOW)).toBe("Freitag, 31. Jänner 2025");
  expect([timeWords(at(2026, 11, 28, 15, 5)), wholeTimeWords(at(2026, 11, 28, 15, 5))]).toEqual([
    "15:05",
    "Samstag, 28. November 2026 um 15:05:00",
  ]);
  await speak("en", ["de-AT", "en-GB"]);
  expect(dayWords(at(2026, 11, 26), NOW)).toBe("Thursday 26 November");
});

test("the first message names its day unless that is today, each other one where its day is another than the one before", () => {
  const message = (created_at: string) => ({ created_at });
  expect(beginsDay(message(at(2026, 11, 28, 0, 1)), undefined, NOW)).toBe(false);
  expect(beginsDay(message(at(2026, 11, 27)), undefined, NOW)).toBe(true);
  expect(beginsDay(message(at(2026, 11, 28, 0, 1)), message(at(2026, 11, 27, 23, 59)), NOW)).toBe(true);
  expect(beginsDay(message(at(2026, 11, 27, 23, 59)), message(at(2026, 11, 27, 0, 0)), NOW)).toBe(false);
});

test("between two messages stands a divider exactly where their days have other names", () => {
  const instant = fc.date({ min: new Date(2026, 8, 1), max: new Date(2026, 10, 28), noInvalidDate: true });
  fc.assert(
    fc.property(instant, instant, (one, other) => {
      const [before, after] = [one, other].map((date) => ({ created_at: date.toISOString() }));
      if (!before || !after) return;
      const isOther = dayWords(before.created_at, NOW) !== dayWords(after.created_at, NOW);
      expect(beginsDay(after, before, NOW)).toBe(isOther);
    }),
  );
});
