/** The code blocks that a person has seen whole, by their beginning: they stay so where the message is shown anew. */
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

const MAX_REMEMBERED = 200;

/** Null where nothing is remembered. */
export const UnfoldedContext = createContext<Set<string> | null>(null);

/** Whether all of the block that begins so is shown: `isWhole` shows it, and then it remains. */
export function useUnfolded(beginning: string, isWhole: boolean): readonly [boolean, (isUnfolded: boolean) => void] {
  const remembered = useContext(UnfoldedContext);
  const [chosen, choose] = useState<boolean | null>(() => (remembered?.has(beginning) ? true : null));
  const wasWhole = useRef(isWhole);
  wasWhole.current ||= isWhole;
  const isUnfolded = chosen ?? wasWhole.current;
  useEffect(() => {
    if (!remembered) return;
    if (!isUnfolded) remembered.delete(beginning);
    else if (remembered.size < MAX_REMEMBERED) remembered.add(beginning);
  }, [remembered, beginning, isUnfolded]);
  return [isUnfolded, choose];
}
