/** The settings dialog, connected to this device's store and to the account. */
import type { Config, Me, UnreadScope } from "@instep/protocol";
import { useState } from "preact/hooks";
import { leaveAccount } from "../account/enter-account.ts";
import { useEnvironment } from "../environment.ts";
import { type Failure, forgetBoot, isFailure } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import { tellFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { SettingsDialog } from "./settings-dialog.tsx";
import { useSettings } from "./settings-store.ts";

export interface ConnectedSettingsProps {
  readonly me: Me;
  readonly config: Config;
  readonly onAccountChanged: () => Promise<void>;
  readonly onClose: () => void;
}

export function ConnectedSettings({ me, config, onAccountChanged, onClose }: ConnectedSettingsProps) {
  const device = useDevice();
  const environment = useEnvironment();
  const toasts = useToasts();
  const [settings, change] = useSettings();
  const [permission, setPermission] = useState(environment.notifications.permission());
  const [scope, setScope] = useState(me.preferences.unread_scope);

  const [scopeProblem, setScopeProblem] = useState<Failure | null>(null);

  const chooseScope = async (chosen: UnreadScope) => {
    setScope(chosen);
    const outcome = await device.transport.patchMe({ preferences: { unread_scope: chosen } });
    setScopeProblem(isFailure(outcome) ? outcome : null);
    if (isFailure(outcome)) setScope(scope);
    else await onAccountChanged();
  };
  const setNotifications = async (isOn: boolean) => {
    const granted = isOn ? await environment.notifications.request() : permission;
    setPermission(granted);
    change({ hasNotifications: isOn && granted === "granted" });
  };
  const markAllRead = async () => {
    // The toast lies under an open dialog, and its Undo with it.
    onClose();
    const undo = await device.actions.markAllRead();
    toasts.show({
      id: "all-read",
      text: "All chats are marked as read",
      tone: "info",
      action: { label: "Undo", run: () => void tellFailure(toasts, "all-read", undo()) },
    });
  };
  const signOut = async () => {
    if (!(await leaveAccount())) return;
    forgetBoot();
    location.assign("/");
  };
  return (
    <SettingsDialog
      settings={settings}
      onChange={change}
      unreadScope={scope}
      onUnreadScope={(chosen) => void chooseScope(chosen)}
      unreadScopeProblem={scopeProblem}
      notificationPermission={permission}
      onNotifications={(isOn) => void setNotifications(isOn)}
      onMarkAllRead={() => void markAllRead()}
      onClose={onClose}
      version={config.version}
      email={me.email}
      onSignOut={config.auth.mode === "local" ? null : () => void signOut()}
    />
  );
}
