/** Passkeys: added with a name, listed, renamed, removed. */
import type { PasskeyList } from "@instep/protocol";
import { useRef, useState } from "preact/hooks";
import { isFailure } from "../sync/device.ts";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPart, Done, Field, Problem } from "./account-part.tsx";
import { AccountRow } from "./account-row.tsx";
import { knowsPasskeys } from "./passkey-client.ts";
import { useListed, useTask } from "../sync/use-task.ts";
import { shortDate } from "./short-date.ts";
import { t } from "../words/words.ts";

type Passkey = PasskeyList["passkeys"][number];

const MAX_NAME_LENGTH = 200;
const HINT =
  "It signs you in by your fingerprint, face or PIN, without address and password. A new password leaves passkeys as they are: remove those that you don't know.";

export interface PasskeyPartProps {
  readonly calls: AccountCalls;
  readonly hasPassword: boolean;
}

export function PasskeyPart({ calls, hasPassword }: PasskeyPartProps) {
  const { value, problem, reload } = useListed(calls.passkeys);
  const task = useTask();
  const [done, setDone] = useState<string | null>(null);
  const [renamed, setRenamed] = useState<Passkey | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const passkeys = value?.passkeys ?? [];

  const change = async (words: string, work: Parameters<typeof task.run>[0]) => {
    setDone(null);
    setRenamed(null);
    if ((await task.run(work, reload)) !== null) setDone(words);
  };
  const remove = ({ id, name }: Passkey) =>
    change(t("{name} signs nobody in any more.", { name }), () => calls.removePasskey(id));
  const rename = ({ id }: Passkey, name: string) =>
    change(t("It is called {name}.", { name }), () => calls.renamePasskey(id, name));
  return (
    <AccountPart title={t("Passkeys")} hint={t(HINT)} headingRef={heading}>
      <ul class="account-list" aria-label={t("Passkeys")} hidden={passkeys.length === 0}>
        {passkeys.map((passkey) => (
          <AccountRow
            key={passkey.id}
            name={passkey.name}
            note={noteOf(passkey)}
            second={{ verb: t("Rename"), run: () => setRenamed(passkey) }}
            action={{ verb: t("Remove"), run: () => void remove(passkey) }}
            isBusy={task.isBusy}
            heir={() => heading.current}
          />
        ))}
      </ul>
      <Problem problem={task.problem ?? problem} />
      <Done words={done} />
      {renamed && (
        <RenameForm
          key={renamed.id}
          name={renamed.name}
          onName={(name) => {
            heading.current?.focus();
            if (name === null) setRenamed(null);
            else void rename(renamed, name);
          }}
        />
      )}
      <NewPasskeyForm
        calls={calls}
        hasPassword={hasPassword}
        onAdded={(name) => {
          setDone(t("{name} signs you in from now on.", { name }));
          void reload();
        }}
      />
    </AccountPart>
  );
}

interface RenameFormProps {
  readonly name: string;
  /** Null: it stays as it is. */
  readonly onName: (name: string | null) => void;
}

function RenameForm({ name, onName }: RenameFormProps) {
  const [written, setWritten] = useState(name);
  return (
    <form
      class="account-form"
      aria-label={t("Rename the passkey")}
      onSubmit={(event) => {
        event.preventDefault();
        if (written.trim() !== "") onName(written.trim());
      }}
    >
      <Field
        label={t("New name")}
        value={written}
        saved={name}
        onInput={setWritten}
        maxLength={MAX_NAME_LENGTH}
        autoFocus
      />
      <div class="account-actions">
        <button type="submit" class="button primary">
          {t("Rename")}
        </button>
        <button type="button" class="button" onClick={() => onName(null)}>
          {t("Cancel")}
        </button>
      </div>
    </form>
  );
}

interface NewPasskeyFormProps extends PasskeyPartProps {
  readonly onAdded: (name: string) => void;
}

function NewPasskeyForm({ calls, hasPassword, onAdded }: NewPasskeyFormProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isPasswordAsked, setIsPasswordAsked] = useState(false);
  const task = useTask();
  const add = async () => {
    const added = await task.run(async () => {
      const outcome = await calls.addPasskey(name.trim(), isPasswordAsked ? password : undefined);
      if (isFailure(outcome) && outcome.failed === "sign_in_again") setIsPasswordAsked(hasPassword);
      return outcome;
    });
    if (added === null) return;
    setName("");
    setPassword("");
    setIsPasswordAsked(false);
    onAdded(added.name);
  };
  if (!knowsPasskeys()) return <p class="account-hint">{t("This browser can't make passkeys at this address.")}</p>;
  return (
    <form
      class="account-form"
      aria-label={t("New passkey")}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void add();
      }}
    >
      <div class="account-fields">
        <Field label={t("Passkey name")} value={name} onInput={setName} maxLength={MAX_NAME_LENGTH} />
        {isPasswordAsked && (
          <Field
            label={t("Password, to add a passkey")}
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={setPassword}
            autoFocus
          />
        )}
      </div>
      <Problem problem={task.problem} words={wordsFor(task.problem?.failed, isPasswordAsked)} />
      <button type="submit" class="button" aria-disabled={task.isBusy}>
        {t("Add a passkey")}
      </button>
    </form>
  );
}

function wordsFor(code: string | undefined, isPasswordAsked: boolean): string | null {
  if (code === "sign_in_refused") return t("The password is not right.");
  return code === "sign_in_again" && isPasswordAsked
    ? t("You signed in a while ago: enter your password for this.")
    : null;
}

function noteOf({ host, created_at: made, last_used_at: used }: Passkey): string {
  const use = used === null ? t("not used yet") : t("used {date}", { date: shortDate(used) });
  const added = t("Added {date}, {use}", { date: shortDate(made), use });
  return host === location.hostname ? added : `${added}, ${t("signs in at {host}", { host })}`;
}
