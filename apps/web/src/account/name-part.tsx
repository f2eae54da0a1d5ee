/** What the account is called. */
import { useState } from "preact/hooks";
import type { Result } from "../sync/device.ts";
import { AccountPart, Done, Field, Problem } from "./account-part.tsx";
import { useTask } from "./use-task.ts";

const MAX_LENGTH = 200;

export interface NamePartProps {
  readonly name: string;
  readonly onRename: (name: string) => Promise<Result<unknown>>;
}

export function NamePart({ name, onRename }: NamePartProps) {
  const [written, setWritten] = useState(name);
  const [isDone, setIsDone] = useState(false);
  const task = useTask();
  const save = async () => {
    setIsDone(false);
    setIsDone((await task.run(() => onRename(written.trim()))) !== null);
  };
  return (
    <AccountPart title="Name">
      <form
        class="account-form"
        aria-label="Your name"
        onSubmit={(event) => {
          event.preventDefault();
          if (written.trim() !== "") void save();
        }}
      >
        <Field label="Your name" value={written} onInput={setWritten} autocomplete="name" maxLength={MAX_LENGTH} />
        <Problem problem={task.problem} />
        <Done words={isDone ? "Your name is changed." : null} />
        <button type="submit" class="button" aria-disabled={task.isBusy}>
          Save
        </button>
      </form>
    </AccountPart>
  );
}
