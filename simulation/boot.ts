/** What a page that is loaded now is given. */
import { type AccountId, SYNC_FULL_SYNC_THRESHOLD_MS, SYNC_POLL_INTERVAL_MS } from "@instep/protocol";
import type { Boot } from "@instep/sync-client";
import { FIRST_MODEL, MAX_WAIT_S } from "./api.ts";
import type { Setting } from "./step.ts";

/** What a person who runs the server may change between two starts. */
export interface ServerConfig {
  readonly live: boolean;
  /** The default one first. */
  readonly models: readonly string[];
}

/** The server's settings as they are, and the account's. */
export function bootOf(accountId: AccountId, { unreadScope }: Setting, { live, models }: ServerConfig): Boot {
  return {
    config: {
      sync: {
        poll_interval_ms: SYNC_POLL_INTERVAL_MS,
        full_sync_threshold_ms: SYNC_FULL_SYNC_THRESHOLD_MS,
        live,
        max_wait_s: MAX_WAIT_S,
      },
      models: models.map((id) => ({ id, name: id })),
      default_model: FIRST_MODEL,
      auth: { mode: "local" },
      version: "simulated",
    },
    me: { id: accountId, email: null, name: "", preferences: { unread_scope: unreadScope } },
  };
}
