/** The account, in the settings: name, sessions, passkeys, tokens, password, export and end. Loaded when it is asked for. */
import type { Me } from "@instep/protocol";
import { useMemo, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import type { Result } from "../sync/device.ts";
import { accountExportAddress } from "../sync/export-address.ts";
import { accountCalls, type AccountCalls } from "./account-calls.ts";
import { AccountPart } from "./account-part.tsx";
import { ErasePart } from "./erase-part.tsx";
import { NamePart } from "./name-part.tsx";
import { PasskeyPart } from "./passkey-part.tsx";
import { PasswordPart } from "./password-part.tsx";
import { SessionPart } from "./session-part.tsx";
import { TokenPart } from "./token-part.tsx";
import { type CountUnsaved, UnsavedContext } from "./unsaved.ts";
import { t } from "../words/words.ts";
import "./account.css";

export interface AccountPaneProps {
  readonly me: Me;
  /** Without sign-in there is a name and an export only. */
  readonly hasSignIn: boolean;
  /** Other ones in tests. */
  readonly calls?: AccountCalls;
  readonly onRename: (name: string) => Promise<Result<unknown>>;
  /** Counts what stands here and is kept nowhere yet. */
  readonly onUnsaved?: CountUnsaved;
  /** What is known of the account is not what holds any more. */
  readonly onChanged: () => void;
  /** This browser is signed in no more. */
  readonly onSignedOut: () => void;
  /** The account is no more. */
  readonly onErased: () => void;
}

export function AccountPane({ onUnsaved, ...parts }: AccountPaneProps) {
  const pane = <AccountParts {...parts} />;
  return onUnsaved ? <UnsavedContext.Provider value={onUnsaved}>{pane}</UnsavedContext.Provider> : pane;
}

function AccountParts({ me, hasSignIn, onSignedOut, onErased, ...others }: Omit<AccountPaneProps, "onUnsaved">) {
  const { now } = useEnvironment();
  const calls = useMemo(() => others.calls ?? accountCalls(me.id), [others.calls, me.id]);
  // A new password ends sessions and tokens: their lists are asked for anew.
  const [passwords, setPasswords] = useState(0);
  const [hasPassword, setHasPassword] = useState(me.has_password !== false);
  const onPassword = () => {
    setPasswords((count) => count + 1);
    setHasPassword(true);
    others.onChanged();
  };
  return (
    <div class="account-pane">
      <NamePart name={me.name} onRename={others.onRename} />
      {hasSignIn && (
        <>
          <SessionPart key={`sessions ${passwords}`} calls={calls} now={now()} onSignedOut={onSignedOut} />
          <PasskeyPart calls={calls} hasPassword={hasPassword} />
          <TokenPart key={`tokens ${passwords}`} calls={calls} />
          <PasswordPart calls={calls} email={me.email ?? ""} hasPassword={hasPassword} onChanged={onPassword} />
        </>
      )}
      <AccountPart
        title={t("Your conversations")}
        hint={t(
          "All of them with their earlier versions, as a file that Instep imports. What is in the trash is not in it.",
        )}
      >
        <a class="button" href={accountExportAddress(me.id)} download>
          {t("Export")}
        </a>
      </AccountPart>
      {hasSignIn && <ErasePart calls={calls} hasPassword={hasPassword} onErased={onErased} />}
    </div>
  );
}
