/** Accounts, clocks and the epoch on SQLite. */
import type { AccountId, Micros } from "@instep/protocol";
import type { AccountReads, AccountWrites, Ticks } from "../account-statements.ts";
import type { AccountRow } from "../rows.ts";
import type { Database } from "./connection.ts";

/** Notes a clock that moved, for the commit's listeners. */
export type NoteClock = (accountId: AccountId, clock: Micros) => void;

const COLUMNS =
  "id, clock, pruned_through AS prunedThrough, email, name, unread_scope AS unreadScope, created_at AS createdAt";

export function accountReads(db: Database): AccountReads {
  const account = db.prepare<[string], AccountRow>(`SELECT ${COLUMNS} FROM account WHERE id = ?`);
  const ids = db.prepare<[], AccountId>("SELECT id FROM account ORDER BY id").pluck();
  const epoch = db.prepare<[], string>("SELECT epoch FROM meta WHERE id = 1").pluck();
  const gap = db
    .prepare<[string, number, number], number>(
      "SELECT 1 FROM start_gap WHERE account_id = ? AND after_clock < ? AND started_at > ? ORDER BY after_clock DESC LIMIT 1",
    )
    .pluck();
  return {
    isBeforeStart: (accountId, clock) => gap.get(accountId, clock, clock) !== undefined,
    account: (accountId) => account.get(accountId) ?? null,
    accountIds: () => ids.all(),
    epoch() {
      const value = epoch.get();
      if (value === undefined) throw new Error("The database has lost its epoch");
      return value;
    },
  };
}

export function accountWrites(db: Database, noteClock: NoteClock): AccountWrites {
  const insert = db.prepare<[AccountRow]>(
    `INSERT INTO account (id, clock, pruned_through, email, name, unread_scope, created_at)
     VALUES (@id, @clock, @prunedThrough, @email, @name, @unreadScope, @createdAt)`,
  );
  const saveProfile = db.prepare<[string | null, string, string, string]>(
    "UPDATE account SET email = ?, name = ?, unread_scope = ? WHERE id = ?",
  );
  const clock = db.prepare<[string], Micros>("SELECT clock FROM account WHERE id = ?").pluck();
  const saveClock = db.prepare<[number, string]>("UPDATE account SET clock = ? WHERE id = ?");
  const sayInGap = gapSplitting(db);
  const saveEpoch = db.prepare<[string]>("UPDATE meta SET epoch = ? WHERE id = 1");
  const forgetStarts = db.prepare<[number]>("DELETE FROM start_gap WHERE started_at < ?");
  const saveStart = db.prepare<[number, number]>(
    `INSERT INTO start_gap (account_id, after_clock, started_at) SELECT id, clock, ? FROM account WHERE clock < ?
     ON CONFLICT DO UPDATE SET started_at = max(started_at, excluded.started_at)`,
  );
  const removals = [
    "DELETE FROM start_gap WHERE account_id = ?",
    "DELETE FROM preset WHERE account_id = ?",
    "DELETE FROM account WHERE id = ?",
  ].map((sql) => db.prepare<[string]>(sql));
  return {
    deleteAccount(accountId) {
      for (const removal of removals) removal.run(accountId);
    },
    insertAccount(row) {
      insert.run(row);
      noteClock(row.id, row.clock);
    },
    saveProfile: (row) => void saveProfile.run(row.email, row.name, row.unreadScope, row.id),
    // BEGIN IMMEDIATE holds the whole file, and with it the account's row [CLOCK-2].
    lockClock: (accountId) => clock.get(accountId) ?? null,
    saveClock(accountId, ticks) {
      sayInGap(accountId, ticks);
      saveClock.run(ticks.last, accountId);
      noteClock(accountId, ticks.last);
    },
    saveEpoch(epoch) {
      saveEpoch.run(epoch);
      forgetStarts.run(Number.MAX_SAFE_INTEGER);
    },
    saveStart(now, horizon) {
      forgetStarts.run(horizon);
      saveStart.run(now, now);
    },
  };
}

/** Before the clock moves: takes ticks out of the gap that begins where it stands, which goes on behind them. */
function gapSplitting(db: Database): (accountId: AccountId, ticks: Ticks) => void {
  const gap = db.prepare<[string], { readonly clock: Micros; readonly startedAt: Micros }>(
    `SELECT clock, started_at AS startedAt FROM account JOIN start_gap ON account_id = account.id AND after_clock = clock
     WHERE account.id = ?`,
  );
  const end = db.prepare<[number, string, number]>(
    "UPDATE start_gap SET started_at = ? WHERE account_id = ? AND after_clock = ?",
  );
  const goOn = db.prepare<[string, number, number]>(
    "INSERT INTO start_gap (account_id, after_clock, started_at) VALUES (?, ?, ?)",
  );
  return (accountId, { first, last }) => {
    const found = gap.get(accountId);
    if (found === undefined || found.startedAt <= first) return;
    end.run(first, accountId, found.clock);
    if (last < found.startedAt) goOn.run(accountId, last, found.startedAt);
  };
}
