/** What is kept of subscriptions to pushes: in the accounts' file, or in a file of the local account's own. */
import type { Database } from "better-sqlite3";
import { MAX_SUBSCRIPTIONS, type NewSubscription, type PushStore } from "../../push/push-store.ts";

interface Row {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** Without sessions (`isLocal`) there is one account, whose rows name none: with sign-in such rows are nobody's. */
export function pushStatements(db: Database, isLocal = false): PushStore {
  const own = isLocal
    ? "access_id IS NULL AND ? IS NOT NULL"
    : "access_id IN (SELECT id FROM access WHERE person_id = ?)";
  const insert = db.prepare<[Row & { readonly sessionId: string | null; readonly now: number }]>(
    `INSERT INTO push_subscription (endpoint, p256dh, auth, access_id, created_at)
       VALUES (@endpoint, @p256dh, @auth, @sessionId, @now)`,
  );
  const removeSame = db.prepare<[string, string, string]>(
    "DELETE FROM push_subscription WHERE endpoint = ? AND p256dh = ? AND auth = ?",
  );
  const removeOwn = db.prepare<[string, string]>(`DELETE FROM push_subscription WHERE endpoint = ? AND ${own}`);
  const removeOldest = db.prepare<[string, number]>(
    `DELETE FROM push_subscription WHERE id IN
       (SELECT id FROM push_subscription WHERE ${own} ORDER BY id DESC LIMIT -1 OFFSET ?)`,
  );
  const removeEndpoint = db.prepare<[string]>("DELETE FROM push_subscription WHERE endpoint = ?");
  const holds = "NOT EXISTS (SELECT 1 FROM access WHERE access.id = access_id AND expires_at <= ?)";
  const ofAccount = db.prepare<[string, number], Row>(
    `SELECT endpoint, p256dh, auth FROM push_subscription WHERE ${own} AND ${holds} ORDER BY id`,
  );
  const standing = db.prepare<[string]>("SELECT 1 FROM access WHERE id = ?");
  const add = db.transaction(({ accountId, sessionId, ...subscription }: NewSubscription, now: number) => {
    const { endpoint, keys, replaces } = subscription;
    // Another process may have removed whose it was.
    if (sessionId !== null && standing.get(sessionId) === undefined) return false;
    if (replaces !== undefined && removeOwn.run(replaces, accountId).changes === 0) return true;
    removeSame.run(endpoint, keys.p256dh, keys.auth);
    removeOwn.run(endpoint, accountId);
    insert.run({ endpoint, p256dh: keys.p256dh, auth: keys.auth, sessionId, now });
    removeOldest.run(accountId, MAX_SUBSCRIPTIONS);
    return true;
  });
  return {
    add: (subscription, now) => add.immediate(subscription, now),
    remove: (accountId, endpoint) => void removeOwn.run(endpoint, accountId),
    removeEndpoint: (endpoint) => void removeEndpoint.run(endpoint),
    of: (accountId, now) => ofAccount.all(accountId, now).map(({ endpoint, ...keys }) => ({ endpoint, keys })),
  };
}
