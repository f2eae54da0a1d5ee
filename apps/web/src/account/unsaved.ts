/** What stands in the account's part and is kept nowhere yet: a field that is written in, a token that is shown only once. */
import { createContext } from "preact";
import { useContext, useEffect } from "preact/hooks";

/** Told of one such thing more, or of one less. */
export type CountUnsaved = (by: 1 | -1) => void;

export const UnsavedContext = createContext<CountUnsaved>(() => undefined);

/** Counts as one for as long as it is so, and is shown. */
export function useUnsaved(isUnsaved: boolean): void {
  const count = useContext(UnsavedContext);
  useEffect(() => {
    if (!isUnsaved) return undefined;
    count(1);
    return () => count(-1);
  }, [isUnsaved, count]);
}
