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

/** Reads what was stored; a damaged or foreign value counts as not chosen. */
export function createSettingsStore(keyValue: KeyValue): SettingsStore {
  let settings = readSettings(keyValue.get(STORAGE_KEY));
  const listeners = new Set<() => void>();
  return {
    get: () => settings,
    change: (change) => {
      settings = { ...settings, ...change };
      keyValue.set(STORAGE_KEY, JSON.stringify(settings));
      for (const listener of listeners) listener();
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
  if (!store) throw new Error("SettingsProvider is missing above this component");
  return [useSyncExternalStore(store.subscribe, store.get), store.change];
}

function readSettings(text: string | null): PageSettings {
  const stored = parseRecord(text);
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
