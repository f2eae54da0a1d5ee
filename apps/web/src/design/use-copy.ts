/** Copying with a short "Copied" afterwards. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";

const SHOWN_MS = 1600;

/** Whether the last copy was a moment ago, and the way to copy. */
export function useCopy(): readonly [boolean, (text: string) => void] {
  const environment = useEnvironment();
  const [hasCopied, setHasCopied] = useState(false);
  const forget = useRef<() => void>(() => undefined);
  useEffect(() => () => forget.current(), []);
  const copy = useCallback(
    async (text: string) => {
      setHasCopied(await environment.copy(text));
      forget.current();
      forget.current = environment.after(SHOWN_MS, () => setHasCopied(false));
    },
    [environment],
  );
  return [hasCopied, (text) => void copy(text)];
}
