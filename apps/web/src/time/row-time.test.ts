import { expect, test } from "vitest";
import { setSpeech, spoken } from "../words/words.ts";
import { rowTime } from "./row-time.ts";

const NOON = new Date(2026, 10, 28, 12).getTime();
const at = (...parts: [number, number, number, number?]) => rowTime(new Date(...parts).toISOString(), NOON);

test("a row says the time today and yesterday, then the day, then the date, and the year of another year", () => {
  expect(at(2026, 10, 28, 9)).toMatch(/\b9\b.*00/);
  expect(at(2026, 10, 27, 0)).toMatch(/00/);
  expect(at(2026, 10, 26, 23)).toMatch(/^\p{L}+\.?$/u);
  expect(at(2026, 10, 22, 0)).toMatch(/^\p{L}+\.?$/u);
  expect(at(2026, 10, 21, 23)).toMatch(/21/);
  expect(at(2026, 0, 5)).not.toMatch(/2026/);
  expect(at(2025, 10, 28)).toMatch(/2025/);
});

test("where no heading says the day, yesterday is named", () => {
  const pinned = (...parts: [number, number, number, number]) => rowTime(new Date(...parts).toISOString(), NOON, true);
  expect([pinned(2026, 10, 27, 0), pinned(2026, 10, 27, 23)]).toEqual(["Yesterday", "Yesterday"]);
  expect([pinned(2026, 10, 28, 9), pinned(2026, 10, 26, 9)]).toEqual([at(2026, 10, 28, 9), at(2026, 10, 26, 9)]);
});

test("the time of day is written as its person is used to, also where the page has no words of his language", () => {
  const written = ["fr", "en-US", "en-GB"].map((clock) => {
    setSpeech({ ...spoken(), clock });
    return at(2026, 10, 28, 14);
  });
  expect(written).toEqual(["14:00", expect.stringMatching(/^2:00\sPM$/), "14:00"]);
});
