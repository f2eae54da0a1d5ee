/** The line over the message box while the model's server can't be asked: what the server says of it, asked again until it can, while somebody may see it [MODEL-4]. */
import type { Config } from "@instep/protocol";
import { useEffect } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { t } from "../words/words.ts";

/** As often as the server asks the model's server again. */
const ASK_AGAIN_MS = 10_000;

export interface ModelsNoteProps {
  readonly problem: Config["models_problem"];
  readonly onAskAgain: () => Promise<void>;
}

/** Nothing while the models are known. */
export function ModelsNote({ problem, onAskAgain }: ModelsNoteProps) {
  const environment = useEnvironment();
  const isUnknown = problem !== undefined;
  useEffect(() => {
    if (!isUnknown) return undefined;
    let isOver = false;
    let isDue = false;
    let cancel = (): void => undefined;
    const ask = (): void => {
      isDue = document.hidden;
      if (!isDue) void onAskAgain().finally(wait);
    };
    const wait = (): void => {
      if (!isOver) cancel = environment.after(ASK_AGAIN_MS, ask);
    };
    const askIfDue = (): void => {
      if (isDue) ask();
    };
    wait();
    document.addEventListener("visibilitychange", askIfDue);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", askIfDue);
      cancel();
    };
  }, [environment, isUnknown, onAskAgain]);
  if (!problem) return null;
  return (
    <div class="offline-note" role="note">
      <span>{problem.detail}</span>
      <button type="button" onClick={() => void onAskAgain()}>
        {t("Ask again")}
      </button>
    </div>
  );
}
