/** A message that could not be sent since its chat was deleted: its text goes under what is written in a new chat [DEV-10]. */
import { useEffect } from "preact/hooks";
import { NEW_CHAT } from "../composer/drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { useNavigation } from "../routing/use-route.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { useDeviceEvents } from "../sync/device-context.ts";
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
        toasts.show({
          id: `orphaned-${id}`,
          text: isUnsure
            ? t("A chat was deleted, perhaps before your message reached it. The text is in a new chat.")
            : t("Your message wasn't sent: its chat was deleted. The text is in a new chat."),
          tone: "error",
          action: { label: t("Open"), run: () => navigate("/") },
        });
      }),
    [events, drafts, toasts, navigate],
  );
}
