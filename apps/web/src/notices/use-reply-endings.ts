/** Says once that a reply has ended: politely to a screen reader for the open conversation, as a notification for one that nobody watched. */
import { useEffect, useRef } from "preact/hooks";
import { useAnnounce } from "../design/announcer.tsx";
import { useEnvironment } from "../environment.ts";
import { useSettings } from "../settings/settings-store.ts";
import type { ConversationView } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";
import { followReplies } from "./reply-notices.ts";
import { t } from "../words/words.ts";

/** Announces the end of the open conversation's reply; never its tokens. */
export function useReplyEndings(id: string | null, view: ConversationView): void {
  const announce = useAnnounce();
  const before = useRef<{ readonly id: string | null; readonly isRunning: boolean }>({ id, isRunning: false });
  const isRunning = view.reply !== null;
  useEffect(() => {
    const hasEnded = before.current.id === id && before.current.isRunning && !isRunning;
    before.current = { id, isRunning };
    if (hasEnded) announce(endingWords(view));
  }, [id, isRunning]);
}

function endingWords({ messages, turnFailure }: ConversationView): string {
  if (turnFailure) return t("Reply failed");
  return messages.at(-1)?.status === "stopped" ? t("Reply stopped") : t("Reply finished");
}

/** Shows one notification for each reply that ended while no tab was focused; a later one of the same conversation takes its place. */
export function useReplyNotifications(onOpen: (id: string) => void): void {
  const { conversations } = useDevice();
  const events = useDeviceEvents();
  const environment = useEnvironment();
  const [{ hasNotifications }] = useSettings();
  const follow = useRef(followReplies());
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
            onClick: () => onOpen(id),
          });
        }
      }),
    [events, conversations, environment, onOpen, hasNotifications],
  );
}
