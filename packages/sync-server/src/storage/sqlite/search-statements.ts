/** The search on SQLite: full-text tables over titles and messages. */
import type { AccountId } from "@instep/protocol";
import type { SearchHit, SearchPage, SearchReads } from "../search-statements.ts";
import type { Database } from "./connection.ts";
import { accountWord, spaceOut } from "./search-index.ts";

const TITLES = `
  SELECT c.id AS conversationId, c.title AS title, c.updated_at AS updatedAt, NULL AS messageId, NULL AS seq, '' AS content
  FROM title_text JOIN conversation AS c ON c.number = title_text.rowid
  WHERE title_text MATCH ? AND c.account_id = ? AND c.trashed_at IS NULL
  ORDER BY c.updated_at DESC, c.id LIMIT ? OFFSET ?`;

const COUNT_TITLES = `
  SELECT count(*) FROM title_text JOIN conversation AS c ON c.number = title_text.rowid
  WHERE title_text MATCH ? AND c.account_id = ? AND c.trashed_at IS NULL`;

/** Newest first is the order of the row numbers, backwards: nothing is sorted, and a page stops as soon as it is full. */
const MESSAGES = `
  SELECT c.id AS conversationId, c.title AS title, c.updated_at AS updatedAt, m.id AS messageId, m.seq AS seq,
    m.content AS content
  FROM message_text JOIN message AS m ON m.number = message_text.rowid
    JOIN conversation AS c ON c.account_id = m.account_id AND c.id = m.conversation_id
  WHERE message_text MATCH ? AND m.account_id = ? AND c.trashed_at IS NULL
  ORDER BY message_text.rowid DESC LIMIT ? OFFSET ?`;

export function searchReads(db: Database): SearchReads {
  let statements: ReturnType<typeof prepare> | null = null;
  return {
    search(accountId, page) {
      // Not before somebody searches: a damaged index must keep nobody from reading.
      statements ??= prepare(db);
      const { titles, countTitles, messages } = statements;
      const query = matchQuery(accountId, page.words);
      const found = titles.all(query, accountId, page.limit, page.offset);
      if (found.length === page.limit) return found;
      const titleCount = countTitles.get(query, accountId) ?? 0;
      const offset = Math.max(0, page.offset - titleCount);
      return [...found, ...messages.all(query, accountId, page.limit - found.length, offset)];
    },
  };
}

function prepare(db: Database) {
  return {
    titles: db.prepare<[string, string, number, number], SearchHit>(TITLES),
    countTitles: db.prepare<[string, string], number>(COUNT_TITLES).pluck(),
    messages: db.prepare<[string, string, number, number], SearchHit>(MESSAGES),
  };
}

/** Every word is quoted, so nothing that is typed is syntax. */
function matchQuery(accountId: AccountId, words: SearchPage["words"]): string {
  const quoted = words.map((word) => `"${spaceOut(word).trim().replaceAll('"', '""')}"`);
  return `account : ${accountWord(accountId)} AND body : (${quoted.join(" AND ")}*)`;
}
