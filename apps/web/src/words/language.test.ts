/** Which language is spoken, and what comes with it. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { decideLanguage, LANGUAGES, speak } from "./language.ts";
import { GERMAN } from "./german/german.ts";
import { dated, numeral, plural, setSpeech, spoken, t, tParts } from "./words.ts";

/** A language with more forms than two. */
const POLISH = { one: "jeden", few: "kilka {count}", many: "wiele", other: "ułamek" };

test.each([
  ["auto", ["de-AT", "en"], { language: "de", locale: "de-AT", clock: "de-AT" }],
  ["auto", ["de"], { language: "de", locale: "de", clock: "de" }],
  ["auto", ["fr-FR", "DE-ch", "en"], { language: "de", locale: "DE-ch", clock: "DE-ch" }],
  ["auto", ["en-GB", "de"], { language: "en", locale: "en-GB", clock: "en-GB" }],
  ["auto", ["fr-FR"], { language: "en", locale: "en", clock: undefined }],
  ["auto", [], { language: "en", locale: "en", clock: undefined }],
  ["auto", ["den-CA", "constructor"], { language: "en", locale: "en", clock: undefined }],
  ["auto", ["en-US@posix", "de"], { language: "en", locale: "en", clock: "en" }],
  ["de", ["en-GB", "de-CH"], { language: "de", locale: "de-CH", clock: "de-CH" }],
  ["de", ["en-GB"], { language: "de", locale: "de", clock: "de" }],
  ["en", ["de-DE"], { language: "en", locale: "en", clock: "en" }],
] as const)("%o where the browser wants %o", (choice, wanted, decided) => {
  expect(decideLanguage(choice, wanted)).toEqual(decided);
});

test("a choice is always spoken, and dates can be written in it, whatever the browser says", () => {
  const locales = fc.array(fc.oneof(fc.constantFrom("de", "en-GB", "fr", "de-DE@euro", "x", ""), fc.string()));
  fc.assert(
    fc.property(fc.constantFrom("auto", "en", "de"), locales, (choice, wanted) => {
      const { language, locale, clock } = decideLanguage(choice, wanted);
      expect(Object.keys(LANGUAGES)).toContain(language);
      if (choice !== "auto") expect(language).toBe(choice);
      for (const each of [locale, clock]) expect(() => new Intl.DateTimeFormat(each)).not.toThrow();
      expect(locale.toLowerCase().startsWith(language)).toBe(true);
    }),
  );
});

test("German is spoken with its forms, numbers and dates, and the page says which language and direction it has", async () => {
  expect(await speak("auto", ["de-DE"])).toBe(true);
  expect([document.documentElement.lang, document.documentElement.dir]).toEqual(["de", "ltr"]);
  expect([t("Settings"), t("System ¦ theme"), t("Signed in as {email}", { email: "ann@example.com" })]).toEqual([
    "Einstellungen",
    "System",
    "Angemeldet als ann@example.com",
  ]);
  expect([numeral(1234567.5), dated(Date.UTC(2026, 2, 3), { month: "long", day: "numeric", timeZone: "UTC" })]).toEqual(
    ["1.234.567,5", "3. März"],
  );
  await speak("en", ["de-DE"]);
  expect([document.documentElement.lang, t("Settings"), numeral(1234)]).toEqual(["en", "Settings", "1,234"]);
});

test("a text about so many has the form of its language, whichever number it is", async () => {
  const say = (count: number) => plural(count, "1 chat archived", "{count} chats archived");
  const range = [0, 1, 2, 21, 1000];
  expect(range.map(say)).toEqual(
    ["0", "1", "2", "21", "1,000"].map((n) => `${n} chat${n === "1" ? "" : "s"} archived`),
  );
  await speak("de", []);
  expect(range.map(say)).toEqual([
    "0 Chats archiviert",
    "1 Chat archiviert",
    "2 Chats archiviert",
    "21 Chats archiviert",
    "1.000 Chats archiviert",
  ]);
  setSpeech({ ...spoken(), locale: "pl", catalogue: { ...GERMAN, "{count} chats archived": POLISH } });
  expect(range.map(say)).toEqual(["wiele", "jeden", "kilka 2", "wiele", "wiele"]);
});

