/** Setting a new password with a link that an administrator handed out. */
import { useState } from "preact/hooks";
import type { Failure } from "../sync/device.ts";
import { resetPassword } from "./enter-account.ts";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";
import { problemWords } from "./problem-words.ts";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";
import "./sign-in-view.css";

export interface ResetViewProps {
  readonly token: string;
  readonly onDone: () => void;
  /** The call; another one in tests. */
  readonly reset?: (token: string, password: string) => Promise<Failure | null>;
}

export function ResetView({ token, onDone, reset = resetPassword }: ResetViewProps) {
  const [password, setPassword] = useState("");
  const [isSet, setIsSet] = useState(false);
  const task = useTask();
  const submit = async () => {
    if (await task.run(async () => (await reset(token, password)) ?? true)) setIsSet(true);
  };
  if (isSet) {
    return (
      <main class="page-note">
        <h1>{t("Your new password is set")}</h1>
        <p role="status">
          {t("Every browser and program that was signed in is signed out. Sign in with the new one.")}
        </p>
        <button type="button" class="button primary" ref={(button) => button?.focus()} onClick={onDone}>
          {t("Sign in")}
        </button>
      </main>
    );
  }
  return (
    <main class="page-note">
      <form
        class="sign-in"
        aria-label={t("Set a new password")}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>{t("Set a new password")}</h1>
        <label>
          {t("New password")}
          <input
            type="password"
            autocomplete="new-password"
            required
            minLength={MIN_PASSWORD_LENGTH}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        {task.problem && <p role="alert">{problemWords(task.problem)}</p>}
        <button type="submit" class="button primary" aria-disabled={task.isBusy}>
          {t("Set the password")}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {t("Leave it as it is")}
        </button>
      </form>
    </main>
  );
}
