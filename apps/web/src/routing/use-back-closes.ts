/** For what lies over the page: Back closes it, as long as it is open. */
import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import { NavigationContext } from "./use-route.ts";

/** `onBack` closes it; a part that is shown outside the page has no history, and is left alone. */
export function useBackCloses(isOpen: boolean, onBack: () => void): void {
  const layers = useContext(NavigationContext)?.layers;
  const latest = useRef(onBack);
  latest.current = onBack;
  useLayoutEffect(() => (isOpen ? layers?.enter(() => latest.current()) : undefined), [isOpen, layers]);
}
