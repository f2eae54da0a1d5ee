/** Instructions under a name, which are the account's and no conversation's. */

export const presets = `
CREATE TABLE preset (
  number INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  instructions TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (account_id, id)
) STRICT;
`;
