/** What a row's menu does, with the words for what went wrong and the Undo for what went right. */
import { useMemo } from "preact/hooks";
import { type Environment, useEnvironment } from "../environment.ts";
import { conversationPath } from "../routing/route.ts";
import { type Navigation, useNavigation } from "../routing/use-route.ts";
import { shortened, tellFailure, tellRestoreFailure } from "../toasts/tell-failure.ts";
import { type ToastStore, useToasts } from "../toasts/toast-store.ts";
import { type Device, isFailure, type Result } from "./device.ts";
import { useDevice } from "./device-context.ts";

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
  readonly environment: Environment;
  readonly onOpened: () => void;
}

function createRowActions({ device, toasts, navigate, environment, onOpened }: RowActionPorts): RowActions {
  const { actions } = device;
  const tell = (what: string, result: Promise<Result<unknown>>) => void tellFailure(toasts, what, result);
  const moved = new Set<string>();
  return {
    moved,
    open: (id, foundSeq = null) => {
      navigate(conversationPath(id), { foundSeq });
      onOpened();
    },
    rename: (id, title) => tell(`rename-${id}`, actions.rename(id, title)),
    setPinned: (id, isPinned) => {
      moved.add(id);
      tell(`pin-${id}`, actions.setPinned(id, isPinned));
    },
    setArchived: (id, isArchived) => tell(`archive-${id}`, actions.setArchived(id, isArchived)),
    markUnread: (id) => tell(`unread-${id}`, actions.markUnread(id)),
    markRead: (id) => tell(`read-${id}`, actions.markRead(id)),
    remove: (id) => {
      const title = device.conversations.get(id)?.title;
      const isOpen = location.pathname === conversationPath(id);
      const undo = () => {
        const result = actions.restore(id);
        void tellRestoreFailure(toasts, `restore-${id}`, result);
        // Opened before the server has restored it, it would be in the trash still.
        if (isOpen) void result.then((outcome) => isFailure(outcome) || navigate(conversationPath(id)));
      };
      const neighbour = neighbourOf(device.conversations.list(), id);
      if (isOpen) navigate("/");
      toasts.show({
        id: `deleted-${id}`,
        text: title ? `“${shortened(title)}” was moved to the trash` : "Conversation moved to the trash",
        tone: "info",
        action: { label: "Undo", run: undo },
      });
      tell(`deleted-${id}`, actions.remove(id));
      if (!isOpen) environment.onNextFrame(() => focusRow(neighbour));
    },
  };
}

function neighbourOf(ids: readonly string[], id: string): string | undefined {
  const index = ids.indexOf(id);
  return ids[index + 1] ?? ids[index - 1];
}

/** Whoever deletes by keyboard goes on at the row that took the place of the deleted one. */
function focusRow(id: string | undefined): void {
  if (id === undefined || document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>(`[data-conversation-id="${CSS.escape(id)}"] .conversation-link`)?.focus();
}
