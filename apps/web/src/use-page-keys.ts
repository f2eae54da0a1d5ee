/** What the page's keys do. */
import type { SidebarState } from "./sidebar/use-sidebar.ts";
import { WRITTEN } from "./design/close-modals.ts";
import { askToStop } from "./conversation/ask-to-stop.ts";
import { useDevice } from "./sync/device-context.ts";
import { nextUnread } from "./sidebar/next-unread.ts";
import type { RowActions } from "./sidebar/use-row-actions.ts";
import { useShortcuts } from "./keyboard/use-shortcuts.ts";
import { useToasts } from "./toasts/toast-store.ts";

export interface PageKeysOptions {
  readonly sidebar: SidebarState;
  readonly openId: string | null;
  readonly actions: RowActions;
  readonly startChat: () => void;
  /** What is wanted, "none" where nothing is: over a slow line it may not be there yet. */
  readonly dialog: string;
  readonly openDialog: (dialog: "palette" | "keys" | "none") => void;
}

export function usePageKeys(options: PageKeysOptions): void {
  const { sidebar, openId, actions, startChat, dialog, openDialog } = options;
  const { drawer } = sidebar;
  const device = useDevice();
  const toasts = useToasts();
  const { conversations, views } = device;
  const goToUnread = (step: 1 | -1) => {
    const isUnread = (id: string) => (conversations.get(id)?.unread ?? 0) > 0;
    const id = nextUnread(conversations.list(), isUnread, { openId, step });
    if (id !== null) actions.open(id);
  };
  const escape = () => {
    if (dialog !== "none") openDialog("none");
    else if (drawer.isOpen) drawer.close();
    else if (openId !== null && views.get(openId)?.reply) askToStop(device, toasts, openId);
  };
  useShortcuts({
    // It takes the place of another dialog, and what stands unsaved in one would be lost with that.
    onPalette: () => document.querySelector(WRITTEN) === null && openDialog("palette"),
    onKeys: () => openDialog("keys"),
    onSearch: sidebar.search,
    onNewChat: startChat,
    onSidebar: drawer.toggle,
    onNextUnread: () => goToUnread(1),
    onPreviousUnread: () => goToUnread(-1),
    onEscape: escape,
  });
}
