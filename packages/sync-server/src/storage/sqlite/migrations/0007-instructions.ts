/** What a conversation tells every model that answers in it, apart from its row, which every list and every message touches. */

/** `conversation_unread` finds what is unread without looking at all that is read. */
export const instructions = `
CREATE TABLE instructions (
  number INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (account_id, conversation_id)
) STRICT;

CREATE INDEX conversation_unread ON conversation (account_id, id)
  WHERE trashed_at IS NULL AND (unread_count > 0 OR marked_unread = 1);
`;
