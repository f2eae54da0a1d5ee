/** What the demo model writes: markdown with the user's own words, pure and repeatable. */
import { withinCodeUnits } from "../storable-text.ts";

const NOTICE = "I am the built-in **demo model**";
const MAX_QUOTE_LENGTH = 280;
/** So much of a question is looked at, in UTF-16 code units: words of 200,000 would keep everybody waiting [SAFE-2]. */
const LOOKED_AT_LENGTH = 20_000;
const LONG_WORDS = 500;
const MAX_WORDS = 5_000;
const ASKS_FOR_CODE = /\b(code|function|script|program|python|javascript|typescript)\b/i;

const CLOSINGS = [
  "Ask me something else, or try another device: this conversation is already there.",
  "Open this conversation in a second tab to watch it stay in step.",
  "Reload the page while I write: nothing of it gets lost.",
];

const SENTENCES = [
  "Every change gets a tick of its own, so a device can always ask what came after the last one it saw.",
  "A reply belongs to the server, and closing the page does not end it.",
  "The list on the left is the same list on every device, in the same order.",
  "What you send is written down before anything is asked of a model.",
  "A badge counts what you have not read, and reading it anywhere clears it here.",
  "When the network goes away, your words wait and go out once it is back.",
  "Deleting a conversation keeps it in the trash for a while, in case you want it again.",
  "This paragraph exists to be long, so that scrolling, stopping and resuming have something to work on.",
];

/** Composes the reply to a question; `turn` counts the user's messages so far, from 1. */
export function composeDemoReply(question: string, turn: number): string {
  const beginning = withinCodeUnits(question, LOOKED_AT_LENGTH);
  const wanted = wordsWanted(beginning);
  const parts = [introduction(beginning, turn)];
  if (wanted > 0) parts.push(...paragraphs(wanted, seedOf(beginning)));
  else parts.push(list(beginning, question.length));
  if (ASKS_FOR_CODE.test(beginning)) parts.push(codeBlock(beginning));
  parts.push(CLOSINGS[(seedOf(beginning) + turn) % CLOSINGS.length] ?? "");
  return parts.join("\n\n");
}

/** How many words are asked for: a number before "words", in either language of the page, 500 for anything "long", else 0. */
function wordsWanted(question: string): number {
  const number = /(\d{2,5})[\s-]*(?:words?|Wörter)\b/i.exec(question)?.[1];
  if (number !== undefined) return Math.min(Number(number), MAX_WORDS);
  return /\b(long|essay|story|detailed)\b/i.test(question) ? LONG_WORDS : 0;
}

function introduction(question: string, turn: number): string {
  const quoted = quote(question);
  const asked = quoted === "" ? "You sent no words this time." : `You wrote:\n\n> ${quoted}`;
  const which = turn > 1 ? ` This is my answer number ${turn} here.` : "";
  return `${NOTICE}: I don't think, I only show how a reply looks.${which} ${asked}`;
}

/** One line of the user's words that markdown takes as they are, maths and entities included. */
function quote(question: string): string {
  const line = question.replace(/\s+/gu, " ").trim();
  const short = line.length > MAX_QUOTE_LENGTH ? `${withinCodeUnits(line, MAX_QUOTE_LENGTH)}…` : line;
  return short.replace(/[\\`*_[\]<>#|~$&]/g, "\\$&");
}

function list(beginning: string, length: number): string {
  const words = beginning.split(/\s+/u).filter((word) => word !== "");
  const isAll = beginning.length === length;
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
  return [
    "A real model would answer it. I can tell you this much:",
    "",
    `- it has ${isAll ? "" : "more than "}**${words.length}** ${words.length === 1 ? "word" : "words"} and ${length} characters`,
    ...(longest === "" || !isAll ? [] : [`- its longest word is *${quote(longest)}*`]),
    "- set `OPENAI_BASE_URL` and a real model answers here instead of me",
  ].join("\n");
}

function paragraphs(words: number, seed: number): string[] {
  const result: string[] = [];
  let written = 0;
  for (let index = seed; written < words; result.push("")) {
    const sentences: string[] = [];
    while (sentences.length < 5 && written < words) {
      const sentence = SENTENCES[index++ % SENTENCES.length] ?? "";
      sentences.push(sentence);
      written += sentence.split(" ").length;
    }
    result.push(sentences.join(" "));
  }
  return result.filter((paragraph) => paragraph !== "");
}

function codeBlock(question: string): string {
  const words = question
    .split(/\s+/u)
    .filter((word) => /^[\p{L}\p{N}]+$/u.test(word))
    .slice(0, 6);
  return ["```js", `const words = ${JSON.stringify(words)};`, "console.log(words.length);", "```"].join("\n");
}

function seedOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum;
}
