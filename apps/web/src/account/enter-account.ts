/** The calls of the sign-in view, and the way out. */
import { askServer, type Failure, isFailure } from "../sync/device.ts";

export interface Entry {
  readonly email: string;
  readonly password: string;
}

/** Signs up or in; the session is a cookie that no script sees. Null: signed in. */
export function enterAccount(way: "sign-in" | "sign-up", entry: Entry): Promise<Failure | null> {
  return failureOf(`auth/${way}/email`, entry);
}

/** Sets a new password with what an administrator handed out. Null: it is set. */
export function resetPassword(token: string, password: string): Promise<Failure | null> {
  return failureOf("auth/reset-password", { token, password });
}

/** Ends the account's session in this browser. Null: it has none any more. */
export async function leaveAccount(accountId: string): Promise<Failure | null> {
  const headers = { "instep-account": accountId };
  const outcome = await askServer({ headers }, "auth/sign-out", { method: "POST" });
  return isFailure(outcome) && outcome.failed !== "unauthorized" ? outcome : null;
}

async function failureOf(path: string, body: object): Promise<Failure | null> {
  const outcome = await askServer({}, path, { method: "POST", body });
  return isFailure(outcome) ? outcome : null;
}
