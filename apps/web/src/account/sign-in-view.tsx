/** Signing in, or up: where nobody is signed in, or the session has ended. */
import { useState } from "preact/hooks";
import { failureText } from "../errors/failure-texts.ts";
import { enterAccount, type Entry } from "./enter-account.ts";
import "./sign-in-view.css";

export interface SignInViewProps {
  readonly onSignedIn: () => void;
  /** The call; another one in tests. */
  readonly enter?: (way: "sign-in" | "sign-up", entry: Entry) => Promise<string | null>;
}

const MIN_PASSWORD_LENGTH = 8;

export function SignInView({ onSignedIn, enter = enterAccount }: SignInViewProps) {
  const [way, setWay] = useState<"sign-in" | "sign-up">("sign-in");
  const [entry, setEntry] = useState<Entry>({ email: "", password: "" });
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isNew = way === "sign-up";
  const verb = isNew ? "Sign up" : "Sign in";

  const submit = async () => {
    setIsBusy(true);
    const failed = await enter(way, entry);
    setIsBusy(false);
    setProblem(failed);
    if (failed === null) onSignedIn();
  };
  return (
    <main class="page-note">
      <form
        class="sign-in"
        aria-label={verb}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void submit();
        }}
      >
        <h1>{verb}</h1>
        <label>
          Email
          <input
            type="email"
            autocomplete="username"
            required
            value={entry.email}
            onInput={(event) => setEntry({ ...entry, email: event.currentTarget.value })}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            autocomplete={isNew ? "new-password" : "current-password"}
            required
            minLength={isNew ? MIN_PASSWORD_LENGTH : 1}
            value={entry.password}
            onInput={(event) => setEntry({ ...entry, password: event.currentTarget.value })}
          />
        </label>
        {problem !== null && (
          <p role="alert">
            {failureText(problem).title} {failureText(problem).advice}
          </p>
        )}
        <button type="submit" class="button primary" disabled={isBusy}>
          {verb}
        </button>
        <button type="button" class="button" onClick={() => setWay(isNew ? "sign-in" : "sign-up")}>
          {isNew ? "I have an account" : "Make an account"}
        </button>
      </form>
    </main>
  );
}
