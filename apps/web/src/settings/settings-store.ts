/** What a person chose for this device: theme, language, streaming, Enter, notifications. Kept in the browser, followed by every component. */
import { createContext } from "preact";
import { useSyncExternalStore } from "preact/compat";
import { useContext } from "preact/hooks";
import type { KeyValue } from "../environment.ts";
import { isLanguage, type LanguageChoice } from "../words/language.ts";

export type Theme = "system" | "light" | "dark";
/** `auto`: Enter sends where there is a keyboard, and makes a new line on touch screens. */
export type EnterKey = "auto" | "sends" | "newline";

export interface PageSettings {
  readonly theme: Theme;
  readonly language: LanguageChoice;
  /** Whether a reply is shown while it is written; else it comes in one piece. */
  readonly isStreaming: boolean;
  readonly enterKey: EnterKey;
  readonly hasNotifications: boolean;
  /** Whether what comes elsewhere flows into the open conversation for whoever is at its end; else it waits in the banner. */
  readonly isFollowing: boolean;
  /** On a wide screen, where it stands beside the page. */
  readonly isSidebarHidden: boolean;
}

export interface SettingsStore {
  readonly get: () => PageSettings;
  readonly change: (change: Partial<PageSettings>) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export const DEFAULT_SETTINGS: PageSettings = {
  theme: "system",
  language: "auto",
  isStreaming: true,
  enterKey: "auto",
  hasNotifications: false,
  isFollowing: false,
  isSidebarHidden: false,
};
const STORAGE_KEY = "instep.settings";

/** What is stored; a damaged or foreign value counts as not chosen. */
export function storedSettings(keyValue: KeyValue): PageSettings {
  return readSettings(parseRecord(keyValue.get(STORAGE_KEY)));
}

/**
 * The settings of this tab, which follow what other tabs store. Another tab's language is spoken first, by what is given for it, and
 * taken over where that could be done: what is shown finds its words.
 */
export function createSettingsStore(
  keyValue: KeyValue,
  speakFirst: (language: LanguageChoice) => Promise<boolean> = () => Promise.resolve(true),
): SettingsStore {
  let settings = storedSettings(keyValue);
  /** What the browser's store didn't take. */
  let unsaved: Partial<PageSettings> = {};
  /** The language that was asked for last, which may still be on its way. */
  let wanted = settings.language;
  const listeners = new Set<() => void>();
  const show = (next: PageSettings) => {
    settings = next;
    for (const listener of listeners) listener();
  };
  const follow = async () => {
    const next = { ...storedSettings(keyValue), ...unsaved };
    const { language } = next;
    if (!isSame(next, { ...settings, language })) show({ ...next, language: settings.language });
    if (language === wanted) return;
    wanted = language;
    const isSpoken = await speakFirst(language);
    if (wanted !== language) return;
    if (isSpoken) show({ ...settings, language });
    else wanted = settings.language;
  };
  keyValue.onOtherTab(() => void follow());
  return {
    get: () => settings,
    change: (change) => {
      unsaved = { ...unsaved, ...change };
      // Only what was chosen here is put over what is stored, which may be another tab's, or a newer version's.
      const text = JSON.stringify({ ...parseRecord(keyValue.get(STORAGE_KEY)), ...unsaved });
      keyValue.set(STORAGE_KEY, text);
      if (keyValue.get(STORAGE_KEY) === text) unsaved = {};
      wanted = change.language ?? wanted;
      show({ ...settings, ...change });
      void follow();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const SettingsContext = createContext<SettingsStore | null>(null);
export const SettingsProvider = SettingsContext.Provider;

/** The settings as they stand, and how to change them. */
export function useSettings(): readonly [PageSettings, SettingsStore["change"]] {
  const store = useContext(SettingsContext);
  if (!store) throw new Error("no provider");
  return [useSyncExternalStore(store.subscribe, store.get), store.change];
}

function isSame(one: PageSettings, other: PageSettings): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function readSettings(stored: Readonly<Record<string, unknown>>): PageSettings {
  return {
    theme: oneOf(stored["theme"], ["system", "light", "dark"]) ?? DEFAULT_SETTINGS.theme,
    language: isLanguage(stored["language"]) ? stored["language"] : DEFAULT_SETTINGS.language,
    isStreaming: typeof stored["isStreaming"] === "boolean" ? stored["isStreaming"] : DEFAULT_SETTINGS.isStreaming,
    enterKey: oneOf(stored["enterKey"], ["auto", "sends", "newline"]) ?? DEFAULT_SETTINGS.enterKey,
    hasNotifications: stored["hasNotifications"] === true,
    isFollowing: stored["isFollowing"] === true,
    isSidebarHidden: stored["isSidebarHidden"] === true,
  };
}

function parseRecord(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}
