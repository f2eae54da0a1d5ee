/** What only a person may do, never a program with a token: whatever would outlast the token, or take the account away. */
import type { Outcome } from "@instep/sync-server";
import type { IncomingHttpHeaders } from "node:http";
import type { People } from "../accounts/open-sign-in.ts";
import type { Access } from "../accounts/storage/account-store.ts";

/** The session that asks, or the refusal. */
export function sessionOf({ sessions }: Pick<People, "sessions">, headers: IncomingHttpHeaders): Outcome<Access> {
  const access = sessions.find(headers);
  if (access === null) return { refused: "unauthorized" };
  if (access.kind === "session") return access;
  return { refused: "forbidden", detail: "A token can't do this; sign in." };
}
