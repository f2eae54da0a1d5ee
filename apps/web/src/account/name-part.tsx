/** What the account is called. */
import { useState } from "preact/hooks";
import type { Result } from "../sync/device.ts";
import { AccountPart, Done, Field, Problem } from "./account-part.tsx";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";

const MAX_LENGTH = 200;

export interface NamePartProps {
  readonly name: string;
  readonly onRename: (name: string) => Promise<Result<unknown>>;
}

export function NamePart({ name, onRename }: NamePartProps) {
  const [written, setWritten] = useState(name);
  const [saved, setSaved] = useState(name);
  const [isDone, setIsDone] = useState(false);
  const task = useTask();
  const save = async () => {
    setIsDone(false);
    if ((await task.run(() => onRename(written.trim()))) === null) return;
    setIsDone(true);
    setSaved(written);
  };
  return (
    <AccountPart title={t("Name")}>
      <form
        class="account-form"
        aria-label={t("Your name")}
        onSubmit={(event) => {
          event.preventDefault();
          if (written.trim() !== "") void save();
        }}
      >
        <Field
          label={t("Your name")}
          value={written}
          saved={saved}
          onInput={setWritten}
          autocomplete="name"
          maxLength={MAX_LENGTH}
        />
        <Problem problem={task.problem} />
        <Done words={isDone ? t("Your name is changed.") : null} />
        <button type="submit" class="button" aria-disabled={task.isBusy}>
          {t("Save")}
        </button>
      </form>
    </AccountPart>
  );
}
