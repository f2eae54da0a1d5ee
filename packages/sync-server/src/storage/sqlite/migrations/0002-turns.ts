/** Turns, the journals of their replies, and the leases of the nodes that generate them. */

export const turns = `
CREATE TABLE turn (
  account_id TEXT NOT NULL,
  reply_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  client_message_id TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  user_message_id TEXT NOT NULL,
  user_seq INTEGER NOT NULL,
  model TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  state TEXT NOT NULL,
  is_stop_requested INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_event_id INTEGER,
  end_data TEXT,
  has_journal INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (account_id, reply_id),
  UNIQUE (account_id, client_message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_conversation ON turn (account_id, conversation_id);
CREATE INDEX turn_running ON turn (account_id) WHERE ended_at IS NULL;
CREATE INDEX turn_owned ON turn (owner_id) WHERE ended_at IS NULL;
CREATE INDEX turn_journalled ON turn (ended_at) WHERE has_journal = 1;

CREATE TABLE journal_chunk (
  account_id TEXT NOT NULL,
  reply_id TEXT NOT NULL,
  first_event_id INTEGER NOT NULL,
  last_event_id INTEGER NOT NULL,
  events TEXT NOT NULL,
  PRIMARY KEY (account_id, reply_id, first_event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
  owner_id TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
