/** The sidebar as a drawer on a narrow screen: the focus goes in with it and comes back, and the page behind it is out of reach. */
import type { RefObject } from "preact";
import { flushSync } from "preact/compat";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useMatches } from "../environment.ts";

export interface Drawer {
  /** Whether it lies over the page: never on a wide screen, where the sidebar stands beside it. */
  readonly isOpen: boolean;
  readonly element: RefObject<HTMLElement | null>;
  /** Open and closed at once, so that the caller may focus what was hidden or inert just before. */
  readonly open: () => void;
  readonly close: () => void;
}

/** As wide as where sidebar.css makes a drawer of the sidebar. */
const NARROW = "(max-width: 45rem)";

export function useDrawer(): Drawer {
  const isNarrow = useMatches(NARROW);
  const [isWanted, setIsWanted] = useState(false);
  const element = useRef<HTMLElement>(null);
  const isOpen = isNarrow && isWanted;
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const opener = document.activeElement;
    element.current?.querySelector("button")?.focus();
    return () => {
      const focused = document.activeElement;
      const isLeft = focused === document.body || element.current?.contains(focused);
      if (isLeft && opener instanceof HTMLElement) opener.focus();
    };
  }, [isOpen]);
  const open = useCallback(() => flushSync(() => setIsWanted(true)), []);
  const close = useCallback(() => flushSync(() => setIsWanted(false)), []);
  return { isOpen, element, open, close };
}
