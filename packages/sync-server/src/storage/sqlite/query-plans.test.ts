/** How SQLite answers every statement that the storage prepares: by an index meant for it, without reading or sorting a whole table. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { expect, onTestFinished, test, vi } from "vitest";
import { openWriter, type Database } from "./connection.ts";
import { sqliteErasing } from "./erasing.ts";
import { searchIndexing } from "./search-index.ts";
import { sqliteTransaction } from "./transaction.ts";

/** Statements that may read a whole table or sort: what is said of each bounds it. Every one of them has to be there. */
const ALLOWED: readonly (readonly [start: string, step: string])[] = [
  // For the sweep and the command line: every account, one after the other.
  ["SELECT id FROM account ORDER BY id", "SCAN account USING COVERING INDEX sqlite_autoindex_account_1"],
  // For the checker only.
  ["SELECT id FROM (SELECT conversation_id AS id FROM message", "SCAN owner"],
  // Its rows are counted up to a limit within.
  ["SELECT count(*) FROM (SELECT 1 FROM message", "SCAN (subquery-1)"],
  ["SELECT count(*) FROM (SELECT 1 FROM conversation", "SCAN (subquery-1)"],
  // One row for each start of a short time; written and read at a start.
  ["DELETE FROM start_gap WHERE started_at", "SCAN start_gap"],
  ["INSERT INTO start_gap", "SCAN account"],
  // The index has what runs and no more.
  ["SELECT account_id AS accountId, reply_id AS replyId FROM turn INDEXED BY", "SCAN turn USING INDEX turn_running"],
  ["DELETE FROM lease WHERE expires_at", "SCAN turn USING INDEX turn_owned"],
  // An account has fifty at the most.
  ["SELECT id, name, instructions, updated_at AS updatedAt FROM preset", "USE TEMP B-TREE FOR ORDER BY"],
  // One row for each process.
  ["DELETE FROM lease WHERE expires_at", "SCAN lease"],
  // Queues, read from their beginning, and a table of one row.
  ["SELECT account_id AS accountId, conversation_id AS conversationId FROM erasure ORDER BY", "SCAN erasure"],
  ["SELECT number, account_id AS accountId, title AS text FROM title_pending", "SCAN title_pending"],
  ["SELECT number, account_id AS accountId, substr(content", "SCAN search_state"],
  ["UPDATE search_state", "SCAN search_state"],
  // The full-text index, from a row number downwards; it sorts nothing.
  ["SELECT c.number AS number", "SCAN title_text VIRTUAL TABLE INDEX 192:M2<"],
  ["SELECT m.number AS number", "SCAN message_text VIRTUAL TABLE INDEX 192:M2<"],
  // Rows of one microsecond only, by their ids.
  ["SELECT id, title", "USE TEMP B-TREE FOR LAST TERM OF ORDER BY"],
  // All versions of one conversation: for the checker and imports.
  ["SELECT conversation_id AS conversationId, id, after_seq", "USE TEMP B-TREE FOR ORDER BY"],
  // Versions of one microsecond only, by their ids.
  ["SELECT conversation_id AS conversationId, id, after_seq", "USE TEMP B-TREE FOR LAST TERM OF ORDER BY"],
];

