/** Signing in, or up: where nobody is signed in, or the session has ended. */
import type { SignIn } from "@instep/protocol";
import { useState } from "preact/hooks";
import type { Failure } from "../sync/device.ts";
import { anyFailureWords } from "../errors/all-failure-texts.ts";
import { enterAccount } from "./enter-account.ts";
import { PasskeyEntry } from "./passkey-entry.tsx";
import type { PasskeyClient } from "./passkey-client.ts";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";
import { problemWords } from "./problem-words.ts";
import { ProviderEntry, type ProviderEntryProps } from "./provider-entry.tsx";
import { useTask } from "../sync/use-task.ts";
import { t } from "../words/words.ts";
import "./sign-in-view.css";

export interface SignInViewProps {
  /** What follows for the page; why that could not be had, where it tells. */
  readonly onSignedIn: () => Promise<Failure | null> | undefined;
  /** Whose session has ended while the page was open; null where nobody was signed in. */
  readonly endedFor?: string | null;
  /** The call; another one in tests. */
  readonly enter?: (way: "sign-in" | "sign-up", entry: SignIn) => Promise<Failure | null>;
  /** The calls of the provider's button; other ones in tests. */
  readonly provider?: ProviderEntryProps;
  /** What passkeys come by; another one in tests. */
  readonly passkeys?: PasskeyClient;
}

export function SignInView(props: SignInViewProps) {
  const { onSignedIn, endedFor = null, enter = enterAccount, provider = {} } = props;
  const [way, setWay] = useState<"sign-in" | "sign-up">("sign-in");
  const [entry, setEntry] = useState<SignIn>({ email: endedFor ?? "", password: "" });
  const [refusal, setRefusal] = useState(takeRefusal);
  const task = useTask();
  /** What was tried last: why that came to nothing goes with its form. */
  const [tried, setTried] = useState(way);
  const isNew = way === "sign-up";
  const verb = isNew ? t("Sign up") : t("Sign in");

  const submit = async () => {
    setRefusal(null);
    setTried(way);
    await task.run(async () => (await enter(way, entry)) ?? (await onSignedIn()) ?? true);
  };
  return (
    <main class="page-note">
      <form
        class="sign-in"
        aria-label={verb}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>{verb}</h1>
        {endedFor !== null && (
          <p role="status">
            {t("You were signed out. What you wrote is kept on this device, and goes out once you are in again.")}
          </p>
        )}
        {refusal !== null && <p role="alert">{refusal}</p>}
        <label>
          {t("Email")}
          <input
            type="email"
            autocomplete="username webauthn"
            required
            value={entry.email}
            onInput={(event) => setEntry({ ...entry, email: event.currentTarget.value })}
          />
        </label>
        <label>
          {t("Password")}
          <input
            type="password"
            autocomplete={isNew ? "new-password" : "current-password"}
            required
            minLength={isNew ? MIN_PASSWORD_LENGTH : 1}
            value={entry.password}
            onInput={(event) => setEntry({ ...entry, password: event.currentTarget.value })}
          />
        </label>
        {task.problem && tried === way && <p role="alert">{problemWords(task.problem)}</p>}
        <button type="submit" class="button primary" aria-disabled={task.isBusy}>
          {verb}
        </button>
        <button type="button" class="button" onClick={() => setWay(isNew ? "sign-in" : "sign-up")}>
          {isNew ? t("I have an account") : t("Make an account")}
        </button>
        {!isNew && <PasskeyEntry onSignedIn={onSignedIn} {...(props.passkeys && { passkeys: props.passkeys })} />}
        <ProviderEntry {...provider} />
      </form>
    </main>
  );
}

const REFUSAL = /^#sign-in=(\w+)$/;

/** Why the provider led back without signing in, in words; out of the address, so that a reload doesn't say it again. */
function takeRefusal(): string | null {
  const code = REFUSAL.exec(location.hash)?.[1];
  if (code === undefined) return null;
  history.replaceState(null, "", location.pathname);
  return anyFailureWords(code);
}
