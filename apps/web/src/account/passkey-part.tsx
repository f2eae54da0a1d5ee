/** Passkeys: added with a name, listed, renamed, removed. */
import type { PasskeyList } from "@instep/protocol";
import { useRef, useState } from "preact/hooks";
import { isFailure } from "../sync/device.ts";
import type { AccountCalls } from "./account-calls.ts";
import { AccountPart, Done, Field, Problem } from "./account-part.tsx";
import { AccountRow } from "./account-row.tsx";
import { knowsPasskeys } from "./passkey-door.ts";
import { useListed, useTask } from "./use-task.ts";

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
    if ((await task.run(work)) !== null) setDone(words);
    await reload();
  };
  const remove = ({ id, name }: Passkey) => change(`${name} signs nobody in any more.`, () => calls.removePasskey(id));
  const rename = ({ id }: Passkey, name: string) =>
    change(`It is called ${name}.`, () => calls.renamePasskey(id, name));
  return (
    <AccountPart title="Passkeys" hint={HINT} headingRef={heading}>
      <ul class="account-list" aria-label="Passkeys" hidden={passkeys.length === 0}>
        {passkeys.map((passkey) => (
          <AccountRow
            key={passkey.id}
            name={passkey.name}
            note={noteOf(passkey)}
            second={{ verb: "Rename", run: () => setRenamed(passkey) }}
            action={{ verb: "Remove", run: () => void remove(passkey) }}
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
          setDone(`${name} signs you in from now on.`);
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
      aria-label="Rename the passkey"
      onSubmit={(event) => {
        event.preventDefault();
        if (written.trim() !== "") onName(written.trim());
      }}
    >
      <Field label="New name" value={written} onInput={setWritten} maxLength={MAX_NAME_LENGTH} autoFocus />
      <div class="account-actions">
        <button type="submit" class="button primary">
          Rename
        </button>
        <button type="button" class="button" onClick={() => onName(null)}>
          Cancel
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
  if (!knowsPasskeys()) return <p class="account-hint">This browser can't make passkeys at this address.</p>;
  return (
    <form
      class="account-form"
      aria-label="New passkey"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void add();
      }}
    >
      <div class="account-fields">
        <Field label="Passkey name" value={name} onInput={setName} maxLength={MAX_NAME_LENGTH} />
        {isPasswordAsked && (
          <Field
            label="Password, to add a passkey"
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
        Add a passkey
      </button>
    </form>
  );
}

function wordsFor(code: string | undefined, isPasswordAsked: boolean): string | null {
  if (code === "sign_in_refused") return "The password is not right.";
  return code === "sign_in_again" && isPasswordAsked ? "You signed in a while ago: say your password for this." : null;
}

function noteOf({ host, created_at: made, last_used_at: used }: Passkey): string {
  const use = used === null ? "not used yet" : `used ${dayWords(used)}`;
  const elsewhere = host === location.hostname ? "" : `, signs in at ${host}`;
  return `Added ${dayWords(made)}, ${use}${elsewhere}`;
}

function dayWords(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}
