/** A new password, by whoever knows the present one. */
import { useState } from "preact/hooks";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPart, Done, Field, Problem } from "./account-part.tsx";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";

const HINT = "A new one signs every other browser out, and ends every token.";

export interface PasswordPartProps {
  readonly calls: AccountCalls;
  readonly email: string;
  /** Whether there is one; else a first one is set. */
  readonly hasPassword: boolean;
  /** Sessions and tokens have ended. */
  readonly onChanged: () => void;
}

export function PasswordPart({ calls, email, hasPassword, onChanged }: PasswordPartProps) {
  const [present, setPresent] = useState("");
  const [chosen, setChosen] = useState("");
  const [isDone, setIsDone] = useState(false);
  const task = useTask();
  const change = async () => {
    setIsDone(false);
    if ((await task.run(() => calls.changePassword(present, chosen))) === null) return;
    setPresent("");
    setChosen("");
    setIsDone(true);
    onChanged();
  };
  return (
    <AccountPart title={t("Password")} hint={hasPassword ? t(HINT) : `${t("You have none yet.")} ${t(HINT)}`}>
      <form
        class="account-form"
        aria-label={t("Password")}
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        {/* For the password's keeper, which has to know whose it is. */}
        <input type="text" hidden readOnly autocomplete="username" value={email} />
        <div class="account-fields">
          {hasPassword && (
            <Field
              label={t("Present password")}
              type="password"
              autocomplete="current-password"
              value={present}
              onInput={setPresent}
            />
          )}
          <Field
            label={t("New password")}
            type="password"
            autocomplete="new-password"
            minLength={MIN_PASSWORD_LENGTH}
            value={chosen}
            onInput={setChosen}
          />
        </div>
        <Problem
          problem={task.problem}
          words={task.problem?.failed === "sign_in_refused" ? t("The present password is not right.") : null}
        />
        <Done words={isDone ? t("Your password is changed.") : null} />
        <button type="submit" class="button" aria-disabled={task.isBusy}>
          {hasPassword ? t("Change password") : t("Set a password")}
        </button>
      </form>
    </AccountPart>
  );
}
