/** The settings: of this device (theme, language, streaming, Enter, notifications) and of the account (whose reading clears a badge). */
import type { UnreadScope } from "@instep/protocol";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../design/dialog.tsx";
import type { NotificationPermissionState } from "../environment.ts";
import { anyFailureText } from "../errors/all-failure-texts.ts";
import type { PushChoice } from "../push/push-choice.ts";
import { PushSwitch } from "../push/push-switch.tsx";
import type { Failure } from "../sync/device.ts";
import { SettingSearch, useIsFound } from "./setting-search.tsx";
import type { PageSettings } from "./settings-store.ts";
import { Switch } from "./switch.tsx";
import { LANGUAGE_CODES, LANGUAGES, type LanguageChoice } from "../words/language.ts";
import { type English, t } from "../words/words.ts";
import "./settings.css";

export interface SettingsDialogProps {
  readonly settings: PageSettings;
  readonly onChange: (change: Partial<PageSettings>) => void;
  /** Resolves to whether that language is spoken now. */
  readonly onLanguage: (choice: LanguageChoice) => Promise<boolean>;
  readonly unreadScope: UnreadScope;
  readonly onUnreadScope: (scope: UnreadScope) => void;
  /** Why the last choice of a scope was taken back; null where it was not. */
  readonly unreadScopeProblem: Failure | null;
  readonly notificationPermission: NotificationPermissionState;
  /** Turns notifications on or off; turning them on may ask the browser. */
  readonly onNotifications: (isOn: boolean) => void;
  /** Pushes to this device; left out where they are not to be chosen. */
  readonly push?: PushChoice;
  readonly onMarkAllRead: () => void;
  readonly onImport: () => void;
  readonly onClose: () => void;
  readonly version: string;
  /** Null, as is the next, where nobody has to sign in. */
  readonly email?: string | null;
  readonly onSignOut?: (() => void) | null;
  readonly signOutProblem?: Failure | null;
  readonly onAccount?: () => void;
}

export function SettingsDialog(props: SettingsDialogProps) {
  const [query, setQuery] = useState("");
  return (
    <Dialog title={t("Settings")} onClose={props.onClose}>
      <SettingSearch query={query} onQuery={setQuery}>
        <SettingRows {...props} />
      </SettingSearch>
      <p class="settings-version">Instep {props.version}</p>
    </Dialog>
  );
}

function SettingRows(props: SettingsDialogProps) {
  const { settings, onChange, notificationPermission: permission } = props;
  return (
    <>
      <Choice
        legend={t("Theme")}
        words={t("appearance colours")}
        name="theme"
        value={settings.theme}
        options={[
          ["system", t("System ¦ theme")],
          ["light", t("Light ¦ theme")],
          ["dark", t("Dark ¦ theme")],
        ]}
        onChange={(theme) => onChange({ theme })}
      />
      <LanguageSetting value={settings.language} onLanguage={props.onLanguage} />
      <Choice
        legend={t("Enter key")}
        words={t("keyboard sending messages")}
        name="enter-key"
        value={settings.enterKey}
        options={[
          ["auto", t("Automatic ¦ Enter key")],
          ["sends", t("Sends ¦ Enter key")],
          ["newline", t("New line ¦ Enter key")],
        ]}
        onChange={(enterKey) => onChange({ enterKey })}
      />
      <Switch
        label={t("Show replies while they are written")}
        hint={t("Off: a reply appears once it is complete.")}
        isOn={settings.isStreaming}
        onChange={(isStreaming) => onChange({ isStreaming })}
      />
      <FollowSwitch settings={settings} onChange={onChange} />
      <Switch
        label={t("Share reading between devices")}
        hint={t("On: what you read on one device is read on all of them.")}
        isOn={props.unreadScope === "account"}
        onChange={(isOn) => props.onUnreadScope(isOn ? "account" : "device")}
      />
      {props.unreadScopeProblem && (
        <p class="setting-problem" role="alert">
          {t("Not changed. {reason}", { reason: anyFailureText(props.unreadScopeProblem.failed).title })}
        </p>
      )}
      <Switch
        label={t("Notify me when a reply is finished")}
        hint={t(PERMISSION_HINTS[permission])}
        isOn={settings.hasNotifications && permission === "granted"}
        isDisabled={permission === "unsupported" || permission === "denied"}
        onChange={props.onNotifications}
      />
      {props.push && <PushSwitch push={props.push} />}
      <Setting label={t("Unread conversations")} words={t("mark all as read badges")}>
        <button type="button" class="button" onClick={props.onMarkAllRead}>
          {t("Mark all as read")}
        </button>
      </Setting>
      <Setting label={t("Data")} words={t("import conversations history ChatGPT Claude Open WebUI")}>
        <button type="button" class="button" onClick={props.onImport}>
          {t("Import conversations")}
        </button>
      </Setting>
      <AccountSetting {...props} />
    </>
  );
}