/** What grows where another index is taken: the turns of an account, its conversations, the messages of a conversation. */
const EXPECTED: readonly (readonly [part: RegExp, step: string])[] = [
  [/^SELECT count\(\*\) FROM turn /, "SEARCH turn USING INDEX turn_running (account_id=?)"],
  [/FROM turn WHERE owner_id = \? AND ended_at IS NULL/, "SEARCH turn USING INDEX turn_owned (owner_id=?)"],
  [
    /FROM turn WHERE .*client_message_id = \?/,
    "SEARCH turn USING INDEX sqlite_autoindex_turn_2 (account_id=? AND client_message_id=?)",
  ],
  [/FROM turn WHERE has_journal = 1/, "SEARCH turn USING COVERING INDEX turn_journalled (ended_at<?)"],
  [
    /FROM version WHERE purge_at <= \?/,
    "SEARCH turn USING INDEX turn_replacing (account_id=? AND replaced_version_id=?)",
  ],
  [/FROM version WHERE purge_at <= \?/, "SEARCH version USING INDEX version_expiring (purge_at<?)"],
  [
    /^UPDATE version SET purge_at = 0/,
    "SEARCH version USING INDEX version_place (account_id=? AND conversation_id=? AND after_seq=?)",
  ],
  [
    /FROM journal_chunk .*last_event_id > /,
    "SEARCH journal_chunk USING PRIMARY KEY (account_id=? AND reply_id=? AND first_event_id>?)",
  ],
  [
    /^SELECT changed_at AS tick/,
    "SEARCH conversation USING INDEX conversation_changed (account_id=? AND changed_at>?)",
  ],
  [
    /FROM tombstone WHERE account_id = \? AND deleted_at > \?/,
    "SEARCH tombstone USING COVERING INDEX tombstone_deleted (account_id=? AND deleted_at>?)",
  ],
  [
    /^SELECT count\(\*\) FROM conversation/,
    "SEARCH conversation USING INDEX conversation_listed (account_id=? AND archived=?)",
  ],
  [
    /updated_at <= \? .* LIMIT/,
    "SEARCH conversation USING INDEX conversation_listed (account_id=? AND archived=? AND pinned=? AND updated_at<?)",
  ],
  [
    /\(unread_count > 0 OR marked_unread = 1\) ORDER BY id LIMIT/,
    "SEARCH conversation USING INDEX conversation_unread (account_id=? AND id>?)",
  ],
  [
    /trashed_at <= \? .* LIMIT/,
    "SEARCH conversation USING INDEX conversation_trashed (account_id=? AND trashed_at>? AND trashed_at<?)",
  ],
  [
    /FROM conversation WHERE trashed_at IS NOT NULL AND purge_at/,
    "SEARCH conversation USING INDEX conversation_expiring (purge_at<?)",
  ],
  [
    /FROM message WHERE .*seq < \? ORDER BY seq DESC/,
    "SEARCH message USING INDEX sqlite_autoindex_message_1 (account_id=? AND conversation_id=? AND seq<?)",
  ],
  [
    /role, .* FROM message WHERE .*seq > \? ORDER BY seq LIMIT/,
    "SEARCH message USING INDEX sqlite_autoindex_message_1 (account_id=? AND conversation_id=? AND seq>?)",
  ],
  [
    /^SELECT count.* FROM message WHERE .*seq > \?/,
    "SEARCH message USING COVERING INDEX sqlite_autoindex_message_1 (account_id=? AND conversation_id=? AND seq>?)",
  ],
  [/FROM message WHERE number > \(/, "SEARCH message USING INTEGER PRIMARY KEY (rowid>?)"],
  [
    /after_seq BETWEEN/,
    "SEARCH version USING COVERING INDEX version_place (account_id=? AND conversation_id=? AND after_seq>? AND after_seq<?)",
  ],
];

test("no statement reads a whole table or sorts one, except those that are bounded otherwise", async () => {
  const heavy = (await plans()).flatMap(({ sql, plan }) =>
    plan.filter((step) => /^(?:SCAN|USE TEMP)/.test(step)).map((step) => [sql, step] as const),
  );
  const isAllowed = ([sql, step]: readonly [string, string], allowed: readonly [string, string]) =>
    sql.startsWith(allowed[0]) && step === allowed[1];
  expect(heavy.filter((one) => !ALLOWED.some((allowed) => isAllowed(one, allowed)))).toEqual([]);
  expect(ALLOWED.filter((allowed) => !heavy.some((one) => isAllowed(one, allowed)))).toEqual([]);
});

test("no search of an index is by the account alone where the account's rows are many", async () => {
  const wide = (await plans()).filter(({ plan }) =>
    plan.some((step) =>
      /^SEARCH (?:turn|message|version|version_message|journal_chunk) .*\(account_id=\?\)$/.test(step),
    ),
  );
  // The running ones only, and the checker's.
  expect(wide.map(({ sql }) => sql.slice(0, 44))).toEqual([
    "SELECT id FROM (SELECT conversation_id AS id",
    "SELECT count(*) FROM turn INDEXED BY turn_ru",
  ]);
});

test.each(EXPECTED)("what fits %s is found by the index that is meant for it", async (part, step) => {
  const fitting = (await plans()).filter(({ sql }) => part.test(sql));
  expect(fitting).not.toEqual([]);
  for (const { sql, plan } of fitting) expect(plan, sql).toContain(step);
});

async function plans(): Promise<{ readonly sql: string; readonly plan: readonly string[] }[]> {
  const folder = await mkdtemp(join(tmpdir(), "instep-plans-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const db = openWriter({ path: join(folder, "instep.db"), isDurable: false, checkpointPages: 0 });
  onTestFinished(() => void db.close());
  const preparing = vi.spyOn(db, "prepare");
  const transaction = sqliteTransaction(db, () => undefined);
  searchIndexing(db);
  sqliteErasing(db);
  await transaction.search("ann" as AccountId, { terms: [{ text: "x", isPrefix: true }], after: null, limit: 1 });
  const statements = new Set(preparing.mock.calls.map(([sql]) => sql));
  preparing.mockRestore();
  return [...statements].map((sql) => ({ sql: sql.replaceAll(/\s+/g, " ").trim(), plan: planOf(db, sql) }));
}

function planOf(db: Database, sql: string): string[] {
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]);
  const values = names.length > 0 ? [Object.fromEntries(names)] : [...sql.matchAll(/\?/g)].map(() => null);
  const explained = db.prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  return explained.all(...values).map(({ detail }) => detail);
}
