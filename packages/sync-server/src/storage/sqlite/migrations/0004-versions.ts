/** Versions: what a turn replaced, in tables of its own, so that nothing that reads what lives has to leave it out. */

export const versions = `
CREATE TABLE version (
  number INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  id TEXT NOT NULL,
  after_seq INTEGER NOT NULL,
  replaced_at INTEGER NOT NULL,
  purge_at INTEGER NOT NULL,
  UNIQUE (account_id, conversation_id, id)
) STRICT;
CREATE INDEX version_place ON version (account_id, conversation_id, after_seq, replaced_at);
CREATE INDEX version_expiring ON version (purge_at);

-- As in \`message\`; the seqs are those that the messages had.
CREATE TABLE version_message (
  version_number INTEGER NOT NULL,
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
  PRIMARY KEY (version_number, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_message_id ON version_message (account_id, conversation_id, id);

-- What a turn that asked again has replaced: it comes back where the turn ends without a word.
ALTER TABLE turn ADD COLUMN replaced_version_id TEXT;
CREATE INDEX turn_replacing ON turn (account_id, replaced_version_id) WHERE ended_at IS NULL AND replaced_version_id IS NOT NULL;
`;