function AccountSetting(props: SettingsDialogProps) {
  return (
    <>
      {props.onAccount && (
        <Setting
          words={t("account name email password sessions devices tokens export delete sign out")}
          label={
            props.onSignOut
              ? t("Signed in as {email}", { email: props.email ?? "" })
              : t("Your name and your conversations")
          }
        >
          <span class="setting-actions">
            <button type="button" class="button" onClick={props.onAccount}>
              {t("Account")}
            </button>
            {props.onSignOut && (
              <button type="button" class="button" onClick={props.onSignOut}>
                {t("Sign out")}
              </button>
            )}
          </span>
        </Setting>
      )}
      {props.signOutProblem && (
        <p class="setting-problem" role="alert">
          {t("Not signed out. {reason}", { reason: anyFailureText(props.signOutProblem.failed).title })}
        </p>
      )}
    </>
  );
}

/** Each language is named in itself: whoever is in front of a foreign one finds the own. */
function LanguageSetting({
  value,
  onLanguage,
}: {
  value: LanguageChoice;
  onLanguage: SettingsDialogProps["onLanguage"];
}) {
  // Counted, so that each failure renders again, and the browser's own mark goes back to what holds.
  const [failures, setFailures] = useState(0);
  return (
    <>
      <Choice
        legend={t("Language")}
        words={t("appearance words")}
        name="language"
        value={value}
        options={[
          ["auto", t("As the browser")],
          ...LANGUAGE_CODES.map((code) => [code, LANGUAGES[code].name, code] as const),
        ]}
        onChange={(choice) =>
          void onLanguage(choice).then((isSpoken) => setFailures((count) => (isSpoken ? 0 : count + 1)))
        }
      />
      {failures > 0 && (
        <p class="setting-problem" role="alert">
          {t("The language could not be loaded. Check your connection, and try again.")}
        </p>
      )}
    </>
  );
}

function FollowSwitch({ settings, onChange }: Pick<SettingsDialogProps, "settings" | "onChange">) {
  return (
    <Switch
      label={t("Follow along when I'm at the end")}
      hint={t("Off: what comes from elsewhere waits until you ask for it.")}
      isOn={settings.isFollowing}
      onChange={(isFollowing) => onChange({ isFollowing })}
    />
  );
}

const PERMISSION_HINTS = {
  granted: "Only when no tab of Instep is in front of you.",
  default: "Your browser will ask you once.",
  denied: "Your browser blocks notifications for this page.",
  unsupported: "This browser has no notifications.",
} as const satisfies Readonly<Record<NotificationPermissionState, English>>;

interface SettingProps {
  readonly label: string;
  /** What it is looked for by, besides its label. */
  readonly words: string;
  readonly children: ComponentChildren;
}

function Setting({ label, words, children }: SettingProps) {
  if (!useIsFound(label, words)) return null;
  return (
    <div class="setting">
      <span class="setting-label">{label}</span>
      {children}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  /** What it is looked for by, besides its legend and options. */
  readonly words: string;
  readonly name: string;
  readonly value: T;
  /** With its words, and the language of these where it is not the page's. */
  readonly options: readonly (readonly [T, string, string?])[];
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ legend, words, name, value, options, onChange }: ChoiceProps<T>) {
  if (!useIsFound(legend, words, ...options.map(([, label]) => label))) return null;
  return (
    <fieldset class="setting">
      <legend class="setting-label">{legend}</legend>
      <div class="segments">
        {options.map(([option, label, lang]) => (
          <label key={option}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            <span lang={lang}>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
