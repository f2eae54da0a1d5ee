/** Shows one notification for each reply that ended while no tab was focused. */
import { useEffect, useRef } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { useSettings } from "../settings/settings-store.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";
import { useIsListReady } from "../sync/use-conversations.ts";
import { closeModals } from "../design/close-modals.ts";
import { followReplies } from "./reply-notices.ts";
import { t } from "../words/words.ts";

/** A later one of the same conversation takes its place. */
export function useReplyNotifications(onOpen: (id: string) => void): void {
  const { conversations } = useDevice();
  const events = useDeviceEvents();
  const environment = useEnvironment();
  const [{ hasNotifications }] = useSettings();
  const isReady = useIsListReady();
  const follow = useRef(followReplies());
  // Replies that already ran when the page opened get no notification.
  useEffect(() => {
    for (const id of [...conversations.list(), ...conversations.archivedList()]) {
      const { title = "", isGenerating = false } = conversations.get(id) ?? {};
      if (isGenerating) follow.current({ id, title, isGenerating }, () => false);
    }
  }, [conversations, isReady]);
  useEffect(
    () =>
      events.onUpdated((ids) => {
        for (const id of ids) {
          const { title = "", isGenerating = false } = conversations.get(id) ?? {};
          const isWanted = () =>
            hasNotifications && conversations.get(id) !== undefined && !environment.isAnyTabFocused();
          const notice = follow.current({ id, title, isGenerating }, isWanted);
          if (!notice) continue;
          environment.notifications.show({
            ...notice,
            body: t("The reply has ended."),
            onClick: () => {
              closeModals();
              onOpen(id);
            },
          });
        }
      }),
    [events, conversations, environment, onOpen, hasNotifications],
  );
}
