/** Erasing by slices: what is still to be erased, and tombstones by their age. */

export const erasing = `
-- Conversations that are gone, and whose messages and turns are not yet. No row of \`conversation\` has such an id.
CREATE TABLE erasure (
  number INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  UNIQUE (account_id, conversation_id)
) STRICT;

CREATE INDEX tombstone_aging ON tombstone (deleted_at);

-- By default a tenth that is deleted makes a part of the index be read and written anew, some 200 ms again and again while much
-- is erased. Where half has gone it is done once, and by small steps.
INSERT INTO message_text (message_text, rank) VALUES ('deletemerge', 50);
`;
