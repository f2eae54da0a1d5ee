/** The first schema. Every key and index begins with the account, so that no account's cost depends on another's [SYNC-9]. */

/**
 * Times are whole microseconds. `number` columns are SQLite's row ids: they keep the secondary indexes small and name rows to
 * the full-text index, which goes by a message's number never being given twice. `changed_at` and `deleted_at` are the account's ticks.
 */
export const first = `
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL
) STRICT;

CREATE TABLE account (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  clock INTEGER NOT NULL,
  pruned_through INTEGER NOT NULL DEFAULT 0,
  email TEXT,
  name TEXT NOT NULL,
  unread_scope TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE conversation (
  number INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  title_source TEXT NOT NULL,
  model TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  message_count INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  unread_count INTEGER NOT NULL,
  marked_unread INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  active_reply_id TEXT,
  trashed_at INTEGER,
  purge_at INTEGER,
  UNIQUE (account_id, id)
) STRICT;
CREATE INDEX conversation_changed ON conversation (account_id, changed_at) WHERE trashed_at IS NULL;
CREATE INDEX conversation_listed ON conversation (account_id, archived, pinned DESC, updated_at DESC)
  WHERE trashed_at IS NULL;
CREATE INDEX conversation_trashed ON conversation (account_id, trashed_at DESC) WHERE trashed_at IS NOT NULL;
CREATE INDEX conversation_expiring ON conversation (purge_at) WHERE trashed_at IS NOT NULL;

CREATE TABLE tombstone (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_deleted ON tombstone (account_id, deleted_at);

CREATE TABLE message (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  stop_reason TEXT,
  error TEXT,
  model TEXT,
  client_message_id TEXT,
  UNIQUE (account_id, conversation_id, seq),
  UNIQUE (account_id, conversation_id, id)
) STRICT;

CREATE VIRTUAL TABLE message_text USING fts5 (
  account, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE title_text USING fts5 (
  account, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

-- What the full-text index has yet to take in: messages with a number above this, and the titles in the table below.
CREATE TABLE search_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  indexed_through INTEGER NOT NULL
) STRICT;
INSERT INTO search_state (id, indexed_through) VALUES (1, 0);

CREATE TABLE title_pending (
  number INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER title_added AFTER INSERT ON conversation WHEN new.title <> '' BEGIN
  INSERT OR IGNORE INTO title_pending (number) VALUES (new.number);
END;
CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversation WHEN new.title <> old.title BEGIN
  INSERT OR IGNORE INTO title_pending (number) VALUES (new.number);
END;
`;
