/** Subscriptions as they are kept: each browser once, whoever they belong to. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAccountStore, openLocalPushStore } from "./sqlite-account-store.ts";
import type { PushStore } from "../../push/push-store.ts";

const ANN = "ann" as AccountId;
const ENDPOINT = "https://push.example/a";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-push-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Both ways in which they are kept, with the session that Ann's have. */
const STORES: Readonly<Record<string, (use: (push: PushStore, sessionId: string | null) => void) => void>> = {
  "beside the sessions": (use) => {
    const store = openAccountStore(join(folder, "accounts.sqlite"));
    store.addPerson({ id: ANN, email: "ann@example.com", password: null, createdAt: 1 });
    const session = { id: "session", kind: "session", personId: ANN, name: "" } as const;
    store.addAccess({ ...session, createdAt: 1, usedAt: 1, expiresAt: null }, "hash");
    use(store.push, session.id);
    store.close();
  },
  "of the local account": (use) => {
    const store = openLocalPushStore(join(folder, "push.sqlite"));
    use(store, null);
    store.close();
  },
};

test.each(Object.entries(STORES))(
  "[PUSH-1] %s: a browser that subscribes again is kept once, with its newest keys",
  (_, open) => {
    open((push, sessionId) => {
      const add = (endpoint: string, auth: string, more = {}) =>
        push.add({ endpoint, keys: { p256dh: "p", auth }, accountId: ANN, sessionId, ...more }, 1);
      const kept = () => push.of(ANN, 1).map(({ endpoint, keys }) => [endpoint, keys.auth]);
      add(ENDPOINT, "first");
      add(ENDPOINT, "first");
      add(ENDPOINT, "second");
      expect(kept()).toEqual([[ENDPOINT, "second"]]);
      add(`${ENDPOINT}/new`, "third", { replaces: ENDPOINT });
      expect(kept()).toEqual([[`${ENDPOINT}/new`, "third"]]);
    });
  },
);

test("[PUSH-1] [SIGN-3] a session that has ended by itself is told nothing any more, though nobody has asked with it since", () => {
  const store = openAccountStore(join(folder, "accounts.sqlite"));
  store.addPerson({ id: ANN, email: "ann@example.com", password: null, createdAt: 1 });
  const endpoints = [null, 50, 100].map((expiresAt) => {
    const session = { id: `until ${expiresAt}`, kind: "session", personId: ANN, name: "" } as const;
    store.addAccess({ ...session, createdAt: 1, usedAt: 1, expiresAt }, session.id);
    const endpoint = `${ENDPOINT}/${expiresAt}`;
    store.push.add({ endpoint, keys: { p256dh: "p", auth: session.id }, accountId: ANN, sessionId: session.id }, 1);
    return endpoint;
  });
  const told = (now: number) => store.push.of(ANN, now).map(({ endpoint }) => endpoint);
  expect(told(49)).toEqual(endpoints);
  expect(told(50)).toEqual([endpoints[0], endpoints[2]]);
  expect(told(100)).toEqual([endpoints[0]]);
  store.close();
});
