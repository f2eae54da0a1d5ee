/** Why a list could not be had, in its place, and the way to ask for it again. */
import { failureText } from "../errors/failure-texts.ts";
import type { Failure } from "../sync/device.ts";
import { Nothing } from "./list-empty.tsx";
import { t } from "../words/words.ts";
import "./failed.css";

export interface FailedProps {
  readonly problem: Failure;
  readonly onRetry: () => void;
}

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
