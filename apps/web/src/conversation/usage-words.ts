/** What a reply cost, in words. Pure. */
import type { MessageUsage } from "@instep/protocol";
import { plural } from "../words/words.ts";

/** "1,204 tokens in, 356 out", and of these what the endpoint has said; null where that is nothing [MODEL-7]. */
export function usageWords({ prompt_tokens: read, completion_tokens: written }: MessageUsage): string | null {
  if (read !== undefined && written !== undefined) {
    return plural(read, "{count} token in, {written} out", "{count} tokens in, {written} out", { written });
  }
  if (read !== undefined) return plural(read, "{count} token in", "{count} tokens in");
  return written === undefined ? null : plural(written, "{count} token out", "{count} tokens out");
}
