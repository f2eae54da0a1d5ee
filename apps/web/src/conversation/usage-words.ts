/** What a reply cost, in words. Pure. */
import type { MessageUsage } from "@instep/protocol";

const COUNT = new Intl.NumberFormat("en");

/** "1,204 tokens in, 356 out", and of these what the endpoint has said; null where that is nothing [MODEL-7]. */
export function usageWords({ prompt_tokens: read, completion_tokens: written }: MessageUsage): string | null {
  if (read !== undefined && written !== undefined) return `${tokens(read)} in, ${COUNT.format(written)} out`;
  if (read !== undefined) return `${tokens(read)} in`;
  return written === undefined ? null : `${tokens(written)} out`;
}

function tokens(count: number): string {
  return `${COUNT.format(count)} ${count === 1 ? "token" : "tokens"}`;
}
