/** The search on SQLite: full-text tables over titles and messages. */
import type { AccountId } from "@instep/protocol";
import { spaceOut } from "../../spaced-out.ts";
import type { SearchHit, SearchPage, SearchReads, SearchTerm } from "../search-statements.ts";
import type { Database } from "./connection.ts";
import { accountWord } from "./search-index.ts";

/** So many characters of a message are looked at for what to show of it. */
const SHOWN_FROM = 100_000;

// The index is read backwards by its own row numbers, from where the page before ended: nothing is counted, skipped or sorted, and
// it stops as soon as the page is full.
const TITLES = `
  SELECT c.number AS number, c.id AS conversationId, c.title AS title, c.updated_at AS updatedAt, NULL AS messageId, NULL AS seq,
    '' AS content
  FROM title_text CROSS JOIN conversation AS c ON c.number = title_text.rowid
  WHERE title_text MATCH ? AND title_text.rowid < CAST(? AS INTEGER) AND c.account_id = ? AND c.trashed_at IS NULL
  ORDER BY title_text.rowid DESC LIMIT ?`;

const MESSAGES = `
  SELECT m.number AS number, c.id AS conversationId, c.title AS title, c.updated_at AS updatedAt, m.id AS messageId, m.seq AS seq,
    substr(m.content, 1, ${SHOWN_FROM}) AS content
  FROM message_text CROSS JOIN message AS m ON m.number = message_text.rowid
    CROSS JOIN conversation AS c ON c.account_id = m.account_id AND c.id = m.conversation_id
  WHERE message_text MATCH ? AND message_text.rowid < CAST(? AS INTEGER) AND m.account_id = ? AND c.trashed_at IS NULL
  ORDER BY message_text.rowid DESC LIMIT ?`;

type Values = [query: string, below: number, accountId: string, limit: number];

export function searchReads(db: Database): SearchReads {
  let statements: ReturnType<typeof prepare> | null = null;
  return {
    search(accountId, { terms, after, limit }) {
      // Not before somebody searches: a damaged index must keep nobody from reading.
      statements ??= prepare(db);
      const { titles, messages } = statements;
      const query = matchQuery(accountId, terms);
      const below = after?.number ?? Number.MAX_SAFE_INTEGER;
      if (after?.isMessage) return messages.all(query, below, accountId, limit);
      const found = titles.all(query, below, accountId, limit);
      const room = limit - found.length;
      return room === 0 ? found : [...found, ...messages.all(query, Number.MAX_SAFE_INTEGER, accountId, room)];
    },
  };
}

function prepare(db: Database) {
  return { titles: db.prepare<Values, SearchHit>(TITLES), messages: db.prepare<Values, SearchHit>(MESSAGES) };
}

/** Every term is quoted, so nothing that is typed is syntax. */
function matchQuery(accountId: AccountId, terms: SearchPage["terms"]): string {
  return `account : ${accountWord(accountId)} AND body : (${terms.map(quoted).join(" AND ")})`;
}

function quoted({ text, isPrefix }: SearchTerm): string {
  return `"${spaceOut(text).trim().replaceAll('"', '""')}"${isPrefix ? "*" : ""}`;
}
