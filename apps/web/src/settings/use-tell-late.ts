/** Why something could not be done is told where it was asked for; whoever has closed that by then is told by a toast. */
import { useEffect, useRef } from "preact/hooks";
import { anyFailureText } from "../errors/all-failure-texts.ts";
import { isFailure } from "../sync/device.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";

/** What was asked for, and what it says that it was not done. */
const WORDS = { "sign-out": "Not signed out. {reason}", scope: "Not changed. {reason}" } as const;

/** Tells why, where what was asked for came to nothing. */
export function useTellLate(): (what: keyof typeof WORDS, outcome: unknown) => void {
  const toasts = useToasts();
  const isShown = useRef(true);
  useEffect(() => () => void (isShown.current = false), []);
  return (what, outcome) => {
    if (!isFailure(outcome) || isShown.current) return;
    const text = t(WORDS[what], { reason: anyFailureText(outcome.failed).title });
    toasts.show({ id: what, text, tone: "error" });
  };
}
