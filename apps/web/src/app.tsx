/** The page: sidebar, conversation, dialogs and toasts, with the shortcuts and the tab's title. */
import type { Config, Me } from "@instep/protocol";
import { useCallback, useRef, useState } from "preact/hooks";
import { ConversationPage } from "./conversation/conversation-page.tsx";
import { later } from "./design/later.tsx";
import { useEnvironment } from "./environment.ts";
import { useNavigation } from "./routing/use-route.ts";
import { SidebarContent } from "./sidebar/sidebar-content.tsx";
import { Sidebar, type SidebarPlace } from "./sidebar/sidebar.tsx";
import { useDrawer } from "./sidebar/use-drawer.ts";
import { useCurrentDeleted } from "./sync/use-current-deleted.ts";
import { useOrphanedMessages } from "./sync/use-orphaned-messages.ts";
import { useRowActions } from "./sync/use-row-actions.ts";
import { useTabTitle } from "./sync/use-tab-title.ts";
import { useTurnNotices } from "./sync/use-turn-notices.ts";
import { ToastRegion } from "./toasts/toast-region.tsx";
import { shortcutWords, useShortcuts } from "./use-shortcuts.ts";
import "./app.css";

const ConnectedSettings = later(async () => (await import("./settings/connected-settings.tsx")).ConnectedSettings);
const ConnectedSyncPanel = later(async () => (await import("./status/connected-sync-panel.tsx")).ConnectedSyncPanel);

type OpenDialog = "none" | "settings" | "sync";

export interface AppProps {
  readonly config: Config;
  readonly me: Me;
  /** Asks for settings and account again: this page changed something, or lacks something. */
  readonly onAccountChanged: () => Promise<void>;
}

export function App({ config, me, onAccountChanged }: AppProps) {
  const environment = useEnvironment();
  const { route, navigate } = useNavigation();
  const drawer = useDrawer();
  const [place, setPlace] = useState<SidebarPlace>("chats");
  const [query, setQuery] = useState("");
  const [dialog, setDialog] = useState<OpenDialog>("none");
  const searchField = useRef<HTMLInputElement>(null);
  const openId = route.kind === "conversation" ? route.id : null;

  const rowActions = useRowActions(drawer.close);
  const showChats = useCallback(() => {
    setPlace("chats");
    setQuery("");
  }, []);
  const startChat = useCallback(() => {
    navigate("/");
    showChats();
    drawer.close();
    document.querySelector<HTMLElement>("#message-input")?.focus();
  }, [navigate, showChats, drawer.close]);
  useShortcuts({
    onSearch: () => {
      drawer.open();
      searchField.current?.focus();
      searchField.current?.select();
    },
    onNewChat: startChat,
    onEscape: drawer.close,
  });
  useCurrentDeleted();
  useOrphanedMessages();
  useTurnNotices(openId);
  useTabTitle(openId);

  return (
    <div class="app-shell">
      <a class="skip-link" href="#message-input" inert={drawer.isOpen}>
        Skip to the message box
      </a>
      <Sidebar
        isOpen={drawer.isOpen}
        sidebarRef={drawer.element}
        onClose={drawer.close}
        place={place}
        onPlace={setPlace}
        query={query}
        onQuery={setQuery}
        searchShortcut={shortcutWords(environment.isMac())}
        searchRef={searchField}
        onNewChat={startChat}
        onSettings={() => setDialog("settings")}
        onSync={() => setDialog("sync")}
      >
        <SidebarContent place={place} query={query} openId={openId} actions={rowActions} />
      </Sidebar>
      <main class="main" inert={drawer.isOpen}>
        <ConversationPage
          conversationId={route.kind === "unknown" ? "" : openId}
          config={config}
          onOpenSidebar={drawer.open}
          onNewChat={startChat}
          onModelsWanted={onAccountChanged}
          onChatBegun={showChats}
        />
      </main>
      <ToastRegion />
      <OpenedDialog {...{ dialog, me, config, openId, onAccountChanged }} onClose={() => setDialog("none")} />
    </div>
  );
}

interface OpenedDialogProps extends AppProps {
  readonly dialog: OpenDialog;
  readonly openId: string | null;
  readonly onClose: () => void;
}

function OpenedDialog({ dialog, openId, onClose, ...account }: OpenedDialogProps) {
  if (dialog === "none") return null;
  return (
    <div class="dialog-place">
      {dialog === "settings" && <ConnectedSettings {...account} onClose={onClose} />}
      {dialog === "sync" && <ConnectedSyncPanel openId={openId} onClose={onClose} />}
    </div>
  );
}
