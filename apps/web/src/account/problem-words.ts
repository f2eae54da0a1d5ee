/** What a form of the account says of a failure, in the language of the page. Pure. */
import { anyFailureText, anyFailureWords } from "../errors/all-failure-texts.ts";
import type { Failure } from "../sync/device.ts";
import { plural, t } from "../words/words.ts";

/** What happened, and what helps: which field is wrong and how long to wait are the server's to say, what a browser does its own. */
export function problemWords({ failed, status, detail, retryAfterMs, problem }: Failure): string {
  if (failed === "too_many_attempts" && retryAfterMs !== null) {
    return `${anyFailureText(failed).title} ${waitWords(retryAfterMs)}`;
  }
  const isOfBrowser = status === 0 && (failed === "passkey_refused" || failed === "passkeys_unavailable");
  if (isOfBrowser && detail !== "") return `${anyFailureText(failed).title} ${detail}`;
  return (failed === "invalid_body" && fieldWords(problem["field"])) || anyFailureWords(failed);
}

function fieldWords(field: unknown): string | null {
  switch (field) {
    case "email":
      return t("This is not an email address.");
    case "password":
    case "current_password":
    case "new_password":
      return t("A password has 8 characters or more, and 10,000 at most.");
    case "name":
      return t("A name needs something that can be seen.");
    default:
      return null;
  }
}

function waitWords(waitMs: number): string {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  if (seconds < 90) return plural(seconds, "Try again in 1 second.", "Try again in {count} seconds.");
  return plural(Math.ceil(seconds / 60), "Try again in 1 minute.", "Try again in {count} minutes.");
}
