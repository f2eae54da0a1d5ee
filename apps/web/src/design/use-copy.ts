/** Copying, with a short word on it afterwards. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { t } from "../words/words.ts";

const SHOWN_MS = 1600;

/** Whether what was copied a moment ago is on the clipboard, null where nothing was, and the way to copy. */
export function useCopy(): readonly [boolean | null, (text: string) => void] {
  const environment = useEnvironment();
  const [isCopied, setIsCopied] = useState<boolean | null>(null);
  const forget = useRef<() => void>(() => undefined);
  useEffect(() => () => forget.current(), []);
  const copy = useCallback(
    async (text: string) => {
      setIsCopied(await environment.copy(text));
      forget.current();
      forget.current = environment.after(SHOWN_MS, () => setIsCopied(null));
    },
    [environment],
  );
  return [isCopied, (text) => void copy(text)];
}

/** What the button says of it for that moment. */
export function copyWords(isCopied: boolean | null): string | null {
  if (isCopied === null) return null;
  return isCopied ? t("Copied") : t("Could not be copied");
}
