/** The line over the message box while the server can't be reached, with the countdown and "Try now". */
import { useEffect, useRef } from "preact/hooks";
import { useAnnounce } from "../design/announcer.tsx";
import type { SyncStatusState, SyncStatus } from "../sync/device.ts";
import { t } from "../words/words.ts";
import "./offline-note.css";

export interface OfflineNoteProps {
  readonly status: SyncStatus;
  /** Unix milliseconds. */
  readonly now: number;
  readonly onTryNow: () => void;
}

type Trouble =
  | "Reconnecting… Messages will be sent when the server is back."
  | "You are offline. Messages will be sent when you are back.";

const WORDS: Readonly<Partial<Record<SyncStatusState, Trouble>>> = {
  waiting: "Reconnecting… Messages will be sent when the server is back.",
  offline: "You are offline. Messages will be sent when you are back.",
};

/** Nothing while all is well, or while it is not known yet that it isn't. */
export function OfflineNote({ status, now, onTryNow }: OfflineNoteProps) {
  const words = WORDS[status.state];
  useAnnouncedChange(t(words ?? "You are connected again."));
  if (words === undefined) return null;
  const seconds = status.retryAt === null ? null : Math.max(0, Math.ceil((status.retryAt - now) / 1000));
  return (
    <div class="offline-note">
      <span>{t(words)}</span>
      <span>
        {seconds !== null && seconds > 0 && `${t("Trying again in {seconds} s", { seconds })} ·\u00a0`}
        <button type="button" onClick={onTryNow}>
          {t("Try now")}
        </button>
      </span>
    </div>
  );
}

/** Says the words each time that they have become others: as part of a live region, the countdown would be read every second. */
function useAnnouncedChange(words: string): void {
  const announce = useAnnounce();
  const said = useRef(words);
  useEffect(() => {
    if (said.current === words) return;
    said.current = words;
    announce(words);
  }, [words, announce]);
}
