/** The engine's calls about accounts and about the database as a whole. */
import type { AccountId } from "@instep/protocol";
import { readEverything } from "./action-calls.ts";
import type { Account, Engine } from "./engine.ts";
import { microsOfDays, tombstoneHorizon, type EngineCore } from "./engine-core.ts";
import { epochFrom } from "./epoch.ts";
import type { Imported } from "./imported.ts";
import type { AccountRow } from "./storage/rows.ts";
import type { ImportInput } from "./writes/import-conversations.ts";
import type { Swept } from "./writes/trash.ts";

type EngineAccounts = Pick<
  Engine,
  | "ensureAccount"
  | "account"
  | "updateAccount"
  | "eraseAccount"
  | "importConversations"
  | "importPacked"
  | "renewEpoch"
  | "noteStart"
  | "isReady"
>;

/** What one transaction of the sweep erases at most, conversations or tombstones: other writes wait for it. */
const SWEEP_LIMIT = 100;
/** No account's id. */
const NOBODY = "" as AccountId;

export function engineAccounts(core: EngineCore): EngineAccounts {
  const { storage, environment, options } = core;

  function bringIn(accountId: AccountId, conversations: ImportInput["conversations"]): Promise<Imported> {
    const keepFor = microsOfDays(options.trashDays);
    return storage.transact("importConversations", { accountId, now: environment.now(), conversations, keepFor });
  }

  return {
    async ensureAccount(account) {
      const standing = await storage.read((snapshot) => snapshot.account(account.id));
      if (standing) return publicAccount(standing);
      const { id, email, name, unreadScope } = account;
      const row = { id, email, name, unreadScope, now: environment.now() };
      return publicAccount(await storage.transact("ensureAccount", row));
    },
    async account(accountId) {
      const row = await storage.read((snapshot) => snapshot.account(accountId));
      return row && publicAccount(row);
    },
    async updateAccount(accountId, change) {
      const { name = null, unreadScope = null } = change;
      const before = unreadScope === "account" && (await storage.read((snapshot) => snapshot.account(accountId)));
      if (before && before.unreadScope !== "account") await readEverything(core, accountId);
      const input = { accountId, now: environment.now(), name, unreadScope };
      return publicAccount(await storage.transact("updateAccount", input));
    },
    async eraseAccount(accountId) {
      const input = { accountId, now: environment.now(), limit: SWEEP_LIMIT };
      while (!(await storage.transact("eraseAccount", input)).isDone);
    },
    importConversations: bringIn,
    importPacked: bringIn,
    renewEpoch: () => storage.transact("renewEpoch", { epoch: epochFrom(environment) }),
    async noteStart() {
      const now = environment.now();
      await storage.transact("noteStart", { now, horizon: tombstoneHorizon(options, now) });
    },
    async isReady() {
      try {
        await storage.read((snapshot) => snapshot.account(NOBODY));
        return storage.failure === null && storage.trouble === null;
      } catch {
        return false;
      }
    },
  };
}

/** Erases what the trash has kept long enough, and tombstones past the horizon; a few at a time, so that nobody waits. */
export async function sweepTrash({ storage, environment, options }: EngineCore): Promise<void> {
  const now = environment.now();
  const horizon = tombstoneHorizon(options, now);
  for (let swept: Swept = { isDone: false, after: null }; !swept.isDone;) {
    swept = await storage.transact("sweep", { now, horizon, limit: SWEEP_LIMIT, after: swept.after });
  }
}

function publicAccount({ id, email, name, unreadScope }: AccountRow): Account {
  return { id, email, name, unreadScope };
}
