/** Faults by which one account sees another's, or hears of it. */
import type { Mutant } from "./workshop.ts";

const SRC = "packages/sync-server/src";

export const APART_MUTANTS: readonly Mutant[] = [
  {
    name: "whoever waits is answered by anybody's commit",
    rule: "SYNC-9",
    file: `${SRC}/waiters.ts`,
    find: `for (const accountId of accountIds) this.#endAll(accountId, "woken");`,
    replace: `for (const accountId of [...accountIds, ...this.#ends.keys()]) this.#endAll(accountId, commit.kind === "unknown" || commit.clocks.has(accountId) ? "woken" : "deadline");`,
  },
  {
    name: "a full answer has everybody's conversations",
    rule: "SYNC-9",
    file: `${SRC}/storage/sqlite/change-statements.ts`,
    find: "WHERE account_id = ? AND trashed_at IS NULL AND id > ?",
    replace: "WHERE (account_id = ? OR 1) AND trashed_at IS NULL AND id > ?",
  },
  {
    name: "an increment has everybody's deletions",
    rule: "SYNC-9",
    file: `${SRC}/storage/sqlite/change-statements.ts`,
    find: "WHERE account_id = ? AND deleted_at > ?",
    replace: "WHERE (account_id = ? OR 1) AND deleted_at > ?",
  },
  {
    name: "a conversation is found by its id alone",
    rule: "SYNC-9",
    file: `${SRC}/storage/sqlite/conversation-reads.ts`,
    find: "FROM conversation WHERE account_id = ?`;",
    replace: "FROM conversation WHERE (account_id = ? OR 1)`;",
  },
];
