/** The sidebar: beside the page, or hidden, on a wide screen; on a narrow one a drawer, into which the focus goes and comes back. */
import type { RefObject } from "preact";
import { flushSync } from "preact/compat";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useMatches } from "../environment.ts";
import { useBackCloses } from "../routing/use-back-closes.ts";
import { useSettings } from "../settings/settings-store.ts";

export interface Drawer {
  /** Whether it lies over the page: never on a wide screen, where the sidebar stands beside it. */
  readonly isOpen: boolean;
  readonly element: RefObject<HTMLElement | null>;
  /** Not to be seen on a wide screen: its person wants the room. */
  readonly isHidden: boolean;
  /** Open and closed at once, so that the caller may focus what was hidden or inert just before. */
  readonly open: () => void;
  readonly close: () => void;
  readonly toggle: () => void;
}

/** As wide as where sidebar.css makes a drawer of the sidebar. */
const NARROW = "(max-width: 45rem)";

export function useDrawer(): Drawer {
  const isNarrow = useMatches(NARROW);
  const [isWanted, setIsWanted] = useState(false);
  const [{ isSidebarHidden }, change] = useSettings();
  const element = useRef<HTMLElement>(null);
  const isOpen = isNarrow && isWanted;
  // It was wanted of the narrow screen that there was then.
  useEffect(() => {
    if (!isNarrow) setIsWanted(false);
  }, [isNarrow]);
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
  const open = useCallback(
    () =>
      flushSync(() => {
        if (isNarrow) setIsWanted(true);
        else change({ isSidebarHidden: false });
      }),
    [isNarrow, change],
  );
  const close = useCallback(() => flushSync(() => setIsWanted(false)), []);
  useBackCloses(isOpen, close);
  useSwipes(isNarrow, { isOpen, onSwipe: isOpen ? close : open });
  const isHidden = !isNarrow && isSidebarHidden;
  useFocusOfHidden(isHidden);
  const toggle = useCallback(() => {
    if (isNarrow) (isOpen ? close : open)();
    else change({ isSidebarHidden: !isSidebarHidden });
  }, [isNarrow, isOpen, isSidebarHidden, open, close, change]);
  return { isOpen, element, isHidden, open, close, toggle };
}

/** A finger that comes in from the edge opens it, one that goes back closes it; without that part, the button does. */
function useSwipes(isNarrow: boolean, now: { readonly isOpen: boolean; readonly onSwipe: () => void }): void {
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    if (!isNarrow) return undefined;
    const listening = import("./listen-to-swipes.ts").then(
      ({ listenToSwipes }) => listenToSwipes(() => latest.current),
      () => undefined,
    );
    return () => void listening.then((end) => end?.());
  }, [isNarrow]);
}

/** What had the focus went with the sidebar, or with the button that shows it: the other one takes it over. */
function useFocusOfHidden(isHidden: boolean): void {
  const before = useRef(isHidden);
  useLayoutEffect(() => {
    if (before.current === isHidden) return;
    before.current = isHidden;
    const focused = document.activeElement;
    const isLost =
      focused === null || focused === document.body || focused.closest("#sidebar, .drawer-button") !== null;
    const heir = isHidden ? ".drawer-button button" : ".hide-sidebar";
    if (isLost) document.querySelector<HTMLElement>(heir)?.focus();
  }, [isHidden]);
}
