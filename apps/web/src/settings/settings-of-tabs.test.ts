/** Settings of several tabs of one browser: what was chosen last in any of them stands in all, and nothing else is put back. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { sharedStore } from "../../test/shared-store.ts";
import type { LanguageChoice } from "../words/language.ts";
import { createSettingsStore, DEFAULT_SETTINGS, type PageSettings, storedSettings } from "./settings-store.ts";

const change: fc.Arbitrary<Partial<PageSettings>> = fc.record(
  {
    theme: fc.constantFrom("system", "light", "dark"),
    language: fc.constantFrom("auto", "en", "de"),
    isStreaming: fc.boolean(),
    enterKey: fc.constantFrom("auto", "sends", "newline"),
    hasNotifications: fc.boolean(),
    isFollowing: fc.boolean(),
    isSidebarHidden: fc.boolean(),
  },
  { requiredKeys: [] },
);

test("what was chosen last in any tab stands, in all of them and after a reload, whenever they are told", async () => {
  const step = fc.record({ tab: fc.nat(2), change, isTold: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const browser = sharedStore();
      const tabs = [browser.tab(), browser.tab(), browser.tab()].map((tab) => createSettingsStore(tab));
      const chosen = { ...DEFAULT_SETTINGS };
      for (const each of steps) {
        tabs[each.tab]?.change(each.change);
        Object.assign(chosen, each.change);
        if (each.isTold) browser.deliver();
        for (const [key, value] of Object.entries(each.change)) {
          expect(tabs[each.tab]?.get()).toHaveProperty(key, value);
        }
      }
      browser.deliver();
      await Promise.resolve();
      expect(storedSettings(browser.tab())).toEqual(chosen);
      for (const tab of tabs) expect(tab.get()).toEqual(chosen);
    }),
  );
});

test("another tab's choice is told once, and one that changes nothing here is not", () => {
  const browser = sharedStore();
  const [one, other] = [createSettingsStore(browser.tab()), browser.tab()];
  const told: string[] = [];
  one.subscribe(() => void told.push(one.get().theme));
  createSettingsStore(other).change({ theme: "dark" });
  browser.deliver();
  other.set("instep.draft.a", "text");
  browser.deliver();
  expect(told).toEqual(["dark"]);
});

test("another tab's language is shown once it is spoken; one that was taken back meanwhile, or can't be loaded, is not", async () => {
  const browser = sharedStore();
  const asked: { readonly language: LanguageChoice; readonly end: (isSpoken: boolean) => void }[] = [];
  const one = createSettingsStore(
    browser.tab(),
    (language) => new Promise<boolean>((end) => void asked.push({ language, end })),
  );
  const other = createSettingsStore(browser.tab());
  const choose = (language: LanguageChoice) => {
    other.change({ language, theme: language === "de" ? "dark" : "light" });
    browser.deliver();
  };
  choose("de");
  expect([one.get().language, one.get().theme]).toEqual(["auto", "dark"]);
  choose("en");
  // The words of the first are still on their way, and would be spoken unless the second is asked for as well.
  expect(asked.map(({ language }) => language)).toEqual(["de", "en"]);
  asked[0]?.end(true);
  await Promise.resolve();
  expect(one.get().language).toBe("auto");
  asked[1]?.end(true);
  await Promise.resolve();
  expect(one.get().language).toBe("en");
  choose("de");
  asked[2]?.end(false);
  await Promise.resolve();
  expect(one.get()).toEqual({ ...DEFAULT_SETTINGS, theme: "dark", language: "en" });
  one.change({ isFollowing: true });
  expect([storedSettings(browser.tab()).language, asked.length]).toEqual(["de", 4]);
  asked[3]?.end(true);
  await Promise.resolve();
  expect(one.get().language).toBe("de");
});

test("[DEV-14] what a full store refuses holds in its tab, and is stored with the next choice that is taken", () => {
  const browser = sharedStore();
  const [one, other] = [createSettingsStore(browser.tab()), createSettingsStore(browser.tab())];
  browser.fill(true);
  one.change({ theme: "dark" });
  one.change({ isFollowing: true });
  expect(one.get()).toEqual({ ...DEFAULT_SETTINGS, theme: "dark", isFollowing: true });
  browser.fill(false);
  other.change({ enterKey: "sends" });
  browser.deliver();
  one.change({ isStreaming: false });
  const all: PageSettings = {
    ...DEFAULT_SETTINGS,
    theme: "dark",
    isFollowing: true,
    enterKey: "sends",
    isStreaming: false,
  };
  expect([one.get(), storedSettings(browser.tab())]).toEqual([all, all]);
});

test("[DEV-14] what a newer version in another tab has stored is kept by this one", () => {
  const browser = sharedStore();
  const keyValue = browser.tab();
  keyValue.set("instep.settings", '{"density":"compact","theme":"dark"}');
  createSettingsStore(browser.tab()).change({ theme: "light" });
  expect(JSON.parse(keyValue.get("instep.settings") ?? "")).toEqual({ density: "compact", theme: "light" });
});
