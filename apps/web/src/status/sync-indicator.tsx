/** The connection in a word: quiet when all is in step, plain when it is not. Opens the panel that says more. */
import type { SyncStatusState, SyncStatus } from "../sync/device.ts";
import { type English, t } from "../words/words.ts";
import "./sync-indicator.css";

const WORDS = {
  synced: "In step",
  syncing: "Syncing…",
  waiting: "Reconnecting…",
  offline: "Offline",
  attention: "Needs attention",
} as const satisfies Readonly<Record<SyncStatusState, English>>;

export function SyncIndicator({ status, onOpen }: { readonly status: SyncStatus; readonly onOpen: () => void }) {
  const words = t(WORDS[status.state]);
  // In step, a send on its way is no news: it shows in its conversation.
  const hasTrouble = status.state !== "synced" && status.state !== "syncing";
  const waiting =
    hasTrouble && status.waitingCount > 0 ? ` · ${t("{count} waiting", { count: status.waitingCount })}` : "";
  return (
    <button
      type="button"
      id="sync-status"
      data-state={status.state}
      aria-label={t("Sync: {state}", { state: words + waiting })}
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      <span class="sync-dot" aria-hidden="true" />
      {words}
      {waiting}
    </button>
  );
}
