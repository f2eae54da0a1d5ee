/** Why something could not be done is told where it was asked for; whoever has closed that by then is told by a toast. */
import { useCallback, useLayoutEffect, useRef } from "preact/hooks";
import { anyFailureText } from "../errors/all-failure-texts.ts";
import { isFailure } from "../sync/device.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";

/** What was asked for, and what it says that it was not done. */
const WORDS = { "sign-out": "Not signed out. {reason}", change: "Not changed. {reason}" } as const;

/** Tells why, where what was asked for came to nothing; null: all is well. */
export function useTellLate(): (what: keyof typeof WORDS, reason: string | null) => void {
  const toasts = useToasts();
  const isShown = useRef(true);
  // At once, and not with the next frame: the answer may come before that.
  useLayoutEffect(() => () => void (isShown.current = false), []);
  return useCallback(
    (what, reason) => {
      if (reason === null || isShown.current) return;
      toasts.show({ id: what, text: t(WORDS[what], { reason }), tone: "error" });
    },
    [toasts],
  );
}

/** Why a call came to nothing; null where it didn't, or its person has broken it off. */
export function reasonOf(outcome: unknown): string | null {
  return isFailure(outcome) && outcome.failed !== "aborted" ? anyFailureText(outcome.failed).title : null;
}
