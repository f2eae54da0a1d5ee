/** Reads what a reply cost, from an endpoint or a file: nothing is guessed [MODEL-7]. */
import type { MessageUsage } from "@instep/protocol";
import { recordOf } from "./json-value.ts";

/** What of it are counts; null where none is. Many endpoints say 0 where they have not counted. */
export function usageOf(value: unknown): MessageUsage | null {
  const { prompt_tokens, completion_tokens } = recordOf(value);
  const usage = {
    ...(isCount(prompt_tokens) && { prompt_tokens }),
    ...(isCount(completion_tokens) && { completion_tokens }),
  };
  return Object.keys(usage).length === 0 ? null : usage;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
