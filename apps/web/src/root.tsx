/** Brings the page up: what the last visit left, or the server's word, then the device; says so where neither can be had. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { LeaveProvider, useLeaving } from "./account/leaving.ts";
import { ResetFirst } from "./account/reset-first.tsx";
import type { SignInViewProps } from "./account/sign-in-view.tsx";
import { App } from "./app.tsx";
import { createDrafts } from "./composer/drafts.ts";
import { ownKeyValue } from "./own-key-value.ts";
import { DraftsProvider } from "./composer/use-draft.ts";
import { lazyPart } from "./design/lazy-part.tsx";
import { Announcer } from "./design/announcer.tsx";
import { type PageEnvironment, EnvironmentProvider } from "./environment.ts";
import { failureText } from "./errors/failure-texts.ts";
import { lazyTextThread } from "./rich-text/lazy-text-thread.ts";
import { createRichText } from "./rich-text/rich-text.ts";
import { RichTextContext } from "./rich-text/use-rich-text.ts";
import { NavigationProvider, useBrowserNavigation } from "./routing/use-route.ts";
import { createSettingsStore, SettingsProvider } from "./settings/settings-store.ts";
import { useTheme } from "./settings/use-theme.ts";
import { useShared } from "./share/use-shared.ts";
import type { Failure } from "./sync/device.ts";
import { DeviceEventsProvider, DeviceProvider } from "./sync/device-context.ts";
import { useSyncStatus } from "./sync/use-sync-status.ts";
import { type Started, useStartedDevice } from "./sync/use-started-device.ts";
import { createToastStore, ToastProvider } from "./toasts/toast-store.ts";
import { speak } from "./words/language.ts";
import { t } from "./words/words.ts";

const SignInView = lazyPart(async () => (await import("./account/sign-in-view.tsx")).SignInView);

export function Root({ environment }: { readonly environment: PageEnvironment }) {
  const settings = useMemo(
    () => createSettingsStore(environment.keyValue, (choice) => speak(choice, environment.languages())),
    [environment],
  );
  const navigation = useBrowserNavigation(environment);
  return (
    <EnvironmentProvider value={environment}>
      <SettingsProvider value={settings}>
        <NavigationProvider value={navigation}>
          <Announcer>
            <ResetFirst>
              <Boot />
            </ResetFirst>
          </Announcer>
        </NavigationProvider>
      </SettingsProvider>
    </EnvironmentProvider>
  );
}

function Boot() {
  useTheme();
  const boot = useStartedDevice();
  if (boot.kind === "starting") return null;
  if (boot.kind === "failed" && boot.problem.failed === "unauthorized") {
    const onSignedIn = () => {
      boot.retry();
      return undefined;
    };
    return <SignInFirst onSignedIn={onSignedIn} />;
  }
  if (boot.kind === "failed") return <NoServer problem={boot.problem} onRetry={boot.retry} />;
  return <Running started={boot} />;
}

function SignInFirst(props: Pick<SignInViewProps, "onSignedIn">) {
  useShared(null);
  return <SignInView {...props} />;
}

function Running({ started }: { readonly started: Started }) {
  const { device, events, boot, environment, refreshBoot, signedIn } = started;
  const drafts = useMemo(() => createDrafts(ownKeyValue(environment.keyValue, boot.me.id)), [environment, boot.me.id]);
  const toasts = useMemo(createToastStore, [boot.me.id]);
  // What a toast offers is done by the device that it was shown for, and a stopped one does nothing.
  useEffect(
    () => () => {
      for (const { id, action } of toasts.list()) if (action) toasts.dismiss(id);
    },
    [device, toasts],
  );
  const richText = useMemo(() => createRichText(lazyTextThread(environment.after)), [environment]);
  useShared(drafts);
  return (
    <DeviceProvider value={device}>
      <DeviceEventsProvider value={events}>
        <DraftsProvider value={drafts}>
          <ToastProvider value={toasts}>
            <RichTextContext.Provider value={richText}>
              <SignedInOnly email={boot.me.email} onSignedIn={signedIn}>
                <App config={boot.config} me={boot.me} onAccountChanged={refreshBoot} />
              </SignedInOnly>
            </RichTextContext.Provider>
          </ToastProvider>
        </DraftsProvider>
      </DeviceEventsProvider>
    </DeviceProvider>
  );
}

interface SignedInOnlyProps {
  readonly email: string | null;
  readonly onSignedIn: Started["signedIn"];
  readonly children: ComponentChildren;
}

/** Where the session has ended, sign-in stands in the page's place; what waits to be sent stays on the device. */
function SignedInOnly({ email, onSignedIn, children }: SignedInOnlyProps) {
  const { isLeaving, leave } = useLeaving();
  const isSignedOut = useSyncStatus().problem?.failed === "unauthorized";
  if (!isSignedOut || isLeaving) return <LeaveProvider value={leave}>{children}</LeaveProvider>;
  return <SignInView endedFor={email ?? ""} onSignedIn={onSignedIn} />;
}

/** The first visit, and nobody answers. */
function NoServer({ problem, onRetry }: { readonly problem: Failure; readonly onRetry: () => void }) {
  const [isRetrying, setIsRetrying] = useState(false);
  useEffect(() => setIsRetrying(false), [problem]);
  const { title, advice } = failureText(problem.failed);
  return (
    <main class="page-note">
      <h1>{title}</h1>
      <p role="alert">{advice}</p>
      <button
        type="button"
        class="button primary"
        disabled={isRetrying}
        onClick={() => {
          setIsRetrying(true);
          onRetry();
        }}
      >
        {t("Try again")}
      </button>
    </main>
  );
}
