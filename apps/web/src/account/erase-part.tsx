/** The end of the account, which asks for the password again: there is no way back. */
import { useState } from "preact/hooks";
import { ignoreDoubleClick } from "../design/deliberate.ts";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPart, Field, focusInView, Problem } from "./account-part.tsx";
import { useLeave } from "./leaving.ts";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";

export interface ErasePartProps {
  readonly calls: AccountCalls;
  /** Whether there is a password to ask for; else signing in just now stands in its place. */
  readonly hasPassword: boolean;
  readonly onErased: () => void;
}

export function ErasePart({ calls, hasPassword, onErased }: ErasePartProps) {
  const [state, setState] = useState<"begun" | "asking" | "kept">("begun");
  const [password, setPassword] = useState("");
  const task = useTask();
  const leave = useLeave();
  const erase = async () => {
    if ((await task.run(() => leave(() => calls.erase(password)))) !== null) onErased();
  };
  const keep = () => {
    setState("kept");
    setPassword("");
  };
  return (
    <AccountPart
      title={t("Delete account")}
      hint={t("All conversations, everywhere, at once and for good. Nothing brings them back; export them first.")}
    >
      {state === "asking" ? (
        <form
          class="account-form"
          aria-label={t("Delete account")}
          onSubmit={(event) => {
            event.preventDefault();
            void erase();
          }}
        >
          {hasPassword && (
            <Field
              label={t("Your password")}
              type="password"
              autocomplete="current-password"
              value={password}
              onInput={setPassword}
              autoFocus
            />
          )}
          <Problem
            problem={task.problem}
            words={task.problem?.failed === "sign_in_refused" ? t("The password is not right.") : null}
          />
          <div class="account-actions">
            <button type="submit" class="button danger" aria-disabled={task.isBusy} onClick={ignoreDoubleClick}>
              {t("Delete everything for good")}
            </button>
            <button
              type="button"
              class="button"
              ref={hasPassword ? null : focusInView}
              aria-disabled={task.isBusy}
              onClick={keep}
            >
              {t("Keep my account")}
            </button>
          </div>
        </form>
      ) : (
        <button
          type="button"
          class="button danger"
          ref={state === "kept" ? focusInView : null}
          onClick={() => setState("asking")}
        >
          {t("Delete my account…")}
        </button>
      )}
    </AccountPart>
  );
}
