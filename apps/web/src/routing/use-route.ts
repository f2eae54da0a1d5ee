/** The address bar as state: the current route, and moving to another one with the browser's history. */
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useMemo, useState } from "preact/hooks";
import { parseRoute, type Route } from "./route.ts";

export interface Navigation {
  readonly route: Route;
  /** Goes to a path of this page; `replace` leaves no entry to come back to. */
  readonly navigate: (path: string, options?: { readonly replace?: boolean }) => void;
}

const NavigationContext = createContext<Navigation | null>(null);
export const NavigationProvider = NavigationContext.Provider;

/** Follows the address; used once, at the top. */
export function useBrowserNavigation(): Navigation {
  const [pathname, setPathname] = useState(location.pathname);
  useEffect(() => {
    const follow = () => setPathname(location.pathname);
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);
  const navigate = useCallback<Navigation["navigate"]>((path, options) => {
    if (path === location.pathname) return;
    if (options?.replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    setPathname(path);
  }, []);
  return useMemo(() => ({ route: parseRoute(pathname), navigate }), [pathname, navigate]);
}

/** The navigation of this page. */
export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error("NavigationProvider is missing above this component");
  return navigation;
}

/** Whether a click on a link is meant for this page, and not for a new tab or window. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
