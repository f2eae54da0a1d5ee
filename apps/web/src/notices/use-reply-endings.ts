/** Says once to a screen reader, politely, that the open conversation's reply has ended. */
import { useEffect, useRef } from "preact/hooks";
import { useAnnounce } from "../design/announcer.tsx";
import type { ConversationView } from "../sync/device.ts";
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
