/** The text of a conversation's message box, kept while one looks elsewhere. */
import { createContext } from "preact";
import { useSyncExternalStore } from "preact/compat";
import { useCallback, useContext } from "preact/hooks";
import type { Drafts } from "./drafts.ts";

const DraftsContext = createContext<Drafts | null>(null);
export const DraftsProvider = DraftsContext.Provider;

/** All drafts of this device. */
export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (!drafts) throw new Error("no provider");
  return drafts;
}

/** One conversation's draft, and how to change it. */
export function useDraft(id: string): readonly [string, (text: string) => void] {
  const drafts = useDrafts();
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.get(id));
  const setText = useCallback((next: string) => drafts.set(id, next), [drafts, id]);
  return [text, setText];
}
