/** A message that could not be sent since its chat was deleted: its text goes under what is written in a new chat [DEV-10]. */
import { useEffect } from "preact/hooks";
import { NEW_CHAT } from "../composer/drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { useNavigation } from "../routing/use-route.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { useDeviceEvents } from "../sync/device-context.ts";
import { tellDeleted } from "./tell-deleted.ts";
import { t } from "../words/words.ts";

export function useOrphanedMessages(): void {
  const events = useDeviceEvents();
  const drafts = useDrafts();
  const toasts = useToasts();
  const { navigate } = useNavigation();
  useEffect(
    () =>
      events.onOrphaned((id, text, isUnsure) => {
        drafts.add(NEW_CHAT, text);
        const orphaned = isUnsure ? "unsure" : "unsent";
        tellDeleted(toasts, id, { orphaned, action: { label: t("Open"), run: () => navigate("/") } });
      }),
    [events, drafts, toasts, navigate],
  );
}
