/** The line over the message box while the server can't be reached, with the countdown and "Try now". */
import type { SyncStatus } from "../sync/device.ts";

export interface OfflineNoteProps {
  readonly status: SyncStatus;
  /** Unix milliseconds. */
  readonly now: number;
  readonly onTryNow: () => void;
}

/** Nothing while all is well, or while it is not known yet that it isn't. */
export function OfflineNote({ status, now, onTryNow }: OfflineNoteProps) {
  if (status.state !== "offline" && status.state !== "waiting") return null;
  const seconds = status.retryAt === null ? null : Math.max(0, Math.ceil((status.retryAt - now) / 1000));
  return (
    <div class="offline-note">
      <span>
        {status.state === "waiting" ? "Reconnecting…" : "You are offline. Messages will be sent when you are back."}
      </span>
      {status.state === "offline" && (
        <span>
          {seconds !== null && seconds > 0 && `Trying again in ${seconds} s ·\u00a0`}
          <button type="button" onClick={onTryNow}>
            Try now
          </button>
        </span>
      )}
    </div>
  );
}
