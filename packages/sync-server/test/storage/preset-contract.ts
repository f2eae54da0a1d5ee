/** What every storage has to do with presets, as a suite: an adapter's test file runs it on its own database. */
import type { AccountId, Micros } from "@instep/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ann, bob, NOW, Subject, type OpenStorage } from "./subject.ts";

const id = "11111111-1111-4111-8111-111111111111";
const other = "22222222-2222-4222-8222-222222222222";

/** Declares the suite's tests for one adapter; `open` opens a storage on an empty database of its own. */
export function describePresets(open: OpenStorage): void {
  const subject = new Subject(open);
  beforeEach(() => subject.open());
  afterEach(() => subject.storage.close());

  const put = (accountId: AccountId, name: string, { presetId = id, now = NOW } = {}) => {
    const presets = [{ id: presetId, name, instructions: `${name}.` }];
    return subject.storage.transact("putPresets", { accountId, now, presets, isKept: false });
  };
  const names = (accountId: AccountId) =>
    subject.storage.read(async (snapshot) => (await snapshot.presets(accountId)).map((row) => row.name));
  const remove = (accountId: AccountId) => subject.storage.transact("deletePreset", { accountId, now: NOW, id });

  test("[PRESET-1] presets are their account's, one for each id, in the order of their making, and go with it", async () => {
    await put(ann, "Ann's first", { presetId: other });
    await put(ann, "Ann's second");
    await put(bob, "Bob's");
    const later = (NOW + 1) as Micros;
    await put(ann, "Ann's, changed", { presetId: other, now: later });
    expect([await names(ann), await names(bob)]).toEqual([["Ann's, changed", "Ann's second"], ["Bob's"]]);
    const [first] = await subject.storage.read((snapshot) => snapshot.presets(ann));
    expect(first).toEqual({ id: other, name: "Ann's, changed", instructions: "Ann's, changed.", updatedAt: later });
    expect([await remove(ann), await remove(ann)]).toEqual([true, false]);
    expect([await names(ann), await names(bob)]).toEqual([["Ann's, changed"], ["Bob's"]]);
    await subject.storage.transact("eraseAccount", { accountId: ann, now: NOW, limit: 10 });
    expect([await names(ann), await names(bob)]).toEqual([[], ["Bob's"]]);
  });
}
