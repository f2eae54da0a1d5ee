/** Why a list could not be had, or went no further, and the way to ask for it again. */
import { failureText } from "../errors/failure-texts.ts";
import type { Failure } from "../sync/device.ts";
import { Nothing } from "./list-empty.tsx";
import { t } from "../words/words.ts";
import "./failed.css";

export interface FailedProps {
  readonly problem: Failure;
  readonly onRetry: () => void;
}

/** In the list's place, where nothing is shown. */
export function Failed({ problem, onRetry }: FailedProps) {
  const { title, advice } = failureText(problem.failed);
  return (
    <Nothing title={title}>
      {advice}
      <button type="button" class="button" onClick={onRetry}>
        {t("Try again")}
      </button>
    </Nothing>
  );
}

export interface ListEndProps {
  /** Why what comes next, or the list as it is now, could not be had; null where nothing failed. */
  readonly problem: Failure | null;
  readonly onRetry: () => void;
  /** Loads what comes next; null where that was all. */
  readonly onMore: (() => void) | null;
}

/** Under a list that stays, whatever failed: the way on. Its button is the same one all along, so that the focus stays on it. */
export function ListEnd({ problem, onRetry, onMore }: ListEndProps) {
  const press = problem ? onRetry : onMore;
  if (!press) return null;
  return (
    <div class="list-end">
      {problem && <p role="status">{failureText(problem.failed).title}</p>}
      <button type="button" class="button plain" onClick={press}>
        {problem ? t("Try again") : t("Show more")}
      </button>
    </div>
  );
}
