/** What steps of a schedule are made of. */
import type { Random } from "./random.ts";
import type { ReplyScript, Step } from "./step.ts";

/** How a model answers. */
export function script(random: Random): ReplyScript {
  return {
    tokens: random.below(5),
    gapMs: random.pick([1, 100, 1000, 7000]),
    end: random.weighted([
      [8, "complete"],
      [2, "failed"],
      [1, "failed-empty"],
      [1, "hang"],
    ]),
  };
}

/** Any of the tabs. */
export const tab = (random: Random): number => random.below(6);
/** Any of the conversations. */
export const conversation = (random: Random): number => random.below(6);

/** Opens a conversation at a message that was found. */
export function find(random: Random): Step {
  return {
    do: "find",
    tab: tab(random),
    conversation: conversation(random),
    back: random.pick([0, 1, 3, 30, 70, 140]),
  };
}
