/** No text from outside takes longer than in proportion to its length, whatever it is made of [SAFE-2]. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAst } from "vitest/node";
import { normalBaseUrl, shownAddress } from "../src/generation/endpoint-address.ts";
import { embeddedError, httpError } from "../src/generation/openai-errors.ts";
import { FULL_FORM, isAboutForm, plainerForms } from "../src/generation/request-form.ts";
import { cleanTitle } from "../src/generation/titles.ts";
import { fence } from "../src/import/code-fence.ts";
import { recordOf, stringOf } from "../src/json-value.ts";
import { SettingReader } from "../src/settings/setting-reader.ts";

const SOURCES = join(import.meta.dirname, "../src");
const LENGTH = 3_000;
/** Far more than a look at so many characters takes, and less than a look from each of them. */
const SUSPICIOUS_MS = 1;
/** Eight times the text takes eight times as long, or sixty-four times where each of its characters is looked at from each. */
const LONGER = 8;
const CERTAIN_MS = 100;
const MOST_GROWTH = 24;
const RUNS = [
  ...Array.from(" \t\n.*-_/\\0a\"'`:;,=<>[](){}|#★中\uE200【!"),
  "1.",
  "a.",
  "a ",
  "\uE200\uE202",
  ", ",
  "/a",
];

/** The expressions of a source that repeat something. */
function expressionsIn(source: string): readonly RegExp[] {
  const found: RegExp[] = [];
  JSON.stringify(parseAst(source, { lang: "ts" }), (_, node: unknown) => {
    const literal = recordOf(recordOf(node)["regex"]);
    const pattern = stringOf(literal["pattern"]);
    if (pattern !== null) found.push(new RegExp(pattern, stringOf(literal["flags"]) ?? ""));
    return node;
  });
  return found.filter((expression) => /[*+]|\{\d+,/.test(expression.source));
}

/** What may stand before a run, and what may be repeated: the words of the expression itself. */
function wordsIn({ source }: RegExp): readonly string[] {
  const plain = source.replaceAll(/\\[a-zA-Z](?:\{[^}]*\})?/g, " ").replaceAll(/\\(.)/g, "$1");
  const words = plain.match(/[a-zA-Z]+/g) ?? [];
  const signs = plain.match(/[^a-zA-Z0-9\s]/g) ?? [];
  return [...new Set([...words, ...words.map((word) => `${word} `), ...signs])].slice(0, 40);
}

function timeOf(expression: RegExp, text: string): number {
  const startedAt = performance.now();
  expression.lastIndex = 0;
  expression.exec(text);
  return performance.now() - startedAt;
}

function fastestOf(measure: () => number): number {
  return Math.min(...Array.from({ length: 5 }, measure));
}

/** A text for which the expression takes longer the more often it is looked at from another place; null where none is found. */
function slowRun(expression: RegExp): string | null {
  const words = wordsIn(expression);
  const texts = ["", ...words.slice(0, 8)].flatMap((before) =>
    [...RUNS, ...words].flatMap((run) => ["", "\u0001x"].map((after) => ({ before, run, after }))),
  );
  const slow = texts.find(({ before, run, after }) => {
    const textOf = (length: number) => before + run.repeat(length / run.length) + after;
    if (timeOf(expression, textOf(LENGTH)) < SUSPICIOUS_MS) return false;
    const [one = 0, more = 0] = [LENGTH, LONGER * LENGTH].map((length) =>
      fastestOf(() => timeOf(expression, textOf(length))),
    );
    return more > CERTAIN_MS && more > MOST_GROWTH * one;
  });
  return slow === undefined ? null : JSON.stringify([slow.before, slow.run, slow.after]);
}

const FILES = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
);
const EXPRESSIONS = FILES.flatMap((name) =>
  expressionsIn(readFileSync(join(SOURCES, name), "utf8")).map((expression) => ({ name, expression })),
);

test("[SAFE-2] no expression of the program looks at a run from each of its characters", { timeout: 60_000 }, () => {
  expect(EXPRESSIONS.length).toBeGreaterThan(50);
  const slow = EXPRESSIONS.map(({ name, expression }) => ({ name, expression, run: slowRun(expression) }));
  expect(slow.filter(({ run }) => run !== null)).toEqual([]);
});

const ENDPOINT = { modelId: "m", apiKey: "sk-key-of-the-owner", origin: "http://model.example" };
const TEXTS: Readonly<Record<string, (length: number) => string>> = {
  "Chinese words": (length) => "这是一段没有空格的话".repeat(length / 10),
  stars: (length) => `${"*".repeat(length)} `,
  dots: (length) => `a${".".repeat(length)}a`,
  "a parameter's name": (length) => "param".repeat(length / 5),
  fences: (length) => "```\n".repeat(length / 4),
  slashes: (length) => `${"/".repeat(length)}a`,
};
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  "an endpoint's error": (body) => httpError({ status: 422, body, retryAfterMs: null }, ENDPOINT).detail,
  "an endpoint's error in JSON": (text) =>
    httpError({ status: 400, body: JSON.stringify({ error: { message: text } }), retryAfterMs: null }, ENDPOINT).detail,
  "an error inside an answer": (message) => embeddedError({ message, all: Array(5).fill(message) }, ENDPOINT).detail,
  "a refusal of a form": (body) => plainerForms(FULL_FORM, { status: 422, body }),
  "a passing refusal of a form": (body) => isAboutForm({ status: 500, body }),
  "a model's title": cleanTitle,
  "a model's address": (path) =>
    normalBaseUrl(`http://model.example/${path}`) + shownAddress(`http://a.example/${path}`),
  "an address of the settings": (path) => new SettingReader({ A: `http://a.example/${path}` }).url("A"),
  "an imported code block": (text) => fence(text, ""),
};

test.each(Object.keys(READERS))("[SAFE-2] %s of any length and form is read in no time", (reader) => {
  const read = READERS[reader] ?? expect.unreachable;
  const slow = Object.entries(TEXTS).flatMap(([text, textOf]) => {
    const before = process.cpuUsage();
    read(textOf(30_000));
    const { user } = process.cpuUsage(before);
    return user < 500_000 ? [] : [`${text}: ${Math.round(user / 1000)} ms`];
  });
  expect(slow).toEqual([]);
});

test("[SAFE-2] [MODEL-6] of an error that is long or deep its beginning is told, and no half of the key", () => {
  const long = `Too long: ${"word ".repeat(900_000)}`;
  const { detail } = embeddedError(
    { message: long, deep: JSON.parse("[".repeat(9_000) + "]".repeat(9_000)) },
    ENDPOINT,
  );
  expect(detail).toMatch(/^The model's server reported an error: Too long: word word/);
  for (let length = 3_980; length <= 4_000; length++) {
    const start = `${" ".repeat(length - 4)}key=`;
    const { detail: said } = httpError(
      { status: 500, body: `Bad ${start}${ENDPOINT.apiKey} `, retryAfterMs: null },
      ENDPOINT,
    );
    expect(said).not.toMatch(/sk-|key-o/);
  }
});
