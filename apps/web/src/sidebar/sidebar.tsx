/** The sidebar, connected: the list, the archive, the trash and the search, with new chat above and the connection below. */
import Archive from "lucide-react/icons/archive";
import PanelLeft from "lucide-react/icons/panel-left";
import SettingsIcon from "lucide-react/icons/settings";
import SquarePen from "lucide-react/icons/square-pen";
import Trash2 from "lucide-react/icons/trash-2";
import X from "lucide-react/icons/x";
import type { ComponentChildren, Ref } from "preact";
import { IconButton } from "../design/icon-button.tsx";
import { SyncIndicator } from "../status/sync-indicator.tsx";
import { useUnreadConversations } from "../sync/use-conversations.ts";
import { useSyncStatus } from "../sync/use-sync-status.ts";
import { SearchField } from "../design/search-field.tsx";
import { type English, t } from "../words/words.ts";
import "./sidebar.css";

export type SidebarPlace = "chats" | "archive" | "trash";

export interface SidebarProps {
  /** Whether it lies over the page as a drawer. */
  readonly isOpen: boolean;
  readonly sidebarRef: Ref<HTMLElement>;
  readonly onClose: () => void;
  /** On a wide screen: out of sight, until it is wanted again. */
  readonly onHide: () => void;
  readonly place: SidebarPlace;
  readonly onPlace: (place: SidebarPlace) => void;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly searchShortcut: string;
  readonly searchRef: Ref<HTMLInputElement>;
  readonly onNewChat: () => void;
  readonly onSettings: () => void;
  readonly onSync: () => void;
  /** The list of the place, or what was found. */
  readonly children: ComponentChildren;
}

export function Sidebar(props: SidebarProps) {
  const status = useSyncStatus();
  const { place } = props;
  const goTo = (target: SidebarPlace) => {
    props.onQuery("");
    props.onPlace(place === target ? "chats" : target);
  };
  return (
    <>
      <nav
        class={props.isOpen ? "sidebar open" : "sidebar"}
        aria-label={t("Conversations")}
        id="sidebar"
        ref={props.sidebarRef}
      >
        <div class="sidebar-head">
          <div class="sidebar-brand">
            <img src="/favicon.svg" alt="" width={20} height={20} />
            Instep
            <IconButton label={t("Close sidebar")} icon={X} class="close-drawer" onClick={props.onClose} />
            <IconButton label={t("Hide sidebar")} icon={PanelLeft} class="hide-sidebar" onClick={props.onHide} />
          </div>
          <button type="button" id="new-chat-btn" onClick={props.onNewChat}>
            <SquarePen size={16} strokeWidth={1.85} aria-hidden="true" />
            {t("New chat")}
          </button>
          <SearchField
            label={t("Search conversations")}
            placeholder={t("Search")}
            query={props.query}
            onQuery={props.onQuery}
            shortcut={props.searchShortcut}
            fieldRef={props.searchRef}
          />
        </div>
        <div class="sidebar-body">
          {place !== "chats" && props.query.trim() === "" && (
            <div class="sidebar-section">
              <h2>{t(PLACE_NAMES[place])}</h2>
              <IconButton label={t("Back to chats")} icon={X} onClick={() => props.onPlace("chats")} />
            </div>
          )}
          {props.children}
        </div>
        <div class="sidebar-foot">
          <SyncIndicator status={status} onOpen={props.onSync} />
          <ArchiveButton isPressed={place === "archive"} onClick={() => goTo("archive")} />
          <IconButton label={t("Trash")} icon={Trash2} onClick={() => goTo("trash")} isPressed={place === "trash"} />
          <IconButton label={t("Settings")} icon={SettingsIcon} onClick={props.onSettings} />
        </div>
      </nav>
      <div class="drawer-scrim" onClick={props.onClose} />
    </>
  );
}

/** What is unread in the archive is in no list until one looks there, so the way there says so. */
function ArchiveButton({ isPressed, onClick }: { readonly isPressed: boolean; readonly onClick: () => void }) {
  const unread = useUnreadConversations(true);
  return (
    <span class="archive-button">
      <IconButton
        label={unread > 0 ? t("Archive, {count} unread ¦ place", { count: unread }) : t("Archive ¦ place")}
        icon={Archive}
        onClick={onClick}
        isPressed={isPressed}
      />
      {unread > 0 && <span class="unread-dot" aria-hidden="true" />}
    </span>
  );
}

const PLACE_NAMES = { chats: "Chats", archive: "Archive ¦ place", trash: "Trash" } as const satisfies Readonly<
  Record<SidebarPlace, English>
>;
