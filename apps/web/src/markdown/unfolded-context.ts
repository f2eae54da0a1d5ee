/** The code blocks that a person has unfolded, by their beginning: they stay so where the message is shown anew, as it is when a reply ends. */
import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";

const MAX_REMEMBERED = 200;

/** Null where nothing is remembered. */
export const UnfoldedContext = createContext<Set<string> | null>(null);

/** Whether a person wants all of the block that begins so, and the way to say it. */
export function useUnfolded(beginning: string): readonly [boolean, (isUnfolded: boolean) => void] {
  const remembered = useContext(UnfoldedContext);
  const [isUnfolded, setUnfolded] = useState(() => remembered?.has(beginning) ?? false);
  const choose = (isWanted: boolean) => {
    setUnfolded(isWanted);
    if (!isWanted) remembered?.delete(beginning);
    else if (remembered && remembered.size < MAX_REMEMBERED) remembered.add(beginning);
  };
  return [isUnfolded, choose];
}
