/** What a model is asked with: the conversation's messages, trimmed to the model's window by whole turns, oldest first. */
import type { StartedTurn } from "@instep/sync-server";
import type { ModelMessage } from "./model.ts";

export interface Context {
  readonly messages: readonly ModelMessage[];
  /** How many messages were left out: the window is too small for them, or the history began after them. */
  readonly leftOut: number;
}

/** The share of the window that is kept free for the reply. */
const REPLY_SHARE = 0.25;
/** What a message costs besides its text: role and separators. */
const TOKENS_PER_MESSAGE = 4;
const CHARACTERS_PER_TOKEN = 4;

/** The part of a turn that a model is asked with. */
type Asked = Pick<StartedTurn, "history" | "olderCount" | "instructions">;

/**
 * Builds the model's messages from a conversation's instructions, which are never left out, and its history. Replies without text
 * are left out; stopped, interrupted and failed ones with text are kept, so that "go on" works. `windowTokens` null doesn't trim.
 * The newest turn is always whole.
 */
export function buildContext({ history, olderCount, instructions }: Asked, windowTokens: number | null): Context {
  const said = history
    .filter((message) => message.content.trim() !== "")
    .map((message) => ({ role: message.role, content: message.content }));
  const messages = instructions === null ? said : [{ role: "system", content: instructions } as const, ...said];
  if (windowTokens === null) return { messages, leftOut: olderCount };
  const { messages: kept, leftOut } = trimToWindow(messages, Math.floor(windowTokens * (1 - REPLY_SHARE)));
  return { messages: kept, leftOut: leftOut + olderCount };
}

/** Estimates how many tokens a text takes: four ASCII characters a token, one of any other script; errs to the high side. */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let others = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 128) ascii++;
    else others++;
  }
  return Math.ceil(ascii / CHARACTERS_PER_TOKEN) + others;
}

/** Looks at no more than it takes, from the newest on: a long history takes long to estimate [SAFE-2]. */
function trimToWindow(messages: readonly ModelMessage[], budget: number): Context {
  const firstOther = messages.findIndex((message) => message.role !== "system");
  const instructions = messages.slice(0, Math.max(firstOther, 0));
  const turns = splitTurns(messages.slice(instructions.length));
  const kept = [...instructions, ...newestTurnsWithin(turns, budget - costOf(instructions)).flat()];
  return { messages: kept, leftOut: messages.length - kept.length };
}

/** A turn is a user message and what follows it up to the next one. */
function splitTurns(messages: readonly ModelMessage[]): ModelMessage[][] {
  const turns: ModelMessage[][] = [];
  for (const message of messages) {
    const current = turns.at(-1);
    if (message.role === "user" || !current) turns.push([message]);
    else current.push(message);
  }
  return turns;
}

function newestTurnsWithin(turns: readonly ModelMessage[][], budget: number): ModelMessage[][] {
  let spent = 0;
  let first = turns.length;
  while (first > 0) {
    const cost = costOf(turns[first - 1] ?? []);
    if (spent + cost > budget && first < turns.length) break;
    spent += cost;
    first--;
  }
  return turns.slice(first);
}

function costOf(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message.content) + TOKENS_PER_MESSAGE, 0);
}
