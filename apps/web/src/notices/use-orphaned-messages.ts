/** A message that could not be sent since its chat was deleted: its text goes under what is written in a new chat [DEV-10]. */
import { useEffect } from "preact/hooks";
import { NEW_CHAT } from "../composer/drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { useDeviceEvents } from "../sync/device-context.ts";
import { tellDeleted } from "./tell-deleted.ts";
import { t } from "../words/words.ts";

/** `onOpen` shows a new chat. */
export function useOrphanedMessages(onOpen: () => void): void {
  const events = useDeviceEvents();
  const drafts = useDrafts();
  const toasts = useToasts();
  useEffect(
    () =>
      events.onOrphaned((id, text, isUnsure) => {
        drafts.add(NEW_CHAT, text);
        const orphaned = isUnsure ? "unsure" : "unsent";
        tellDeleted(toasts, id, { orphaned, action: { label: t("Open"), run: onOpen } });
      }),
    [events, drafts, toasts, onOpen],
  );
}
