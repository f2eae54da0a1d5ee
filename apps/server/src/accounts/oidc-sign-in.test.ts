/** Whom a provider's word lets in, as whom, and what that ends: every kind of person with every kind of word. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { isRefusal } from "@instep/sync-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOidcSignIn } from "./oidc-sign-in.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

const LISTED = "ann@listed.example";
const STRANGE = "ann@elsewhere.example";
const ANN = "ann" as AccountId;

let folder: string;
let store: AccountStore;
/** Who was let in, and under which name an account would be made. */
let admitted: { readonly id: AccountId; readonly name: string | undefined }[];
let rechecked: AccountId[];
let enter: ReturnType<typeof createOidcSignIn>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-oidc-in-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
  [admitted, rechecked] = [[], []];
  enter = createOidcSignIn({
    store,
    isAllowed: (email) => email.endsWith("@listed.example"),
    now: () => 5,
    sessions: { ...NO_SESSIONS, recheck: (id) => void rechecked.push(id) },
    admit: async ({ id, email }, _device, name) => {
      admitted.push({ id, name });
      return { user: { id, email, name: name ?? "" }, token: "token" };
    },
  });
  store.addPerson({ id: "first" as AccountId, email: "first@listed.example", password: null, createdAt: 1 });
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const unused = (): never => {
  throw new Error("nobody asks this of sessions");
};
const NO_SESSIONS = { open: unused, find: unused, watch: unused, hashOf: unused, stop: unused };

/** What stands before the provider's word. */
const STANDINGS = {
  nobody: () => undefined,
  "signed up": (email: string) => void store.addPerson({ id: ANN, email, password: "hash", createdAt: 1 }),
  "signed up and proven": (email: string) => {
    store.addPerson({ id: ANN, email, password: "hash", createdAt: 1 });
    store.noteProven(ANN);
  },
  "known to the provider": (email: string) => {
    store.addPerson({ id: ANN, email, password: null, createdAt: 1 });
    store.addIdentity({ issuer: "one", subject: "ann", personId: ANN });
    store.changePassword(ANN, "hash", null);
  },
  leaving: (email: string) => {
    store.addPerson({ id: ANN, email, password: "hash", createdAt: 1 });
    store.beginLeaving(ANN);
  },
} as const;
type Standing = keyof typeof STANDINGS;

const CASES = (Object.keys(STANDINGS) as Standing[]).flatMap((standing) =>
  [LISTED, STRANGE].flatMap((email) => [true, false].map((isVerified) => ({ standing, email, isVerified }))),
);

function toldFor({ standing, email, isVerified }: (typeof CASES)[number]): string {
  if (!isVerified) return "address_unverified";
  return email === STRANGE || standing === "leaving" ? "address_refused" : "in";
}

test.each(CASES)("[SIGN-10] $standing as $email, verified: $isVerified", async (one) => {
  const { standing, email, isVerified } = one;
  STANDINGS[standing](email);
  const identity = { issuer: "one", subject: "ann", email: email.toUpperCase(), isEmailVerified: isVerified };
  const outcome = await enter({ ...identity, name: "A".repeat(300) }, "a browser");
  const told = toldFor(one);
  expect(isRefusal(outcome) ? outcome.refused : "in").toBe(told);
  const person = store.personByEmail(email);
  if (told !== "in") {
    expect([admitted, rechecked, person === null]).toEqual([[], [], standing === "nobody"]);
    if (standing === "signed up") expect([person?.password, person?.isProven]).toEqual(["hash", false]);
    return;
  }
  expect(person?.isProven).toBe(true);
  expect(store.personByIdentity("one", "ann")?.id, "found by what the provider calls him, from here on").toBe(
    person?.id,
  );
  const isKnown = standing === "known to the provider";
  expect(admitted).toEqual([{ id: person?.id, name: isKnown ? undefined : "A".repeat(200) }]);
  expect(rechecked, "what it ends is out at once").toEqual(isKnown ? [] : [person?.id]);
  expect(person?.password).toBe(standing === "signed up" || standing === "nobody" ? null : "hash");
});

test("[SIGN-10] an address that is none, or is not said, lets nobody in, whatever the provider vouches for", async () => {
  for (const email of [null, "", "ann", "ann@", "*@listed.example"]) {
    const outcome = await enter({ issuer: "one", subject: "ann", email, isEmailVerified: true, name: null }, "");
    expect(isRefusal(outcome) && outcome.refused).toBe("address_unverified");
  }
  expect(store.people()).toHaveLength(1);
});

test("[SIGN-10] whom the provider knows is himself whatever his address has become there, and another provider's same name is somebody else", async () => {
  STANDINGS["known to the provider"](LISTED);
  const word = { subject: "ann", email: "new@listed.example", isEmailVerified: true, name: null };
  await enter({ ...word, issuer: "one" }, "");
  await enter({ ...word, issuer: "two" }, "");
  const [known, other] = admitted;
  expect(known?.id).toBe(ANN);
  expect(store.personByEmail("new@listed.example")?.id).toBe(other?.id);
  expect(other?.id).not.toBe(ANN);
});
