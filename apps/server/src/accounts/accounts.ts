/** Who is asking: the port to sign-in, and the local account that stands where there is none. */
import type { AccountId } from "@instep/protocol";
import type { Account } from "@instep/sync-server";
import type { IncomingHttpHeaders } from "node:http";

export interface Accounts {
  /** How a person gets in, as `GET /api/config` tells it. */
  readonly mode: "local" | "password";
  /** The account that a request speaks for; null where nobody is signed in. Called for every request. */
  identify(headers: IncomingHttpHeaders): AccountId | null;
  /** Which of the account's devices asks: one for a session. Null for a program with a token, before which nobody sits. */
  deviceOf(headers: IncomingHttpHeaders): string | null;
  /**
   * Watches over an answer that may take long: calls back once, within seconds, where its sender is signed out meanwhile. The function
   * that is returned ends the watch; null where nobody can be signed out.
   */
  watch(headers: IncomingHttpHeaders, onSignedOut: () => void): (() => void) | null;
}

/** The one account of a server without sign-in; its id never changes, so that its data stays its own. */
export const LOCAL_ACCOUNT: Account = {
  id: "00000000-0000-4000-8000-000000000001" as AccountId,
  email: null,
  name: "You",
  unreadScope: "device",
};

/** Everybody who reaches the server is the local account. */
export const localAccounts: Accounts = {
  mode: "local",
  identify: () => LOCAL_ACCOUNT.id,
  deviceOf: () => "local",
  watch: () => null,
};
