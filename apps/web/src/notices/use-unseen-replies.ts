/** A reply of this tab's own ended while another conversation was open: a toast that names its conversation and opens it [DEV-5]. */
import { useEffect, useRef } from "preact/hooks";
import { shortened } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";
import { t } from "../words/words.ts";

/** `openId` is the conversation on screen; what is opened needs its toast no longer, and what was deleted has nothing to open. */
export function useUnseenReplies(openId: string | null, onOpen: (id: string) => void): void {
  const { conversations } = useDevice();
  const events = useDeviceEvents();
  const toasts = useToasts();
  const open = useRef(openId);
  open.current = openId;
  useEffect(
    () =>
      events.onReplyUnseen((id) => {
        // On a hidden page it is badge and title that tell of it.
        if (open.current === id) return;
        const title = conversations.get(id)?.title ?? "";
        toasts.show({
          id: toastOf(id),
          text: title ? t("“{title}” has a reply", { title: shortened(title) }) : t("Another chat has a reply"),
          tone: "info",
          action: { label: t("Open"), run: () => onOpen(id) },
        });
      }),
    [conversations, events, toasts, onOpen],
  );
  useEffect(
    () =>
      events.onUpdated((ids) => {
        for (const id of ids) if (!conversations.get(id)) toasts.dismiss(toastOf(id));
      }),
    [conversations, events, toasts],
  );
  useEffect(() => {
    if (openId !== null) toasts.dismiss(toastOf(openId));
  }, [openId, toasts]);
}

function toastOf(id: string): string {
  return `reply-${id}`;
}
