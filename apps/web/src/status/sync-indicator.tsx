/** The connection in a word: quiet when all is in step, plain when it is not. Opens the panel that says more. */
import type { SyncStatusState, SyncStatus } from "../sync/device.ts";
import "./sync-indicator.css";

const WORDS: Readonly<Record<SyncStatusState, string>> = {
  synced: "In step",
  syncing: "Syncing…",
  waiting: "Reconnecting…",
  offline: "Offline",
  attention: "Needs attention",
};

export function SyncIndicator({ status, onOpen }: { readonly status: SyncStatus; readonly onOpen: () => void }) {
  const words = WORDS[status.state];
  // In step, a send on its way is no news: it shows in its conversation.
  const hasTrouble = status.state !== "synced" && status.state !== "syncing";
  const waiting = hasTrouble && status.waitingCount > 0 ? ` · ${status.waitingCount} waiting` : "";
  return (
    <button
      type="button"
      id="sync-status"
      data-state={status.state}
      aria-label={`Sync: ${words}${waiting}`}
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      <span class="sync-dot" aria-hidden="true" />
      {words}
      {waiting}
    </button>
  );
}
