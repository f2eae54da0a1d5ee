/** A text made rich, by the thread that the page gives. */
import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { RichText } from "./rich-text.ts";
import type { TextJob, TextResult } from "./text-job.ts";

/** Null where nothing is made rich. */
export const RichTextContext = createContext<RichText | null>(null);

/** Null until it is there, and where it can't be; `job` is the same object for as long as it says the same, null where nothing is wanted yet. */
export function useRichText(job: TextJob | null): TextResult {
  const richText = useContext(RichTextContext);
  const [, showAgain] = useReducer((count: number) => count + 1, 0);
  const known = job === null ? null : richText?.known(job);
  useEffect(() => {
    // Not by what is known now: that may have come since this was rendered, and would never be shown.
    if (!richText || job === null || known !== undefined) return undefined;
    let isWanted = true;
    void richText.ask(job).then(() => isWanted && showAgain(undefined));
    return () => void (isWanted = false);
  }, [richText, job]);
  return known ?? null;
}
