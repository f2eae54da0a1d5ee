/** Why a model says that it ended, in the words of every endpoint, as one of five meanings [MODEL-1, MODEL-2]. */

/** `stop` is the model's own will; everything else cut it. */
export type FinishReason = "stop" | "tool_calls" | "length" | "content_filter" | "error";

/** Compared in lower case, with `_` for every other separator. */
const WORDS: Readonly<Record<FinishReason, readonly string[]>> = {
  stop: ["stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed"],
  tool_calls: ["tool_calls", "tool_call", "function_call", "tool_use"],
  length: [
    "length",
    "max_tokens",
    "max_length",
    "max_output_tokens",
    "model_length",
    "model_context_window_exceeded",
    "context_length_exceeded",
  ],
  content_filter: [
    "content_filter",
    "content_filtered",
    "safety",
    "image_safety",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "sensitive",
    "refusal",
    "guardrail_intervened",
    "error_toxic",
  ],
  error: [
    "error",
    "server_error",
    "network_error",
    "insufficient_system_resource",
    "abort",
    "aborted",
    "cancelled",
    "timeout",
    "malformed_function_call",
    "repetition_truncation",
  ],
};

const REASONS = ["stop", "tool_calls", "length", "content_filter", "error"] as const satisfies readonly FinishReason[];
const BY_WORD = new Map(REASONS.flatMap((reason) => WORDS[reason].map((word) => [word, reason] as const)));

/** Reads a `finish_reason`; null where it is none, is empty, or is a word that nobody knows. */
export function readFinishReason(value: unknown): FinishReason | null {
  if (typeof value !== "string") return null;
  return (
    BY_WORD.get(
      value
        .trim()
        .toLowerCase()
        .replaceAll(/[^a-z]+/g, "_"),
    ) ?? null
  );
}
