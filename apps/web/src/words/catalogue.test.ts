/** The catalogues and the sources: a text in each stands in the other, and no text goes past the layer. */
import { describe, expect, test } from "vitest";
import { readSource, sourceFiles, type SourceText, textsIn } from "../../test/source-texts.ts";
import { GERMAN } from "./german/german.ts";
import type { Phrase } from "./words.ts";

const MESSAGES: ReadonlyMap<string, Phrase> = new Map<string, Phrase>(Object.entries(GERMAN));
const PARTS = import.meta.glob<Readonly<Record<string, Readonly<Record<string, Phrase>>>>>("./german/*.ts", {
  eager: true,
});
/** What looks like words and is none of the page's: names, and what browsers and libraries call things. */
const NO_WORDS = new Set(
  [
    "Instep|English|Deutsch|ChatGPT|Claude|Open WebUI|.env|npm run instep -- import conversations.json",
    "Edge|Opera|Samsung Internet|Firefox|Chrome|Safari|Android|Windows|Mac|Linux",
    "Escape|Enter|Delete|Home|End|Tab|Esc|Space|Shift|Mod",
    "Files|Notification|not all|input, textarea, select, [contenteditable]",
  ].flatMap((names) => names.split("|")),
);
/** The vocabulary of libraries, none of which is shown. */
const NO_PAGE = /^rich-text\/|^markdown\/maths-styles/;
const TEXTS = sourceFiles()
  .filter((file) => !NO_PAGE.test(file))
  .flatMap((file) => textsIn(readSource(file), file).map((text) => ({ file, ...text })));

/** A sentence, or a word as it stands on a button. */
function isProse({ text, place }: SourceText): boolean {
  return (
    !NO_WORDS.has(text) &&
    !/^(?:Mod|Alt|Shift) /.test(text) &&
    (place === "shown" || /^[A-Z][a-z]+(?![\w-])/.test(text) || /^[^.(#[]*[a-z,;:.] [a-z]/.test(text))
  );
}

/** Types know what is said; a table's texts are said where they are shown. */
function isThroughTheLayer({ text, place }: SourceText): boolean {
  return place === "said" || (place === "table" && MESSAGES.has(text));
}

describe("each text of the page", () => {
  test("goes through the layer, and has its German", () => {
    const without = TEXTS.filter((each) => isProse(each) && !isThroughTheLayer(each));
    const named = without.map(({ file, line, text }) => `${file}:${line} ${text}`);
    expect(named).toEqual([]);
  });

  test("that German is kept for stands in a source", () => {
    const literals = new Set(TEXTS.map(({ text }) => text));
    expect([...MESSAGES.keys()].filter((text) => !literals.has(text))).toEqual([]);
  });

  test("is in one file of a language", () => {
    const all = Object.values(PARTS).flatMap(Object.values).flatMap(Object.keys);
    // The files, and the whole of them.
    expect(all.length).toBe(2 * MESSAGES.size);
  });
});

describe("each text in German", () => {
  const forms = [...MESSAGES].flatMap(([text, message]) =>
    typeof message === "string"
      ? [{ text, form: message, isOne: false }]
      : Object.entries(message).map(([kind, form]) => ({ text, form, isOne: kind === "one" })),
  );

  test("has the slots of the English one; only where there is one, its number may be a word", () => {
    const wrong = forms.filter(({ text, form, isOne }) => {
      const [english, german] = [slotsOf(text), slotsOf(form)];
      return (
        String(isOne ? english.filter((slot) => slot !== "count" || german.includes(slot)) : english) !== String(german)
      );
    });
    expect(wrong).toEqual([]);
  });

  test("has a form for each that German has, where it has forms", () => {
    const wanted = new Intl.PluralRules("de").resolvedOptions().pluralCategories.toSorted();
    for (const message of MESSAGES.values()) {
      if (typeof message !== "string") expect(Object.keys(message).toSorted()).toEqual(wanted);
    }
  });

  test("is set as German is, and says something", () => {
    expect(forms.filter(({ form }) => /["'”‘’]|\.\.\.| - |\s$|^\s/.test(form) || form === "")).toEqual([]);
    expect(forms.filter(({ form }) => (form.match(/„/g)?.length ?? 0) !== (form.match(/“/g)?.length ?? 0))).toEqual([]);
  });
});

test.each([
  ["<p>Nothing here</p>", ["shown Nothing here"]],
  ['<p>{isOn ? "On" : t("Off")}</p>', ["shown On", "said Off"]],
  ["<p>{isOn && `It is ${name} now`}</p>", ["shown It is ", "shown  now"]],
  ['<a aria-label="Close" class="button plain" href="/c">{" "}</a>', ["shown Close"]],
  ['<Menu label={isOpen ? "Shut" : t("Open it")} />', ["shown Shut", "said Open it"]],
  ['const f = () => ({ label: isOn ? "Stop" : t("Go on") });', ["loose Stop", "said Go on"]],
  ['t(isOn ? "On" : (words ?? "Off"))', ["said On", "said Off"]],
  ["<ul>{rows.map(() => <li>Row</li>)}</ul>", ["shown Row"]],
  ['<b onClick={() => say("Copied")}>{key === "Enter" ? 1 : 2}</b>', ["loose Copied", "loose Enter"]],
  [
    'const WORDS = { a: "Not sent" } as const satisfies Record<"b", English>; throw new TypeError("No such word")',
    ["table Not sent"],
  ],
  ['plural(rows, "1 row", "{count} rows")', ["said {count} rows"]],
])("a reading of %o finds its texts", (source, found) => {
  expect(textsIn(source).map(({ place, text }) => `${place} ${text}`)).toEqual(
    found.filter((text) => /\p{L}/u.test(text)),
  );
});

function slotsOf(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, slot = ""]) => slot).sort();
}
