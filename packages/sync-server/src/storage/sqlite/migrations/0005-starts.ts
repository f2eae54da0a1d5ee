/** What no clock of an account ever said: the time between its last tick before a start and that start [EPOCH-1]. */

export const starts = `
CREATE TABLE start_gap (
  account_id TEXT NOT NULL,
  after_clock INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, after_clock)
) STRICT, WITHOUT ROWID;
`;
