/** The failures of what nothing repeats by itself, in words: whoever asked for it asks again. No part of what the page begins with. */
import { type FailureEnglish, type FailureText, failureInWords, failureText, TEXTS } from "./failure-texts.ts";

/** What is said otherwise of what waits in the outbox, or is asked again on its own. */
export const DIRECT_TEXTS = {
  too_many_requests: { ...TEXTS.too_many_requests, advice: "Wait a minute, then try again." },
  unavailable: { ...TEXTS.unavailable, advice: "Try again in a moment." },
  unreachable: { ...TEXTS.unreachable, advice: "Check your connection, then try again." },
} as const satisfies Record<string, FailureEnglish>;

const TEXT_BY_CODE = new Map<string, FailureEnglish>(Object.entries(DIRECT_TEXTS));

/** The words for the code of a call that failed, and is over. */
export function directFailureText(code: string): FailureText {
  const text = TEXT_BY_CODE.get(code);
  return text ? failureInWords(text) : failureText(code);
}
