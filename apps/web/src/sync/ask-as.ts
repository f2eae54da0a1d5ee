/** Calls in an account's name: where another one has signed in meanwhile in this browser, the server refuses each. */
import { askServer, type Call, type Result } from "./device.ts";

/** Names the account that a call is for. */
export const ACCOUNT_HEADER = "instep-account";

/** Asks the server a path under `/api/`. */
export type Ask = <T>(path: string, call?: Call) => Promise<Result<T>>;

/** What asks for one account. */
export function askAs(accountId: string): Ask {
  const options = { headers: { [ACCOUNT_HEADER]: accountId } };
  return (path, call) => askServer(options, path, call);
}
