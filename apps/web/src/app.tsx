/** The page: sidebar, conversation, dialogs and toasts, with the shortcuts and the tab's title. */
import type { Config, Me } from "@instep/protocol";
import { Fragment } from "preact";
import { useCallback, useState } from "preact/hooks";
import { focusBox } from "./composer/focus-box.ts";
import { ConversationPage } from "./conversation/conversation-page.tsx";
import { ModelsContext } from "./conversation/models-context.ts";
import { WRITTEN } from "./design/close-modals.ts";
import { lazyPart, patientLazyPart, quietLazyPart } from "./design/lazy-part.tsx";
import type { PageControls } from "./palette/page-commands.ts";
import { useNavigation } from "./routing/use-route.ts";
import { SidebarContent } from "./sidebar/sidebar-content.tsx";
import { Sidebar } from "./sidebar/sidebar.tsx";
import { useSidebar } from "./sidebar/use-sidebar.ts";
import { useCurrentDeleted } from "./notices/use-current-deleted.ts";
import { useOrphanedMessages } from "./notices/use-orphaned-messages.ts";
import { useRowActions } from "./sidebar/use-row-actions.ts";
import { useTabTitle } from "./notices/use-tab-title.ts";
import { usePageKeys } from "./use-page-keys.ts";
import { spoken, t } from "./words/words.ts";
import "./app.css";

const ConnectedSettings = lazyPart(async () => (await import("./settings/connected-settings.tsx")).ConnectedSettings);
const ConnectedSyncPanel = lazyPart(async () => (await import("./status/connected-sync-panel.tsx")).ConnectedSyncPanel);

const CommandPalette = lazyPart(async () => (await import("./palette/command-palette.tsx")).CommandPalette);
/** Begins with the page, and is needed a moment later at the soonest. */
const ToastRegion = patientLazyPart(async () => (await import("./toasts/toast-region.tsx")).ToastRegion);
const TurnNotices = patientLazyPart(async () => (await import("./notices/turn-notices.tsx")).TurnNotices);
const ImportDesk = quietLazyPart(async () => (await import("./import/import-desk.tsx")).ImportDesk);
const KeysDialog = lazyPart(async () => (await import("./palette/keys-dialog.tsx")).KeysDialog);

type OpenDialog = "none" | "settings" | "sync" | "palette" | "keys";

export interface AppProps {
  readonly config: Config;
  readonly me: Me;
  /** Asks for settings and account again: this page changed something, or lacks something. */
  readonly onAccountChanged: () => Promise<void>;
}

export function App({ config, me, onAccountChanged }: AppProps) {
  const { route, navigate } = useNavigation();
  const sidebar = useSidebar();
  const { drawer, place, query, showChats } = sidebar;
  const [dialog, setDialog] = useState<OpenDialog>("none");
  // Held here, since another language renders the conversation anew.
  const newModel = useState<string | null>(null);
  const { wanted, importFiles } = useWantedImport(setDialog);
  const openId = route.kind === "conversation" ? route.id : null;

  const rowActions = useRowActions(drawer.close);
  const startChat = useCallback(() => {
    navigate("/");
    showChats();
    drawer.close();
    focusBox();
  }, [navigate, showChats, drawer.close]);
  usePageKeys({ sidebar, openId, actions: rowActions, startChat, dialog, openDialog: setDialog });
  useCurrentDeleted();
  useOrphanedMessages(startChat);
  useTabTitle(openId);

  return (
    <div class={drawer.isHidden ? "app-shell no-sidebar" : "app-shell"}>
      <Fragment key={spoken().language}>
        <a class="skip-link" href="#message-input" inert={drawer.isOpen} onClick={skipToBox}>
          {t("Skip to the message box")}
        </a>
        <Sidebar
          isOpen={drawer.isOpen}
          sidebarRef={drawer.element}
          onClose={drawer.close}
          onHide={drawer.toggle}
          place={place}
          onPlace={sidebar.setPlace}
          query={query}
          onQuery={sidebar.setQuery}
          searchShortcut="/"
          searchRef={sidebar.searchRef}
          onNewChat={startChat}
          onSettings={() => setDialog("settings")}
          onSync={() => setDialog("sync")}
        >
          <SidebarContent place={place} query={query} openId={openId} actions={rowActions} />
        </Sidebar>
        <main class={route.kind === "new" ? "main beginning" : "main"} inert={drawer.isOpen}>
          <ModelsContext.Provider value={config.models}>
            <ConversationPage
              id={openId}
              config={config}
              accountId={me.id}
              newModel={newModel}
              rowActions={rowActions}
              onOpenSidebar={drawer.open}
              onNewChat={startChat}
              onModelsWanted={onAccountChanged}
              onChatBegun={showChats}
              onImport={importFiles}
            />
          </ModelsContext.Provider>
        </main>
        <ToastRegion />
        <TurnNotices accountId={me.id} openId={openId} onOpen={rowActions.open} />
        <OpenedDialog
          {...{ dialog, me, config, onAccountChanged }}
          page={{ openId, actions: rowActions, startChat, sidebar, openDialog: setDialog, importFiles }}
          onClose={() => setDialog("none")}
        />
      </Fragment>
      {wanted && (
        <div class="dialog-place">
          <ImportDesk accountId={me.id} wanted={wanted} />
        </div>
      )}
    </div>
  );
}

/** No address of its own: going to one would leave what a search found. */
function skipToBox(event: MouseEvent): void {
  event.preventDefault();
  focusBox();
}

/** The files that are to be imported, and what asks for that. */
function useWantedImport(openDialog: (dialog: OpenDialog) => void) {
  const [wanted, setWanted] = useState<readonly File[] | null>(null);
  const importFiles = useCallback((files: readonly File[]) => {
    if (document.querySelector(WRITTEN) === null) openDialog("none");
    // Another list each time, also where it is as empty as the last one.
    setWanted([...files]);
  }, []);
  return { wanted, importFiles };
}

interface OpenedDialogProps extends AppProps {
  readonly dialog: OpenDialog;
  readonly page: PageControls;
  readonly onClose: () => void;
}

function OpenedDialog({ dialog, page, onClose, ...account }: OpenedDialogProps) {
  if (dialog === "none") return null;
  return (
    <div class="dialog-place">
      {dialog === "settings" && (
        <ConnectedSettings {...account} onClose={onClose} onImport={() => page.importFiles([])} />
      )}
      {dialog === "sync" && <ConnectedSyncPanel openId={page.openId} onClose={onClose} />}
      {dialog === "palette" && <CommandPalette page={page} onClose={onClose} />}
      {dialog === "keys" && <KeysDialog onClose={onClose} />}
    </div>
  );
}
