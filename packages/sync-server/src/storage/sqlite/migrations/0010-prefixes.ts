/** The beginnings of words in the full-text index: without them each search for one reads all words of everybody that begin so. */

/** What the old tables have in their name may be damaged, which mustn't stop a start: they go without being opened. */
const PARTS = ["data", "idx", "docsize", "config"];

function anew(table: string): string {
  return `${PARTS.map((part) => `DROP TABLE IF EXISTS ${table}_${part};`).join("\n")}
CREATE VIRTUAL TABLE ${table} USING fts5 (
  account, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);`;
}

/** Needs a connection in unsafe mode. The index is filled beside the server's work, as after an import. */
export const prefixes = `
PRAGMA writable_schema = ON;
DELETE FROM sqlite_schema WHERE name IN ('message_text', 'title_text');
PRAGMA writable_schema = RESET;
${anew("message_text")}
${anew("title_text")}
-- As in 0003.
INSERT INTO message_text (message_text, rank) VALUES ('deletemerge', 50);
UPDATE search_state SET indexed_through = 0;
INSERT OR IGNORE INTO title_pending (number) SELECT number FROM conversation WHERE title <> '';
`;
