/** Shown where an address leads to nothing that can be shown, calmly and with a way on. */
import { failureText } from "../errors/failure-texts.ts";
import { t } from "../words/words.ts";

export interface NotHereProps {
  /** The code of what went wrong; `conversation_not_found` where nothing else is known. */
  readonly code: string;
  readonly onNewChat: () => void;
  /** Set where trying again, or restoring, may help. */
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

export function NotHere({ code, onNewChat, action }: NotHereProps) {
  const { title, advice } = failureText(code);
  return (
    <div class="empty-state not-here">
      <h2>{title}</h2>
      <p>{advice}</p>
      {action && (
        <button type="button" class="button primary" onClick={action.run}>
          {action.label}
        </button>
      )}
      <button type="button" class="button" onClick={onNewChat}>
        {t("Start a new chat")}
      </button>
    </div>
  );
}
