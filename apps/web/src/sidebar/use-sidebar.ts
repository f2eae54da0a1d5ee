/** What the sidebar shows: which list, what is searched for, and how the page leads there. */
import type { RefObject } from "preact";
import { useCallback, useRef, useState } from "preact/hooks";
import type { SidebarPlace } from "./sidebar.tsx";
import { useBackCloses } from "../routing/use-back-closes.ts";
import { type Drawer, useDrawer } from "./use-drawer.ts";

export interface SidebarState {
  readonly drawer: Drawer;
  readonly place: SidebarPlace;
  readonly query: string;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly setPlace: (place: SidebarPlace) => void;
  readonly setQuery: (query: string) => void;
  /** The list of chats is shown again, without a search. */
  readonly showChats: () => void;
  /** Brings the sidebar into sight with that list. */
  readonly showPlace: (place: SidebarPlace) => void;
  /** Brings it into sight with the focus in its search. */
  readonly search: () => void;
}

export function useSidebar(): SidebarState {
  const drawer = useDrawer();
  const [place, setPlace] = useState<SidebarPlace>("chats");
  const [query, setQuery] = useState("");
  const searchRef = useRef<HTMLInputElement>(null);
  // In the drawer, archive and trash lie over the list; beside the page they are a list of their own.
  useBackCloses(drawer.isOpen && place !== "chats", () => setPlace("chats"));
  const showChats = useCallback(() => {
    setPlace("chats");
    setQuery("");
  }, []);
  const showPlace = useCallback(
    (wanted: SidebarPlace) => {
      setQuery("");
      setPlace(wanted);
      drawer.open();
    },
    [drawer.open],
  );
  const search = useCallback(() => {
    drawer.open();
    searchRef.current?.focus();
    searchRef.current?.select();
  }, [drawer.open]);
  return { drawer, place, query, searchRef, setPlace, setQuery, showChats, showPlace, search };
}
