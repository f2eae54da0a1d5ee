/** The calls of the account's part: where it is signed in, tokens, the password, and its end. */
import type { NewToken, SessionList, TokenList, TokenMade } from "@instep/protocol";
import { askServer, type Call, type Result } from "../sync/device.ts";

export interface AccountCalls {
  readonly sessions: () => Promise<Result<SessionList>>;
  readonly endSession: (id: string) => Promise<Result<unknown>>;
  /** Ends all, or all but the one that asks. */
  readonly endSessions: (areOthersOnly: boolean) => Promise<Result<unknown>>;
  readonly tokens: () => Promise<Result<TokenList>>;
  readonly makeToken: (token: NewToken) => Promise<Result<TokenMade>>;
  readonly endToken: (id: string) => Promise<Result<unknown>>;
  readonly changePassword: (present: string, chosen: string) => Promise<Result<unknown>>;
  /** Erases the account. */
  readonly erase: (password: string) => Promise<Result<unknown>>;
}

/** The calls for one account: where another one has signed in meanwhile in this browser, each is refused. */
export function accountCalls(accountId: string): AccountCalls {
  const headers = { "instep-account": accountId };
  const ask = <T>(path: string, call?: Call) => askServer<T>({ headers }, path, call);
  const end = (path: string) => ask(path, { method: "DELETE" });
  return {
    sessions: () => ask("sessions"),
    endSession: (id) => end(`sessions/${encodeURIComponent(id)}`),
    endSessions: (areOthersOnly) => end(`sessions?others=${areOthersOnly}`),
    tokens: () => ask("tokens"),
    makeToken: (token) => ask("tokens", { method: "POST", body: token }),
    endToken: (id) => end(`tokens/${encodeURIComponent(id)}`),
    changePassword: (present, chosen) => {
      const body = { current_password: present, new_password: chosen };
      return ask("auth/password", { method: "POST", body });
    },
    erase: (password) => ask("me", { method: "DELETE", body: { password } }),
  };
}

/** Where the account's conversations can be had as a file. */
export function exportAddress(accountId: string): string {
  return `/api/export?account=${encodeURIComponent(accountId)}`;
}
