/** The calls of the sign-in view, and the way out. */
import type { Config, OidcBegin, OidcBegun, SignIn } from "@instep/protocol";
import { askAs } from "../sync/ask-as.ts";
import { askServer, type Failure, isFailure, type Result } from "../sync/device.ts";

const MAX_RETURN_LENGTH = 200;

/** Signs up or in; the session is a cookie that no script sees. Null: signed in. */
export function enterAccount(way: "sign-in" | "sign-up", entry: SignIn): Promise<Failure | null> {
  return failureOf(`auth/${way}/email`, entry);
}

/** What the other provider is called with which one can sign in here; null where there is none, or nobody can say. */
export async function providerName(): Promise<string | null> {
  const config = await askServer<Config>({}, "config");
  return isFailure(config) ? null : (config.auth.oidc?.name ?? null);
}

/** Begins to sign in with the provider: the address that this browser goes to, and comes back from to where it is. */
export function beginWithProvider(): Promise<Result<OidcBegun>> {
  const body: OidcBegin = { return_to: location.pathname.slice(0, MAX_RETURN_LENGTH) };
  return askServer<OidcBegun>({}, "auth/sign-in/oidc", { method: "POST", body });
}

/** Sets a new password with what an administrator handed out. Null: it is set. */
export function resetPassword(token: string, password: string): Promise<Failure | null> {
  return failureOf("auth/reset-password", { token, password });
}

/** Ends the account's session in this browser. Null: it has none any more. */
export async function leaveAccount(accountId: string): Promise<Failure | null> {
  const outcome = await askAs(accountId)("auth/sign-out", { method: "POST" });
  return isFailure(outcome) && outcome.failed !== "unauthorized" ? outcome : null;
}

async function failureOf(path: string, body: object): Promise<Failure | null> {
  const outcome = await askServer({}, path, { method: "POST", body });
  return isFailure(outcome) ? outcome : null;
}
