/** One's own sessions and tokens, and what only a person may do, never a program with a token: whatever would outlast the token, or take the account away. */
import type { AccountId } from "@instep/protocol";
import type { Outcome } from "@instep/sync-server";
import type { IncomingHttpHeaders } from "node:http";
import type { People } from "../accounts/open-sign-in.ts";
import { hasEnded } from "../accounts/session-watch.ts";
import type { Access } from "../accounts/storage/account-store.ts";

/** What of the account's sessions or tokens still lets in. What has ended is removed with the next one that is made: a list needs no room on the disk. */
export function accessesThatHold(
  { store, now }: Pick<People, "store" | "now">,
  accountId: AccountId,
  kind: Access["kind"],
): readonly Access[] {
  const at = now();
  return store.accessesOf(accountId, kind).filter((access) => !hasEnded(access, at));
}

/** The session that asks, or the refusal. */
export function sessionOf({ sessions }: Pick<People, "sessions">, headers: IncomingHttpHeaders): Outcome<Access> {
  const access = sessions.find(headers);
  if (access === null) return { refused: "unauthorized" };
  if (access.kind === "session") return access;
  return { refused: "forbidden", detail: "A token can't do this; sign in." };
}
