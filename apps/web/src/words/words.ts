/**
 * The words of the page. English stands where it is shown, `t("Close")`, and is what another language's text is found by; a type
 * knows which there are, so that a text without its translations is an error of types.
 */
import type { ComponentChildren } from "preact";
import type { GERMAN } from "./german/german.ts";

/** Every text of the page, in English. What follows ` ¦ ` tells texts apart that are one in English, and is never shown. */
export type English = keyof typeof GERMAN;

/** A text with `{slots}`, or one for each of a language's plural forms, chosen by `{count}`. */
export type Phrase = string | ({ readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>);

export type Catalogue = Readonly<Record<English, Phrase>>;

/** The languages that there are; English needs no catalogue. */
export type Language = "en" | "de";

/** Where a text is none of the page, that is the error, and no slot is missed. */
type SlotsOf<T> = English extends T ? never : SlotsIn<T>;
type SlotsIn<T> = T extends `${string}{${infer Slot}}${infer Rest}` ? Slot | SlotsIn<Rest> : never;
type Values<T, Value> = [SlotsOf<T>] extends [never] ? [] : [Readonly<Record<SlotsOf<T>, Value>>];

/** What the page speaks: set before the first render, and where a person chooses another language. */
export interface Speech {
  readonly language: Language;
  /** How dates and numbers stand beside its words: the language as the browser's person writes it, such as `de-AT`. */
  readonly locale: string;
  /** The same of what has no words, such as a time of day; undefined is the browser's own, where no language of its person is known here. */
  readonly clock: string | undefined;
  readonly catalogue: Catalogue | null;
}

let speech: Speech = { language: "en", locale: "en", clock: undefined, catalogue: null };

/** What is spoken. */
export function spoken(): Speech {
  return speech;
}

/** Only `language.ts` and tests change what is spoken: whatever shows has to be rendered anew. */
export function setSpeech(next: Speech): void {
  speech = next;
}

/** A text in the language of the page, with values in its slots; numbers are written as they are there. */
export function t<const T extends English>(text: T, ...values: Values<T, string | number>): string {
  return inParts(text, values[0]).join("");
}

/** The same of a text whose slots hold elements. */
export function tParts<const T extends English>(
  text: T,
  ...values: Values<T, ComponentChildren>
): readonly ComponentChildren[] {
  return inParts(text, values[0]);
}

/** A text about so many: `one` is English only, since another language has its own forms. */
export function plural<const T extends English>(
  count: number,
  one: string,
  ...[other, values]: [
    other: T,
    ...(Exclude<SlotsOf<T>, "count"> extends never
      ? []
      : [Readonly<Record<Exclude<SlotsOf<T>, "count">, string | number>>]),
  ]
): string {
  return inParts(count === 1 && !speech.catalogue ? one : other, { ...values, count }).join("");
}

/** A number as the language writes it. */
export function numeral(value: number, how?: Intl.NumberFormatOptions): string {
  return value.toLocaleString(speech.locale, how);
}

/** An instant as the language writes it; what has words in it follows the words, `"clock"` the person's habit. */
export function dated(time: number | Date, how: Intl.DateTimeFormatOptions, by: "locale" | "clock" = "locale"): string {
  return formatOf(speech[by], how).format(time);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a tenth of a millisecond, and a list shows hundreds. */
function formatOf(locale: string | undefined, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // One keeps the time zone that it was made in.
  const key = `${locale} ${new Date().getTimezoneOffset()} ${JSON.stringify(how)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, how);
  formats.set(key, format);
  return format;
}

function inParts<Value>(text: string, values: Readonly<Record<string, Value>> = {}): readonly (Value | string)[] {
  const message = speech.catalogue?.[text as English] ?? text.split(" ¦ ", 1)[0] ?? text;
  const form = typeof message === "string" ? message : formFor(message, Number(values["count"]));
  return form.split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return part;
    const value = values[part];
    return typeof value === "number" ? numeral(value) : (value ?? "");
  });
}

function formFor(forms: Exclude<Phrase, string>, count: number): string {
  return forms[new Intl.PluralRules(speech.locale).select(count)] ?? forms.other;
}
