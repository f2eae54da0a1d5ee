import { expect, test } from "vitest";
import { testEnvironment } from "../test/test-environment.ts";
import { createDrafts, NEW_CHAT } from "./composer/drafts.ts";
import { forgetOwn, ownKeyValue } from "./own-key-value.ts";

test("[SYNC-9] [DEV-10] what one account has typed is kept, and no other account in the browser sees it", () => {
  const { keyValue } = testEnvironment();
  const draftsOf = (accountId: string) => createDrafts(ownKeyValue(keyValue, accountId));
  const local = "00000000-0000-4000-8000-000000000001";
  draftsOf("ann").set(NEW_CHAT, "Ann's");
  createDrafts(keyValue).set(NEW_CHAT, "from before");
  expect([draftsOf("ann"), draftsOf("bob"), draftsOf(local)].map((drafts) => drafts.get(NEW_CHAT))).toEqual([
    "Ann's",
    "",
    "from before",
  ]);
  draftsOf("bob").set(NEW_CHAT, "Bob's");
  draftsOf("ann").set(NEW_CHAT, "");
  expect([draftsOf("ann").get(NEW_CHAT), draftsOf("bob").get(NEW_CHAT)]).toEqual(["", "Bob's"]);
});

test("[SIGN-7] what is kept for an account goes with it, and nothing of another's", () => {
  const { keyValue } = testEnvironment();
  const [ann, bob] = [ownKeyValue(keyValue, "ann"), ownKeyValue(keyValue, "bob")];
  for (const own of [ann, bob, keyValue]) own.set("draft", "text");
  expect(ann.keys()).toEqual(["draft"]);
  forgetOwn(keyValue, "ann");
  expect([ann.get("draft"), bob.get("draft"), keyValue.get("draft")]).toEqual([null, "text", "text"]);
});
