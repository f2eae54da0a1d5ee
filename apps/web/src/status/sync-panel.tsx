/** What lies behind the sync status: the last sync, what waits, when the next try comes, and why a conversation is unread. */
import { Dialog } from "../design/dialog.tsx";
import { failureText, failureWords } from "../errors/failure-texts.ts";
import type { SyncStatus, UnreadExplanation } from "../sync/device.ts";
import { unreadInWords } from "./unread-in-words.ts";
import { agoWords, inWords } from "../time/span-words.ts";
import { plural, t } from "../words/words.ts";
import "./sync-panel.css";

export interface SyncPanelProps {
  readonly status: SyncStatus;
  /** Unix milliseconds; moves on while the panel is open. */
  readonly now: number;
  /** The open conversation, and why it is unread or not; null where none is open. */
  readonly current: { readonly title: string; readonly unread: UnreadExplanation } | null;
  /** The other conversations that have a badge. */
  readonly unread: readonly { readonly id: string; readonly title: string; readonly unread: UnreadExplanation }[];
  readonly onSyncNow: () => void;
  readonly onClose: () => void;
}

export function SyncPanel({ status, now, current, unread, onSyncNow, onClose }: SyncPanelProps) {
  const isInTrouble = status.state !== "synced" && status.state !== "syncing";
  return (
    <Dialog title={t("Sync")} onClose={onClose}>
      <p class="sync-line" data-state={status.state}>
        {headline(status)}
      </p>
      <dl class="sync-facts">
        <dt>{t("Last synced")}</dt>
        <dd>{status.lastSyncedAt === null ? t("Not yet") : agoWords(now - status.lastSyncedAt)}</dd>
        <dt>{t("Waiting to go out")}</dt>
        <dd>{status.waitingCount === 0 ? t("Nothing") : changesWords(status.waitingCount)}</dd>
        {isInTrouble && status.retryAt !== null && (
          <>
            <dt>{t("Next try")}</dt>
            <dd>{inWords(status.retryAt - now)}</dd>
          </>
        )}
      </dl>
      <button type="button" class="button primary" onClick={onSyncNow}>
        {isInTrouble ? t("Try now") : t("Sync now")}
      </button>
      {(current !== null || unread.length > 0) && (
        <section class="sync-unread">
          <h3>{t("What is unread, and why")}</h3>
          {current && <UnreadReason title={current.title} explanation={current.unread} />}
          {unread.map((row) => (
            <UnreadReason key={row.id} title={row.title} explanation={row.unread} />
          ))}
        </section>
      )}
    </Dialog>
  );
}

function UnreadReason({ title, explanation }: { readonly title: string; readonly explanation: UnreadExplanation }) {
  return (
    <details>
      <summary>{title || t("New chat")}</summary>
      <p>{unreadInWords(explanation)}</p>
    </details>
  );
}

function headline({ state, problem }: SyncStatus): string {
  const why = problem ? ` ${failureText(problem.failed).title}` : "";
  switch (state) {
    case "synced":
      return t("Everything is in step on this device.");
    case "syncing":
      return t("Asking the server for what is new…");
    case "waiting":
      return t("Reconnecting…") + why;
    case "offline":
      return t("You are offline. Messages will be sent when you are back.") + why;
    case "attention":
      return problem ? failureWords(problem.failed) : t("Something needs you.");
    default:
      return state satisfies never;
  }
}

function changesWords(count: number): string {
  return plural(count, "1 message or change", "{count} messages and changes");
}
