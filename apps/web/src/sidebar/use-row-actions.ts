/** What a row's menu does, with the words for what went wrong and the Undo for what went right. */
import { useMemo } from "preact/hooks";
import { type PageEnvironment, useEnvironment } from "../environment.ts";
import { conversationPath } from "../routing/route.ts";
import { type Navigation, useNavigation } from "../routing/use-route.ts";
import { openOnceDone } from "../routing/open-once-done.ts";
import { shortened, tellFailure, tellRestoreFailure } from "../toasts/tell-failure.ts";
import { type ToastStore, useToasts, undoAction } from "../toasts/toast-store.ts";
import type { Device, Result, SharedChange } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import { plural, t } from "../words/words.ts";
import { rowSelector } from "./row-selector.ts";

/** What a row's menu does. */
export interface RowActions {
  /** At a message, where a search led to one. */
  readonly open: (id: string, foundSeq?: number | null) => void;
  readonly rename: (id: string, title: string) => void;
  readonly setPinned: (id: string, isPinned: boolean) => void;
  readonly setArchived: (id: string, isArchived: boolean) => void;
  readonly markUnread: (id: string) => void;
  readonly markRead: (id: string) => void;
  readonly remove: (id: string) => void;
  /** The same done to several, with one toast that takes it back. */
  readonly changeMany: (ids: readonly string[], change: SharedChange) => void;
  /** What was moved by one of these, and is still to be shown in its new place. */
  readonly moved: Set<string>;
}

/** The actions; the same object for as long as page and device stay. */
export function useRowActions(onOpened: () => void): RowActions {
  const device = useDevice();
  const toasts = useToasts();
  const { navigate } = useNavigation();
  const environment = useEnvironment();
  return useMemo(
    () => createRowActions({ device, toasts, navigate, environment, onOpened }),
    [device, toasts, navigate, environment, onOpened],
  );
}

interface RowActionPorts {
  readonly device: Device;
  readonly toasts: ToastStore;
  readonly navigate: Navigation["navigate"];
  readonly environment: PageEnvironment;
  readonly onOpened: () => void;
}

function createRowActions({ device, toasts, navigate, environment, onOpened }: RowActionPorts): RowActions {
  const { actions } = device;
  const tellIfFailed = (what: string, result: Promise<Result<unknown>>) => void tellFailure(toasts, what, result);
  const moved = new Set<string>();
  return {
    moved,
    open: (id, foundSeq = null) => {
      navigate(conversationPath(id), { foundSeq });
      onOpened();
    },
    rename: (id, title) => tellIfFailed(`rename-${id}`, actions.rename(id, title)),
    setPinned: (id, isPinned) => {
      moved.add(id);
      tellIfFailed(`pin-${id}`, actions.setPinned(id, isPinned));
    },
    setArchived: (id, isArchived) => {
      const title = device.conversations.get(id)?.title;
      toasts.show({
        id: `archive-${id}`,
        text: archivedWords(title && shortened(title), isArchived),
        tone: "info",
        action: undoAction(() => tellIfFailed(`archive-${id}`, actions.setArchived(id, !isArchived))),
      });
      tellIfFailed(`archive-${id}`, actions.setArchived(id, isArchived));
    },
    markUnread: (id) => tellIfFailed(`unread-${id}`, actions.markUnread(id)),
    markRead: (id) => tellIfFailed(`read-${id}`, actions.markRead(id)),
    remove: (id) => {
      const title = device.conversations.get(id)?.title;
      const isOpen = location.pathname === conversationPath(id);
      const undo = () => {
        const result = actions.restore(id);
        void tellRestoreFailure(toasts, `restore-${id}`, result);
        // Opened before the server has restored it, it would be in the trash still.
        if (isOpen) void openOnceDone(result, id, navigate);
      };
      const neighbour = neighbourOf(shownIds(), id);
      if (isOpen) navigate("/");
      toasts.show({
        id: `deleted-${id}`,
        text: title
          ? t("“{title}” was moved to the trash", { title: shortened(title) })
          : t("Conversation moved to the trash"),
        tone: "info",
        action: undoAction(undo),
      });
      tellIfFailed(`deleted-${id}`, actions.remove(id));
      if (!isOpen) environment.onNextFrame(() => focusRow(neighbour));
    },
    changeMany: (ids, change) => changeMany({ device, toasts, navigate, moved }, ids, change),
  };
}

type ManyPorts = Pick<RowActionPorts, "device" | "toasts" | "navigate"> & Pick<RowActions, "moved">;

function changeMany(
  { device, toasts, navigate, moved }: ManyPorts,
  ids: readonly string[],
  change: SharedChange,
): void {
  const openId = ids.find((id) => location.pathname === conversationPath(id));
  const isOpenRemoved = openId !== undefined && change.key === "removed" && change.value;
  if (change.key === "pinned") for (const id of ids) moved.add(id);
  const changed = device.actions.changeMany(ids, change);
  const count = changed.ids.length;
  if (count === 0) return;
  if (isOpenRemoved) navigate("/");
  const toast = `many-${changed.ids[0]}-${change.key}`;
  const undo = async () => {
    if (change.key === "pinned") for (const id of changed.ids) moved.add(id);
    const result = changed.undo();
    void (change.key === "removed" ? tellRestoreFailure : tellFailure)(toasts, toast, result);
    if (isOpenRemoved) await openOnceDone(result, openId, navigate);
  };
  toasts.show({
    id: toast,
    text: doneWords(change, count),
    tone: "info",
    action: undoAction(() => void undo()),
  });
  void tellFailure(toasts, toast, changed.answer);
}

function archivedWords(title: string | undefined, isArchived: boolean): string {
  if (!title) return isArchived ? t("The chat was archived") : t("The chat is out of the archive");
  return isArchived ? t("“{title}” was archived", { title }) : t("“{title}” is out of the archive", { title });
}

function doneWords({ key, value }: SharedChange, count: number): string {
  switch (key) {
    case "removed":
      return plural(count, "1 chat moved to the trash", "{count} chats moved to the trash");
    case "archived":
      return value
        ? plural(count, "1 chat archived", "{count} chats archived")
        : plural(count, "1 chat taken out of the archive", "{count} chats taken out of the archive");
    case "pinned":
      return value
        ? plural(count, "1 chat pinned", "{count} chats pinned")
        : plural(count, "1 chat unpinned", "{count} chats unpinned");
    case "unread":
      return value
        ? plural(count, "1 chat marked as unread", "{count} chats marked as unread")
        : plural(count, "1 chat marked as read", "{count} chats marked as read");
    default:
      return key satisfies never;
  }
}

/** What the list shows, in its order: what is held still may stand otherwise than where it sorts. */
function shownIds(): readonly string[] {
  const rows = document.querySelectorAll<HTMLElement>(".conversation-list [data-conversation-id]");
  return [...rows].map((row) => row.dataset["conversationId"] ?? "");
}

function neighbourOf(ids: readonly string[], id: string): string | undefined {
  const index = ids.indexOf(id);
  return ids[index + 1] ?? ids[index - 1];
}

/** Whoever deletes by keyboard goes on at the row that took the place of the deleted one. */
function focusRow(id: string | undefined): void {
  if (id === undefined || document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>(`${rowSelector(id)} .conversation-link`)?.focus();
}
