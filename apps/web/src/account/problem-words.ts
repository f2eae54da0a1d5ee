/** What a form of the account says of a failure. Pure. */
import { accountFailureText } from "../errors/account-failure-texts.ts";
import type { Failure } from "../sync/device.ts";

/** What the server knows better: how long to wait, and what is missing for passkeys. */
const DETAILED: ReadonlySet<string> = new Set(["too_many_attempts", "passkey_refused", "passkeys_unavailable"]);

/** Only the server knows which field is wrong. */
export function problemWords({ failed, detail }: Failure): string {
  const { title, advice } = accountFailureText(failed);
  if (failed === "invalid_body" && detail !== "") return detail;
  return DETAILED.has(failed) && detail !== "" ? `${title} ${detail}` : `${title} ${advice}`;
}
