/** Titles made by the model after a conversation's first turn: one short question, and a cleaned answer. */
import { beginningOf, canBeSeen } from "@instep/protocol";
import type { GenerationEnvironment } from "./environment.ts";
import type { Model } from "./model.ts";
import { storableText, withinCodeUnits } from "../storable-text.ts";

/** How long a title may take; after that the conversation keeps its first words. */
const TITLE_TIMEOUT_MS = 30_000;
const MAX_TITLE_LENGTH = 80;
/** No more of the turn than this is shown to the model, and no more of its answer than this is read. */
const MAX_EXCERPT_LENGTH = 2_000;
const MAX_ANSWER_LENGTH = 4_000;

/** What a title is made of: the two texts of a conversation's first turn, and who is asked. */
export interface TitleRequest {
  readonly model: Model;
  readonly question: string;
  readonly reply: string;
  readonly environment: GenerationEnvironment;
  readonly signal: AbortSignal;
}

/** Asks the model for a title. Returns null where it answers nothing usable; throws what the model throws, or at the timeout. */
export async function askForTitle(request: TitleRequest): Promise<string | null> {
  const aborting = new AbortController();
  const giveUp = () => aborting.abort(new Error("The title took too long"));
  const cancel = request.environment.startTimer(TITLE_TIMEOUT_MS, giveUp);
  try {
    let answer = "";
    const messages = [{ role: "user" as const, content: titlePrompt(request) }];
    const signal = AbortSignal.any([aborting.signal, request.signal]);
    for await (const chunk of request.model.generate({ messages, signal })) {
      if (chunk.kind === "text") answer += chunk.text;
      else if (chunk.kind === "text_was_thoughts") answer = "";
      if (answer.length > MAX_ANSWER_LENGTH) break;
    }
    return cleanTitle(storableText(withinCodeUnits(answer, MAX_ANSWER_LENGTH)));
  } finally {
    cancel();
  }
}

/** Makes a model's answer a title: its first line with words, without quotes, marks and "Title:", at most 80 characters; null where nothing is left. */
export function cleanTitle(answer: string): string | null {
  // The model's adapter tells thoughts apart that come before all words; one behind a mark or a word is text there.
  const withoutThoughts = answer.replace(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi, "");
  const line = withoutThoughts.split(/\r?\n/).find((candidate) => /[\p{L}\p{N}]/u.test(candidate));
  if (line === undefined) return null;
  const title = line
    .replace(/\s+/g, " ")
    .replace(/^[\s#>*\-_"'“”‘’«»„`]+/u, "")
    .replace(/^(?:the )?title\s*[:：-]\s*/i, "")
    .replace(/^[\s*_"'“”‘’«»„`]+/u, "");
  const words = withoutMarksAtEnd(title);
  return canBeSeen(words) ? shorten(words) : null;
}

/** From the end on: an expression would look from every mark in the line. */
function withoutMarksAtEnd(line: string): string {
  let end = line.length;
  while (end > 0 && /[\s*_"'“”‘’«»„`.]/u.test(line.charAt(end - 1))) end--;
  return line.slice(0, end);
}

function titlePrompt(turn: TitleRequest): string {
  const excerpt = (text: string) => withinCodeUnits(text, MAX_EXCERPT_LENGTH);
  return [
    "Write a title of at most six words for the conversation below, in its language.",
    "Answer with the title only: one line, no quotes, no full stop.",
    "",
    `User: ${excerpt(turn.question)}`,
    "",
    `Assistant: ${excerpt(turn.reply)}`,
  ].join("\n");
}

function shorten(title: string): string {
  if (title.length <= MAX_TITLE_LENGTH) return title;
  const cut = beginningOf(title, MAX_TITLE_LENGTH - 1);
  const lastSpace = cut.lastIndexOf(" ");
  const whole = lastSpace > MAX_TITLE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut;
  return `${whole}…`;
}
