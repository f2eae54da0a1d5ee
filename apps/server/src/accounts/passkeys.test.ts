/** The rules of passkeys around what the library proves: whom a proven key lets in, what counts, and what is used up. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId, NewPasskey, PasskeySignIn } from "@instep/protocol";
import { isRefusal } from "@instep/sync-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attemptOf, type Attempt } from "./attempt-limiter.ts";
import { createPasskeys, type PasskeyProof, type Passkeys } from "./passkeys.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

const ANN = "ann" as AccountId;
const PARTY = { id: "chat.example", origin: "https://chat.example" };
const ASKED = { party: PARTY, browser: "a browser", source: "192.0.2.1", device: "a device" };
const COUNTED = 5;

let folder: string;
let store: AccountStore;
let passkeys: Passkeys;
let isAllowed: boolean;
let waitS: number;
let taken: Attempt[];
let forgiven: Attempt[];
let admitted: AccountId[];
let refused: string[];
/** What the library says that the passkey has signed for; null: it refuses. */
let proven: number | null;
/** What the library does with a key that is made. */
let provenKey: () => never;
/** What happens while the library works. */
let meanwhile: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-passkey-rules-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
  [isAllowed, waitS, taken, forgiven, admitted, refused, proven] = [true, 0, [], [], [], [], COUNTED + 1];
  meanwhile = () => undefined;
  const unused = (): never => {
    throw new Error("nobody asks for this");
  };
  const proof: PasskeyProof = {
    ALGORITHMS: [],
    provenKey: async () => provenKey(),
    provenCounter: async () => {
      meanwhile();
      if (proven === null) throw new Error('it said "something secret", which is wrong');
      return proven;
    },
  };
  provenKey = unused;
  passkeys = createPasskeys({
    store,
    proof,
    now: () => 9,
    isAllowed: () => isAllowed,
    limiter: { take: (attempt) => (taken.push(attempt), waitS), forgive: (attempt) => void forgiven.push(attempt) },
    passwords: { confirm: unused },
    challenges: { issue: unused, spend: () => true },
    admit: async ({ id, email }) => (admitted.push(id), { user: { id, email, name: "" }, token: "token" }),
    onRefused: (why) => void refused.push(why),
  });
  store.addPerson({ id: ANN, email: "ann@example.com", password: null, createdAt: 1 });
  store.addAccess(
    { id: "s", kind: "session", personId: ANN, name: "", createdAt: 1, usedAt: 1, expiresAt: null },
    "hash",
  );
  const kept = { id: "key", personId: ANN, name: "", host: PARTY.id, credential: "credential", userHandle: "" };
  store.addPasskey({ ...kept, publicKey: new Uint8Array([1]), counter: COUNTED, createdAt: 1, usedAt: null }, "s");
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(asked: Partial<typeof ASKED> | { readonly browser: null } = {}, id = "credential") {
  const response = { id } as PasskeySignIn["response"];
  const outcome = await passkeys.finishSignIn(response, { ...ASKED, ...asked });
  return isRefusal(outcome) ? outcome.refused : "in";
}

const attempt = attemptOf(ASKED.source);

test("[SIGN-11] [SIGN-4] a passkey that is right lets its person in, is no attempt, and its use is noted", async () => {
  expect(await signIn()).toBe("in");
  expect([admitted, taken, forgiven]).toEqual([[ANN], [attempt], [attempt]]);
  expect(store.passkeyByCredential("credential")).toMatchObject({ counter: COUNTED + 1, usedAt: 9 });
});

test.each<[string, () => Promise<string>]>([
  ["that nobody has", () => signIn({}, "another")],
  ["of another host", () => signIn({ party: { id: "other.example", origin: "https://other.example" } })],
  ["from a browser that asked for none", () => signIn({ browser: null })],
  ["that the library refuses", () => ((proven = null), signIn())],
  ["whose count stands still", () => ((proven = COUNTED), signIn())],
  ["whose count goes back", () => ((proven = COUNTED - 1), signIn())],
  ["that stopped counting", () => ((proven = 0), signIn())],
  [
    "that another sign-in with the same count was quicker with",
    () => ((meanwhile = () => void store.usePasskey("key", COUNTED + 1, 8)), signIn()),
  ],
  ["that was removed meanwhile", () => ((meanwhile = () => void store.removePasskey(ANN, "key")), signIn())],
  ["whose person was removed meanwhile", () => ((meanwhile = () => store.removePerson(ANN)), signIn())],
])("[SIGN-11] [SIGN-4] one %s lets nobody in, and counts", async (_what, tried) => {
  expect(await tried()).toBe("passkey_refused");
  expect([admitted, taken, forgiven]).toEqual([[], [attempt], []]);
});

test("[SIGN-11] [SIGN-1] whose person is off the list is out, though it was right", async () => {
  isAllowed = false;
  expect([await signIn(), admitted]).toEqual(["address_refused", []]);
});

test("[SIGN-4] where there were too many, nothing is looked at", async () => {
  waitS = 7;
  meanwhile = () => expect.unreachable("the library was asked");
  expect([await signIn(), admitted, forgiven]).toEqual(["too_many_attempts", [], []]);
  expect(store.passkeyByCredential("credential")?.counter).toBe(COUNTED);
});

test("[SIGN-11] [SAFE-3] why the library refused is told without what was sent", async () => {
  proven = null;
  await signIn();
  expect(refused).toEqual(["it said …, which is wrong"]);
});

test.each<[string, () => void]>([
  ["is asked for its challenge", () => (meanwhile = () => outOfOrder("SQLITE_FULL"))],
  ["notes the use", () => (store.usePasskey = () => outOfOrder("SQLITE_IOERR_WRITE"))],
  ["is asked who it is", () => (store.person = () => outOfOrder("STORAGE_GONE"))],
])(
  "[SIGN-4] [SAFE-3] a store that is out of order when it %s says so, and neither refuses nor counts",
  async (...row) => {
    const [, breakStore] = row;
    breakStore();
    await expect(signIn()).rejects.toThrow("out of order");
    expect([admitted, refused, forgiven]).toEqual([[], [], [attempt]]);
  },
);

test("[SAFE-3] one that is made while the store is out of order is not said to have been made wrongly", async () => {
  const access = store.accessesOf(ANN, "session")[0];
  if (access === undefined) throw new Error("there is no session");
  provenKey = () => outOfOrder("SQLITE_FULL");
  const made = passkeys.finishAdding(access, { name: "", response: {} as NewPasskey["response"] }, PARTY);
  await expect(made).rejects.toThrow("out of order");
  expect(refused).toEqual([]);
});

function outOfOrder(code: string): never {
  throw Object.assign(new Error("out of order"), { code });
}
