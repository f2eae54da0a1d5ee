/** The calls of the account's part: where it is signed in, tokens, the password, and its end. */
import type {
  NewToken,
  Passkey,
  PasskeyCreation,
  PasskeyList,
  SessionList,
  TokenList,
  TokenMade,
} from "@instep/protocol";
import { askAs } from "../sync/ask-as.ts";
import { isFailure, type Result } from "../sync/device.ts";
import { makePasskey } from "./passkey-client.ts";

export interface AccountCalls {
  readonly sessions: () => Promise<Result<SessionList>>;
  readonly endSession: (id: string) => Promise<Result<unknown>>;
  /** Ends all, or all but the one that asks. */
  readonly endSessions: (areOthersOnly: boolean) => Promise<Result<unknown>>;
  readonly tokens: () => Promise<Result<TokenList>>;
  readonly makeToken: (token: NewToken) => Promise<Result<TokenMade>>;
  readonly endToken: (id: string) => Promise<Result<unknown>>;
  readonly passkeys: () => Promise<Result<PasskeyList>>;
  /** Asks the browser to make one; the password is needed where one signed in a while ago. */
  readonly addPasskey: (name: string, password?: string) => Promise<Result<Passkey>>;
  readonly renamePasskey: (id: string, name: string) => Promise<Result<Passkey>>;
  readonly removePasskey: (id: string) => Promise<Result<unknown>>;
  readonly changePassword: (present: string, chosen: string) => Promise<Result<unknown>>;
  /** Erases the account. */
  readonly erase: (password: string) => Promise<Result<unknown>>;
}

/** The calls for one account. */
export function accountCalls(accountId: string): AccountCalls {
  const ask = askAs(accountId);
  const end = (path: string) => ask(path, { method: "DELETE" });
  return {
    sessions: () => ask("sessions"),
    endSession: (id) => end(`sessions/${encodeURIComponent(id)}`),
    endSessions: (areOthersOnly) => end(`sessions?others=${areOthersOnly}`),
    tokens: () => ask("tokens"),
    makeToken: (token) => ask("tokens", { method: "POST", body: token }),
    endToken: (id) => end(`tokens/${encodeURIComponent(id)}`),
    passkeys: () => ask("passkeys"),
    async addPasskey(name, password) {
      const body = password === undefined ? {} : { password };
      const begun = await ask<PasskeyCreation>("passkeys/begin", { method: "POST", body });
      const made = isFailure(begun) ? begun : await makePasskey(begun);
      return isFailure(made) ? made : ask("passkeys", { method: "POST", body: { name, response: made } });
    },
    renamePasskey: (id, name) => ask(`passkeys/${encodeURIComponent(id)}`, { method: "PATCH", body: { name } }),
    removePasskey: (id) => end(`passkeys/${encodeURIComponent(id)}`),
    changePassword: (present, chosen) => {
      const body = { current_password: present, new_password: chosen };
      return ask("auth/password", { method: "POST", body });
    },
    erase: (password) => ask("me", { method: "DELETE", body: { password } }),
  };
}
