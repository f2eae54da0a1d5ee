/** What an endpoint's own words are about, in the dialects of all of them: an advice has to fit what was said [MODEL-6]. */

/** `other` is what nobody here can tell. */
export type RefusalKind = "too-long" | "filtered" | "payment" | "region" | "key" | "rate" | "model" | "other";

/** The conversation outgrew the model: llama.cpp, vLLM, Ollama, OpenAI, Anthropic, Mistral, Gemini, Cohere, Bedrock, TGI, xAI, Groq, Qwen. */
const TOO_LONG = [
  /context[ _-]?(?:length|window|size|limit)|n_ctx/,
  /(?:maximum|max) (?:context|prompt|input|sequence|model|token|length)/,
  /(?:prompt|input|request|message|conversation|body|payload|string)s? (?:is |are |was |too )*(?:long|large)\b/,
  /too (?:many (?:input |prompt )?tokens|(?:long|large) for)/,
  /(?:reduce|shorten) the length|range of input length|string_above_max_length/,
  /(?:tokens?|prompt|input)\b.{0,80}(?:exceed|longer than|must be <=|less than \d|greater than|cannot exceed)/,
  /exceed(?:s|ed)? (?:the )?(?:model )?(?:token|max|context)/,
];
const FILTERED =
  /moderat|flagged|content[ _-](?:filter|polic|management)|responsibleai|safety|data_inspection|inappropriate|harmful|prohibited|usage polic|sensitive (?:content|words?)|blocked by/;
const PAYMENT = /insufficient[ _](?:quota|balance|funds|credits?)|\bquota\b|billing|\bcredits?\b|\bbalance\b|payment/;
const REGION = /countr|region|territor|location is not/;
const RATE = /rate[ _-]?limit|too many requests|overloaded|capacity/;
const KEY = /\bkey\b|api[ _-]?key|token|credential|authenti|authori[sz]|unauthori|permission|access denied|forbidden/;
const MODEL = /\bmodels?\b|deployment/;

/** Judges the words of a refusal, its code and its type taken together. */
export function refusalKind(words: string): RefusalKind {
  const lower = words.toLowerCase();
  if (/tokens? per (?:minute|day|hour)|requests per/.test(lower)) return "rate";
  if (TOO_LONG.some((dialect) => dialect.test(lower))) return "too-long";
  if (FILTERED.test(lower)) return "filtered";
  if (PAYMENT.test(lower)) return "payment";
  if (REGION.test(lower)) return "region";
  if (RATE.test(lower)) return "rate";
  if (KEY.test(lower)) return "key";
  return MODEL.test(lower) ? "model" : "other";
}

/** Reads the wait that words ask for, such as `try again in 1.5s` or `"retryDelay": "34s"`, in milliseconds; null where they name none. */
export function readWait(words: string): number | null {
  const [, count, unit] =
    /(?:try again|retry|wait|available)[a-z_" :]{0,20}?\s(?:in |after |for )?"?(\d{1,9}(?:\.\d{1,9})?)\s{0,3}(ms|milliseconds?|s|seconds?|m|min|minutes?|h|hours?)\b/i.exec(
      words.replace(/retry-?delay"?:\s*"?/i, "retry "),
    ) ?? [];
  if (count === undefined || unit === undefined) return null;
  const factor = unit.startsWith("ms") || unit.startsWith("mil") ? 1 : (MS_BY_UNIT[unit[0] ?? ""] ?? 1000);
  return Math.round(Number(count) * factor);
}

const MS_BY_UNIT: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
