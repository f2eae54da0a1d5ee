/** The address bar as state: the current route, and moving to another one with the browser's history. */
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { PageEnvironment } from "../environment.ts";
import { type BackLayers, createBackLayers } from "./back-layers.ts";
import { conversationPath, foundSeqOf, parseRoute, type Route } from "./route.ts";

export interface Navigation {
  readonly route: Route;
  /** The message of the conversation that a search led to; a new object each time. */
  readonly found: { readonly seq: number } | null;
  /** Nobody here asked to go there: what has the focus keeps it. */
  readonly keepsFocus: boolean;
  /** Goes to a path of this page, and there to a message; `replace` leaves no entry to come back to. */
  readonly navigate: (
    path: string,
    options?: { readonly replace?: boolean; readonly foundSeq?: number | null; readonly keepsFocus?: boolean },
  ) => void;
  /** What lies over the page, as the history has it. */
  readonly layers: BackLayers;
}

/** Where fingers are, and where the sidebar lies over the page, Back means what is on top. */
const LAYERED = "(pointer: coarse), (max-width: 45rem)";

interface Place extends Pick<Navigation, "found" | "keepsFocus"> {
  readonly pathname: string;
}

export const NavigationContext = createContext<Navigation | null>(null);
export const NavigationProvider = NavigationContext.Provider;

/** Follows the address; used once, at the top. */
export function useBrowserNavigation(environment: PageEnvironment): Navigation {
  const [{ pathname, found, keepsFocus }, setPlace] = useState<Place>(currentPlace);
  const layers = useMemo(
    () => createBackLayers({ history, isWanted: () => environment.matches(LAYERED), after: environment.after }),
    [environment],
  );
  useEffect(() => {
    const follow = () => {
      // Back from a layer leads to where one is: nothing is opened anew.
      setPlace((before) => (isSamePlace(before, currentPlace()) ? before : currentPlace()));
      layers.follow();
    };
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, [layers]);
  const navigate = useCallback<Navigation["navigate"]>(
    (path, options) =>
      layers.whenStill(() => {
        const foundSeq = options?.foundSeq ?? null;
        const isSamePath = path === location.pathname;
        if (isSamePath && foundSeq === null && foundSeqOf(history.state) === null) return;
        const state = foundSeq === null ? null : { foundSeq };
        if (options?.replace || isSamePath || layers.isAtEntry()) history.replaceState(state, "", path);
        else history.pushState(state, "", path);
        setPlace({ ...currentPlace(), keepsFocus: options?.keepsFocus === true });
        layers.settle();
      }),
    [layers],
  );
  return useMemo(
    () => ({ route: parseRoute(pathname), found, keepsFocus, navigate, layers }),
    [pathname, found, keepsFocus, navigate, layers],
  );
}

/** A conversation's address is brought into the form that this page gives it, by which is told whether it is the one that is open. */
function currentPlace(): Place {
  const route = parseRoute(location.pathname);
  const pathname = route.kind === "conversation" ? conversationPath(route.id) : location.pathname;
  if (pathname !== location.pathname) {
    history.replaceState(history.state, "", pathname + location.search + location.hash);
  }
  const seq = foundSeqOf(history.state);
  return { pathname, found: seq === null ? null : { seq }, keepsFocus: false };
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.pathname === other.pathname && one.found?.seq === other.found?.seq;
}

/** The navigation of this page. */
export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error("no provider");
  return navigation;
}

/** Whether a click on a link is meant for this page, and not for a new tab or window. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
