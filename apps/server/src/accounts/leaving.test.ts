/** Erasing an account goes on until it is done, whatever fails on the way. */
import type { AccountId } from "@instep/protocol";
import { expect, test } from "vitest";
import { createLeavers } from "./leaving.ts";

const [ANN, BOB, EVE] = ["ann", "bob", "eve"] as [AccountId, AccountId, AccountId];

function world() {
  const leaving = new Set([ANN, BOB]);
  const [erased, failing] = [new Set<AccountId>(), new Set<AccountId>([ANN])];
  const store = { leaving: () => [...leaving], removePerson: (id: AccountId) => void leaving.delete(id) };
  const eraseAccount = async (id: AccountId): Promise<void> => {
    if (failing.has(id)) throw new Error("the disk is full");
    erased.add(id);
  };
  return { leavers: createLeavers(store, { eraseAccount }), leaving, erased, failing };
}

test("[SIGN-7] one account that can't be erased keeps no other, and is erased once it can be", async () => {
  const { leavers, leaving, erased, failing } = world();
  await expect(leavers.finish()).rejects.toThrow("the disk is full");
  expect([[...leaving], [...erased]]).toEqual([[ANN], [BOB]]);
  failing.clear();
  await leavers.finish();
  expect([[...leaving], [...erased]]).toEqual([[], [BOB, ANN]]);
});

test("[SIGN-7] an account that was made anew behind somebody who left goes as soon as it can", async () => {
  const { leavers, leaving, erased, failing } = world();
  leaving.clear();
  failing.add(EVE);
  await expect(leavers.erase(EVE)).rejects.toThrow("the disk is full");
  failing.clear();
  await leavers.finish();
  await leavers.finish();
  expect([...erased]).toEqual([EVE]);
});
