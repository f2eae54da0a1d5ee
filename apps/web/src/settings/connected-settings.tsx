/** The settings dialog, connected to this device's store and to the account. */
import type { Config, Me, UnreadScope } from "@instep/protocol";
import { useMemo, useReducer, useState } from "preact/hooks";
import { accountCalls } from "../account/account-calls.ts";
import { leaveAccount } from "../account/enter-account.ts";
import { LeaveProvider, useLeave } from "../account/leaving.ts";
import { toldCalls } from "../account/told-calls.ts";
import { keepDrafts } from "../composer/drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { forgetOwn } from "../own-key-value.ts";
import { Dialog } from "../design/dialog.tsx";
import { lazyPart } from "../design/lazy-part.tsx";
import { useEnvironment } from "../environment.ts";
import { browserPush, endPush } from "../push/browser-push.ts";
import { type Failure, forgetAccount, forgetBoot, isFailure } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import { markAllRead } from "../sidebar/mark-all-read.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";
import { SettingsDialog } from "./settings-dialog.tsx";
import { leavePage } from "./leave-page.ts";
import { useSettings } from "./settings-store.ts";
import { reasonOf, useTellLate } from "./use-tell-late.ts";
import { useLanguageChoice } from "./use-language-choice.ts";

const AccountPane = lazyPart(async () => (await import("../account/account-pane.tsx")).AccountPane);

export interface ConnectedSettingsProps {
  readonly me: Me;
  readonly config: Config;
  readonly onAccountChanged: () => Promise<void>;
  readonly onClose: () => void;
  /** Opens the import, in the place of this. */
  readonly onImport: () => void;
}

export function ConnectedSettings({ me, config, onAccountChanged, onClose, onImport }: ConnectedSettingsProps) {
  const device = useDevice();
  const environment = useEnvironment();
  const toasts = useToasts();
  const [settings, change] = useSettings();
  const [permission, setPermission] = useState(environment.notifications.permission());
  const [scope, setScope] = useState(me.preferences.unread_scope);

  const push = useMemo(() => browserPush(environment.keyValue, me.id), [environment, me.id]);
  const [scopeProblem, setScopeProblem] = useState<Failure | null>(null);
  const tellLate = useTellLate();
  const chooseScope = async (chosen: UnreadScope) => {
    setScope(chosen);
    const outcome = await device.transport.patchMe({ preferences: { unread_scope: chosen } });
    setScopeProblem(isFailure(outcome) ? outcome : null);
    tellLate("change", reasonOf(outcome));
    if (isFailure(outcome)) setScope(scope);
    else await onAccountChanged();
  };
  const setLanguage = useLanguageChoice();
  const setNotifications = async (isOn: boolean) => {
    const granted = isOn ? await environment.notifications.request() : permission;
    setPermission(granted);
    change({ hasNotifications: isOn && granted === "granted" });
  };
  const readAll = () => {
    // The toast lies under an open dialog, and its Undo with it.
    onClose();
    markAllRead(device, toasts);
  };
  const account = useAccount(me.id);
  const [isAccount, setIsAccount] = useState(false);
  const [unsaved, countUnsaved] = useReducer((count: number, by: number) => count + by, 0);
  const rename = async (name: string) => {
    const outcome = await device.transport.patchMe({ name });
    if (!isFailure(outcome)) await onAccountChanged();
    tellLate("change", reasonOf(outcome));
    return outcome;
  };
  const hasSignIn = config.auth.mode !== "local";
  if (isAccount) {
    return (
      <Dialog title={t("Account")} onClose={onClose} onBack={() => setIsAccount(false)} isWritten={unsaved > 0}>
        <LeaveProvider value={account.leave}>
          <AccountPane
            me={me}
            hasSignIn={hasSignIn}
            calls={account.calls}
            onRename={rename}
            onUnsaved={countUnsaved}
            onChanged={() => void onAccountChanged()}
            onSignedOut={account.goOut}
            onErased={() => void account.erased()}
          />
        </LeaveProvider>
      </Dialog>
    );
  }
  return (
    <SettingsDialog
      settings={settings}
      onChange={change}
      onLanguage={setLanguage}
      unreadScope={scope}
      onUnreadScope={(chosen) => void chooseScope(chosen)}
      unreadScopeProblem={scopeProblem}
      notificationPermission={permission}
      onNotifications={(isOn) => void setNotifications(isOn)}
      push={push}
      onImport={onImport}
      onMarkAllRead={readAll}
      onClose={onClose}
      version={config.version}
      email={me.email}
      onSignOut={hasSignIn ? () => void account.signOut() : null}
      signOutProblem={account.problem}
      onAccount={() => setIsAccount(true)}
    />
  );
}

/** The account's calls, and the ways out of it, in this browser. */
function useAccount(accountId: string) {
  const leaveNow = useLeave();
  const device = useDevice();
  const environment = useEnvironment();
  const drafts = useDrafts();
  const tellLate = useTellLate();
  const [problem, setProblem] = useState<Failure | null>(null);
  const calls = useMemo(
    () => toldCalls(accountCalls(accountId), (outcome) => tellLate("change", reasonOf(outcome))),
    [accountId, tellLate],
  );
  const leave: typeof leaveNow = async (call) => {
    const outcome = await leaveNow(call);
    tellLate("change", reasonOf(outcome));
    return outcome;
  };
  const goOut = () => {
    keepDrafts(drafts);
    forgetBoot();
    leavePage();
  };
  const signOut = async () => {
    const failed = await leaveNow(() => leaveAccount(accountId));
    setProblem(failed);
    tellLate("sign-out", reasonOf(failed));
    if (failed !== null) return;
    await endPush(environment, accountId);
    goOut();
  };
  const erased = async () => {
    // It would write again what is being forgotten.
    device.stop();
    await endPush(environment, accountId);
    forgetOwn(environment.keyValue, accountId);
    await forgetAccount(accountId);
    leavePage();
  };
  return { calls, problem, leave, goOut, signOut, erased };
}
