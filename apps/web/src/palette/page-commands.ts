/** What can be done on the page by name, beside going to a chat. */
import type { Theme } from "../settings/settings-store.ts";
import type { SidebarState } from "../sidebar/use-sidebar.ts";
import type { ConversationItem, Device } from "../sync/device.ts";
import { askToStop } from "../conversation/ask-to-stop.ts";
import { markAllRead } from "../sidebar/mark-all-read.ts";
import type { RowActions } from "../sidebar/use-row-actions.ts";
import type { ToastStore } from "../toasts/toast-store.ts";
import { KEYS } from "../keyboard/keys.ts";
import { LANGUAGE_CODES, type LanguageChoice, LANGUAGES } from "../words/language.ts";
import { type English, t } from "../words/words.ts";

/** What the page lends to the palette. */
export interface PageControls {
  readonly openId: string | null;
  readonly actions: RowActions;
  readonly startChat: () => void;
  readonly sidebar: SidebarState;
  readonly openDialog: (dialog: "settings" | "sync" | "keys") => void;
  /** Opens the import, with these files or to choose some. */
  readonly importFiles: (files: readonly File[]) => void;
}

export interface PageCommand {
  readonly label: string;
  /** Other words that lead to it. */
  readonly also?: string;
  readonly keys?: string;
  readonly run: () => void;
}

export interface CommandPorts {
  readonly page: PageControls;
  readonly device: Device;
  readonly toasts: ToastStore;
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
  readonly language: LanguageChoice;
  /** Resolves to whether it could be loaded. */
  readonly setLanguage: (language: LanguageChoice) => Promise<boolean>;
}

/** The commands, those for the open chat first. */
export function pageCommands(ports: CommandPorts): readonly PageCommand[] {
  const { page, device, toasts } = ports;
  const open = page.openId === null ? undefined : device.conversations.get(page.openId);
  return [
    ...(open ? chatCommands(open, ports) : []),
    { label: t("New chat"), keys: KEYS.newChat, run: page.startChat },
    { label: t("Show the archive"), run: () => page.sidebar.showPlace("archive") },
    { label: t("Show the trash"), also: t("deleted bin"), run: () => page.sidebar.showPlace("trash") },
    { label: t("Show or hide the sidebar"), keys: KEYS.sidebar, run: page.sidebar.drawer.toggle },
    { label: t("Mark all as read"), run: () => markAllRead(device, toasts) },
    ...themeCommands(ports),
    ...languageCommands(ports),
    { label: t("Settings"), also: t("preferences options account"), run: () => page.openDialog("settings") },
    {
      label: t("Import conversations"),
      also: t("bring history chatgpt claude open webui"),
      run: () => page.importFiles([]),
    },
    { label: t("Connection"), also: t("sync offline status"), run: () => page.openDialog("sync") },
    { label: t("Keyboard shortcuts"), also: t("keys help"), keys: KEYS.keys, run: () => page.openDialog("keys") },
  ];
}

function chatCommands(open: ConversationItem, { page, device, toasts }: CommandPorts): readonly PageCommand[] {
  const { id, pinned, archived, isGenerating } = open;
  const { actions } = page;
  const stop = { label: t("Stop the reply"), keys: KEYS.stop, run: () => askToStop(device, toasts, id) };
  return [
    ...(isGenerating ? [stop] : []),
    { label: pinned ? t("Unpin this chat") : t("Pin this chat"), run: () => actions.setPinned(id, !pinned) },
    {
      label: archived ? t("Unarchive this chat") : t("Archive this chat"),
      run: () => actions.setArchived(id, !archived),
    },
    { label: t("Mark this chat as unread"), run: () => actions.markUnread(id) },
    { label: t("Delete this chat"), also: t("trash remove"), run: () => actions.remove(id) },
  ];
}

const THEME_LABELS = {
  light: "Use the light theme",
  dark: "Use the dark theme",
  system: "Use the system's theme",
} as const satisfies Readonly<Record<Theme, English>>;

function themeCommands({ theme, setTheme }: CommandPorts): readonly PageCommand[] {
  const others = (["light", "dark", "system"] as const).filter((other) => other !== theme);
  return others.map((other) => ({ label: t(THEME_LABELS[other]), also: t("appearance"), run: () => setTheme(other) }));
}

/** Each language is found by its own name, for whoever can't read the one that is shown. */
function languageCommands({ language, setLanguage, toasts }: CommandPorts): readonly PageCommand[] {
  const others = (["auto", ...LANGUAGE_CODES] as const).filter((other) => other !== language);
  const choose = async (other: LanguageChoice) => {
    if (await setLanguage(other)) return;
    const text = t("The language could not be loaded. Check your connection, and try again.");
    toasts.show({ id: "language", text, tone: "error" });
  };
  return others.map((other) => ({
    label: other === "auto" ? t("Language: as the browser") : t("Language: {name}", { name: LANGUAGES[other].name }),
    run: () => void choose(other),
  }));
}