test("a value that looks like a slot, or like what tells texts apart, is shown as it is", async () => {
  const title = fc.oneof(fc.constantFrom("{title}", "{count}", "a ¦ b", "$&", ""), fc.string());
  await speak("de", []);
  fc.assert(
    fc.property(title, (value) => {
      expect(t("“{title}” was archived", { title: value })).toBe(`„${value}“ wurde archiviert`);
      expect(tParts("“{title}” was archived", { title: value })).toEqual(["„", value, "“ wurde archiviert"]);
    }),
  );
});

test("what has no words in it follows the person's habit, what has follows the words", () => {
  setSpeech({ ...spoken(), locale: "en-US", clock: "fr" });
  const at = new Date(2026, 10, 28, 15, 5);
  const how = { hour: "numeric", minute: "2-digit" } as const;
  expect([dated(at, how, "clock"), dated(at, how)]).toEqual(["15:05", expect.stringMatching(/^3:05\sPM$/)]);
  // Each language has its own, however often they change.
  setSpeech({ ...spoken(), clock: "en-US" });
  expect(dated(at.getTime(), how, "clock")).toMatch(/^3:05\sPM$/);
});

test("English stands as it is written, without what tells it apart, and its values in it", () => {
  expect(t("Dark ¦ theme")).toBe("Dark");
  expect(t("Not changed. {reason}", { reason: "{reason}" })).toBe("Not changed. {reason}");
  expect([plural(1, "One setting", "Settings"), plural(0, "One setting", "Settings")]).toEqual([
    "One setting",
    "Settings",
  ]);
  expect(tParts("Not changed. {reason}", { reason: 7 })).toEqual(["Not changed. ", "7", ""]);
});

test("a language that can't be loaded leaves all as it was, and can be asked for again", async () => {
  const load = vi.spyOn(LANGUAGES.de, "load").mockRejectedValueOnce(new TypeError("No network"));
  expect(await speak("de", ["de-DE"])).toBe(false);
  expect([spoken().language, spoken().locale, document.documentElement.lang, t("Settings")]).toEqual([
    "en",
    "en",
    "en",
    "Settings",
  ]);
  expect(await speak("de", ["de-DE"])).toBe(true);
  expect([load.mock.calls.length, t("Settings")]).toEqual([2, "Einstellungen"]);
});

test("a catalogue that never comes is waited for no longer than eight seconds: the page is there without it", async () => {
  vi.useFakeTimers();
  vi.spyOn(LANGUAGES.de, "load").mockReturnValueOnce(new Promise(() => {}));
  const isSpoken = speak("de", ["de-DE"]);
  await vi.advanceTimersByTimeAsync(8000);
  expect([await isSpoken, spoken().language, t("Settings")]).toEqual([false, "en", "Settings"]);
  vi.useRealTimers();
});

test("of two choices the one that was made last is spoken, whichever loads first", async () => {
  await Promise.all([speak("de", []), speak("en", [])]);
  expect([spoken().language, document.documentElement.lang]).toEqual(["en", "en"]);
  await Promise.all([speak("en", []), speak("de", [])]);
  expect([spoken().language, document.documentElement.lang]).toEqual(["de", "de"]);
});

test("a date is written by the clock of the place where the person is, also where that is another one than when the page began", () => {
  const midnight = Date.UTC(2026, 0, 1, 0, 30);
  const before = process.env["TZ"];
  const written = ["America/Lima", "Asia/Tokyo"].map((zone) => {
    process.env["TZ"] = zone;
    return dated(midnight, { day: "numeric" });
  });
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
  expect(written).toEqual(["31", "1"]);
});
