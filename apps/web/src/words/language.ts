/** Which language the page speaks: the one chosen here, else the first of the browser's that is known; any but English loads when it is wanted. */
import { type Catalogue, type Language, setSpeech, type Speech } from "./words.ts";

/** `auto`: as the browser asks for. */
export type LanguageChoice = "auto" | Language;

interface KnownLanguage {
  /** In itself. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
  /** Null for the language that stands in the components. */
  readonly load: (() => Promise<Catalogue>) | null;
}

/** Everything that a language is to the page; CONTRIBUTING.md says how to add one. */
export const LANGUAGES = {
  en: { name: "English", direction: "ltr", load: null },
  de: { name: "Deutsch", direction: "ltr", load: async () => (await import("./german/german.ts")).GERMAN },
} as const satisfies Readonly<Record<Language, KnownLanguage>>;

/** The language for a choice and what the browser's person reads, most wanted first, and how dates and numbers are written in it. Pure. */
export function decideLanguage(choice: LanguageChoice, wanted: readonly string[]): Omit<Speech, "catalogue"> {
  const wantedLanguage = wanted.map(primaryOf).find(isLanguage);
  const language = choice === "auto" ? (wantedLanguage ?? "en") : choice;
  const locale = wanted.find((each) => primaryOf(each) === language && isWellFormed(each)) ?? language;
  const isForeign = choice === "auto" && wantedLanguage === undefined;
  return { language, locale, clock: isForeign ? undefined : locale };
}

/** Whether a stored or a browser's word is the code of a language of the page. */
export function isLanguage(code: unknown): code is Language {
  return typeof code === "string" && Object.hasOwn(LANGUAGES, code);
}

export const LANGUAGE_CODES: readonly Language[] = Object.keys(LANGUAGES).filter(isLanguage);

/** So long nothing is shown for want of a catalogue. */
const PATIENCE_MS = 8000;

let asked = 0;

/**
 * Speaks the language of a choice, once its catalogue is there, and tells `onSpoken`; the one that was asked for last stands, and of
 * any other one no more is heard. Resolves to false, and all stays as it was, where the catalogue can't be loaded, or not in time.
 */
export async function speak(
  choice: LanguageChoice,
  wanted: readonly string[],
  onSpoken?: () => void,
): Promise<boolean> {
  const decided = decideLanguage(choice, wanted);
  const turn = ++asked;
  const { load, direction } = LANGUAGES[decided.language];
  try {
    const catalogue = load && (await Promise.race([load(), failLate()]));
    if (turn !== asked) return true;
    setSpeech({ ...decided, catalogue });
  } catch {
    return turn !== asked;
  }
  document.documentElement.lang = decided.language;
  document.documentElement.dir = direction;
  onSpoken?.();
  return true;
}

function failLate(): Promise<never> {
  return new Promise((_, fail) => setTimeout(fail, PATIENCE_MS));
}

/** Some browsers take over what the system calls itself, `en-US@posix`, of which `Intl` makes an error. */
function isWellFormed(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}

function primaryOf(locale: string): string {
  return locale.split("-", 1)[0]?.toLowerCase() ?? "";
}
