/** What every storage has to do with presets, as a suite: an adapter's test file runs it on its own database. */
import type { AccountId, Micros } from "@instep/protocol";
import { afterEach, expect, test } from "vitest";
import type { Storage } from "../../src/storage/storage.ts";
import type { OpenStorage } from "./storage-contract.ts";

const NOW = 1_767_268_800_000_000 as Micros;
const ann = "6f1c2b6e-6f0e-4a53-9d3e-1f1a40a0c001" as AccountId;
const bob = "6f1c2b6e-6f0e-4a53-9d3e-1f1a40a0c002" as AccountId;
const id = "11111111-1111-4111-8111-111111111111";
const other = "22222222-2222-4222-8222-222222222222";

/** Declares the suite's tests for one adapter; `open` opens a storage on an empty database of its own. */
export function describePresets(open: OpenStorage): void {
  let storage: Storage;
  afterEach(() => storage.close());

  const put = (accountId: AccountId, name: string, { presetId = id, now = NOW } = {}) => {
    const presets = [{ id: presetId, name, instructions: `${name}.` }];
    return storage.transact("putPresets", { accountId, now, presets, isKept: false });
  };
  const names = (accountId: AccountId) =>
    storage.read(async (snapshot) => (await snapshot.presets(accountId)).map((row) => row.name));
  const remove = (accountId: AccountId) => storage.transact("deletePreset", { accountId, now: NOW, id });

  test("[PRESET-1] presets are their account's, one for each id, in the order of their making, and go with it", async () => {
    storage = await open();
    for (const account of [ann, bob]) {
      const row = { id: account, email: null, name: "Somebody", unreadScope: "device" as const, now: NOW };
      await storage.transact("ensureAccount", row);
    }
    await put(ann, "Ann's first", { presetId: other });
    await put(ann, "Ann's second");
    await put(bob, "Bob's");
    const later = (NOW + 1) as Micros;
    await put(ann, "Ann's, changed", { presetId: other, now: later });
    expect([await names(ann), await names(bob)]).toEqual([["Ann's, changed", "Ann's second"], ["Bob's"]]);
    const [first] = await storage.read((snapshot) => snapshot.presets(ann));
    expect(first).toEqual({ id: other, name: "Ann's, changed", instructions: "Ann's, changed.", updatedAt: later });
    expect([await remove(ann), await remove(ann)]).toEqual([true, false]);
    expect([await names(ann), await names(bob)]).toEqual([["Ann's, changed"], ["Bob's"]]);
    await storage.transact("eraseAccount", { accountId: ann, now: NOW, limit: 10 });
    expect([await names(ann), await names(bob)]).toEqual([[], ["Bob's"]]);
  });
}
