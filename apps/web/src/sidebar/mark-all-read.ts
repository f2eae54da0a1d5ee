/** Everything is read, with a toast that takes it back. */
import { tellFailure } from "../toasts/tell-failure.ts";
import { type ToastStore, undoAction } from "../toasts/toast-store.ts";
import type { Device } from "../sync/device.ts";
import { t } from "../words/words.ts";

export async function markAllRead(device: Device, toasts: ToastStore): Promise<void> {
  const undo = await device.actions.markAllRead();
  toasts.show({
    id: "all-read",
    text: t("All chats are marked as read"),
    tone: "info",
    action: undoAction(() => void tellFailure(toasts, "all-read", undo())),
  });
}
