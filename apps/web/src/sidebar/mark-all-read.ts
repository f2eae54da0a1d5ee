/** Everything is read, with a toast that takes it back. */
import { tellFailure } from "../toasts/tell-failure.ts";
import { type ToastStore, undoAction } from "../toasts/toast-store.ts";
import type { Device } from "../sync/device.ts";
import { t } from "../words/words.ts";

const TOAST = "all-read";

export function markAllRead(device: Device, toasts: ToastStore): void {
  const { ids, answer, undo } = device.actions.markAllRead();
  // Done a second time it has changed nothing, and the first time's Undo stays.
  if (ids.length === 0 && toasts.list().some(({ id }) => id === TOAST)) return;
  const action = undoAction(() => void tellFailure(toasts, TOAST, undo()));
  toasts.show({
    id: TOAST,
    text: t("All chats are marked as read"),
    tone: "info",
    ...(ids.length > 0 && { action }),
  });
  void tellFailure(toasts, TOAST, answer);
}
