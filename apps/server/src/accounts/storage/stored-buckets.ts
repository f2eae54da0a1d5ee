/** Buckets of tokens in a file of their own: a new start forgets nothing, and every process on the data folder takes out of the same. */
import Database from "better-sqlite3";
import { prepareDatabasePlace } from "../../data-folder/private-files.ts";
import { type AskedBucket, type Bucket, refilled, type TokenBuckets, waitForAll } from "../../limits/token-buckets.ts";

export interface StoredBuckets extends TokenBuckets {
  close(): void;
}

export interface StoredBucketsOptions {
  readonly path: string;
  /** What is written instead of a key, which may be somebody's address. */
  readonly hashOf: (key: string) => string;
  /** Milliseconds. */
  readonly now: () => number;
  /** How many are kept at most, or some more until the next look; fewer than usual for tests only. */
  readonly most?: number;
}

const BUSY_TIMEOUT_MS = 1000;
const MOST = 100_000;
const LOOK_EVERY = 1000;

/** Opens the file, or makes it, for its owner alone [SAFE-3]. A loss of power may cost the last few attempts, so that no write waits for the disk. */
export function openStoredBuckets({ path, hashOf, now, most = MOST }: StoredBucketsOptions): StoredBuckets {
  const db = openFile(path);
  const find = db.prepare<[string], Bucket>("SELECT left, at FROM bucket WHERE key = ?");
  const put = db.prepare<[string, number, number, number]>("INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?)");
  const removeFull = db.prepare<[number]>("DELETE FROM bucket WHERE full_at <= ?");
  const removeRest = db.prepare<[number]>(
    "DELETE FROM bucket WHERE key IN (SELECT key FROM bucket ORDER BY full_at DESC LIMIT -1 OFFSET ?)",
  );
  let untilLook = LOOK_EVERY;

  function read(asked: readonly AskedBucket[]) {
    const at = now();
    return asked.map(({ key, rule }) => {
      const hash = hashOf(key);
      return { hash, rule, bucket: refilled(find.get(hash), rule, at) };
    });
  }

  function change(buckets: ReturnType<typeof read>, by: number): void {
    for (const { hash, rule, bucket } of buckets) {
      const left = Math.min(rule.burst, bucket.left + by);
      put.run(hash, left, bucket.at, bucket.at + (rule.burst - left) * rule.refillMs);
    }
    untilLook -= 1;
    if (untilLook > 0) return;
    untilLook = LOOK_EVERY;
    removeFull.run(now());
    removeRest.run(most);
  }

  // Held from the reading on, so that no two processes take the same token.
  const take = db.transaction((asked: readonly AskedBucket[]): number => {
    const buckets = read(asked);
    const waitS = waitForAll(buckets);
    if (waitS === 0) change(buckets, -1);
    return waitS;
  });
  const giveBack = db.transaction((asked: readonly AskedBucket[]) => change(read(asked), 1));
  return {
    take: (asked) => take.immediate(asked),
    giveBack: (asked) => giveBack.immediate(asked),
    close: () => void db.close(),
  };
}

function openFile(path: string): Database.Database {
  prepareDatabasePlace(path);
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = NORMAL");
    db.exec(`CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, left REAL NOT NULL, at REAL NOT NULL, full_at REAL NOT NULL)
      STRICT, WITHOUT ROWID; CREATE INDEX IF NOT EXISTS bucket_full ON bucket (full_at)`);
    // Whether it can be written shows at once.
    db.pragma("user_version = 1");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
