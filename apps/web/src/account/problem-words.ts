/** What a form of the account says of a failure. Pure. */
import { accountFailureText } from "../errors/account-failure-texts.ts";
import type { Failure } from "../sync/device.ts";

/** Only the server knows which field is wrong, and how long to wait. */
export function problemWords({ failed, detail }: Failure): string {
  const { title, advice } = accountFailureText(failed);
  if (failed === "invalid_body" && detail !== "") return detail;
  return failed === "too_many_attempts" && detail !== "" ? `${title} ${detail}` : `${title} ${advice}`;
}
