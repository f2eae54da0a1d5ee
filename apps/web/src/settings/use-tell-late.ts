/** Why something could not be done is told where it was asked for; whoever has closed that by then is told by a toast. */
import { useEffect, useRef } from "preact/hooks";
import { anyFailureText } from "../errors/all-failure-texts.ts";
import type { Failure } from "../sync/device.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";

/** What was asked for, and what it says that it was not done. */
const WORDS = { "sign-out": "Not signed out. {reason}", scope: "Not changed. {reason}" } as const;

/** Tells a failure, where there is one. */
export function useTellLate(): (what: keyof typeof WORDS, problem: Failure | null) => void {
  const toasts = useToasts();
  const isShown = useRef(true);
  useEffect(() => () => void (isShown.current = false), []);
  return (what, problem) => {
    if (problem === null || isShown.current) return;
    const text = t(WORDS[what], { reason: anyFailureText(problem.failed).title });
    toasts.show({ id: what, text, tone: "error" });
  };
}
