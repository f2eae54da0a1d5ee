/** What `users` says and does to whom, in this process: marks, limits in time, and what it refuses without a change. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId, ConversationId } from "@instep/protocol";
import type { Engine } from "@instep/sync-server";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LOCAL_ACCOUNT } from "../src/accounts/accounts.ts";
import { markOf } from "../src/accounts/auth-secret.ts";
import { hashToken } from "../src/accounts/sessions.ts";
import type { AccountStore } from "../src/accounts/storage/account-store.ts";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import { CommandError, type CommandContext } from "../src/cli/command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { usersCommand } from "../src/cli/users-command.ts";
import { readSettings } from "../src/settings/config.ts";
import { openEngine } from "../src/open-engine.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const SECRET = "a-secret-for-the-test";
const ANN = "00000000-0000-4000-8000-00000000000a" as AccountId;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-users-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settingsWith(env: Readonly<Record<string, string>>) {
  const given = { DATA_DIR: folder, ALLOWED_EMAILS: "*@listed.example", AUTH_SECRET: SECRET, ...env };
  const { settings, fault } = readSettings(given);
  if (settings === null) throw new Error(fault);
  return settings;
}

async function users(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const printed: string[] = [];
  const line = new TerminalLine(process.stderr, () => NOW);
  const print = (said: string) => printed.push(said);
  const context: CommandContext = { settings: settingsWith(env), file: "", words, line, print, now: () => NOW };
  await usersCommand.run(context);
  return printed;
}

function withStore<T>(use: (store: AccountStore) => T): T {
  const store = openAccountStore(join(folder, "accounts.sqlite"));
  try {
    return use(store);
  } finally {
    store.close();
  }
}

function addPerson(email: string, id: string = email): void {
  withStore((store) => store.addPerson({ id: id as AccountId, email, password: null, createdAt: NOW }));
}

test("[SIGN-8] the list says who is the administrator, who is off the list, and who is invited and has not come yet", async () => {
  withStore(() => undefined);
  expect(await users(["list"])).toEqual(["Nobody has an account yet."]);
  for (const email of ["a@listed.example", "b@other.example", "c@other.example"]) addPerson(email);
  for (const email of ["c@other.example", "d@other.example"]) await users(["invite", email]);
  expect(await users(["list"])).toEqual([
    "a@listed.example  since 2026-01-01  administrator",
    "b@other.example  since 2026-01-01  not on the list",
    "c@other.example  since 2026-01-01",
    "d@other.example  invited",
  ]);
});

test("[SIGN-8] a link holds for a day, and not a millisecond longer", async () => {
  addPerson("a@listed.example");
  const takenAt = async (at: number) => {
    const [link = ""] = await users(["reset", "a@listed.example"], { PUBLIC_URL: "https://chat.example.org" });
    const [, token = ""] = /^https:\/\/chat\.example\.org\/#reset=([\w-]{43})$/.exec(link) ?? [];
    return withStore((store) => store.takeReset(hashToken(SECRET, token), at));
  };
  const day = 86_400_000;
  expect([await takenAt(NOW + day - 1), await takenAt(NOW + day)]).toEqual(["a@listed.example", null]);
});

test("[SIGN-8] a link leads where people reach the server: by HTTPS where it has a certificate", async () => {
  addPerson("a@listed.example");
  const originWith = async (env: Readonly<Record<string, string>>) =>
    (await users(["reset", "a@listed.example"], { HOST: "127.0.0.1", PORT: "4000", ...env }))[0]?.split("/#")[0];
  const tls = { TLS_CERT: join(folder, "cert.pem"), TLS_KEY: join(folder, "key.pem") };
  expect([await originWith({}), await originWith(tls)]).toEqual(["http://127.0.0.1:4000", "https://127.0.0.1:4000"]);
});

test.each([
  [
    "another one",
    "another-secret-for-the-test",
    /^The secret here is another one than the server's, which would refuse/,
  ],
  [
    "none",
    "",
    /^The server's secret is not here, which would refuse the link; set AUTH_SECRET as the server has it\.$/,
  ],
])(
  "[SIGN-8] [SAFE-3] no link is made with %s than the server's secret, nor is a secret",
  async (_what, secret, refusal) => {
    addPerson("a@listed.example");
    withStore((store) => store.useSecret(markOf(SECRET), false));
    const refused = await users(["reset", "a@listed.example"], { AUTH_SECRET: secret }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(CommandError);
    expect(String(refused)).toMatch(new RegExp(refusal.source.replace("^", "^CommandError: ")));
    expect(existsSync(join(folder, "auth-secret"))).toBe(false);
    expect(await users(["reset", "a@listed.example"])).toHaveLength(3);
  },
);

test("[SIGN-8] before a server has ever used a secret, the one that a link is made with is kept for it", async () => {
  addPerson("a@listed.example");
  const [link = ""] = await users(["reset", "a@listed.example"], { AUTH_SECRET: "" });
  const kept = readFileSync(join(folder, "auth-secret"), "utf8").trim();
  const token = link.split("#reset=")[1] ?? "";
  expect(withStore((store) => store.takeReset(hashToken(kept, token), NOW))).toBe("a@listed.example");
});

test("[SIGN-8] whoever invites where nobody can sign in yet is told what is missing", async () => {
  const told = "Set ALLOWED_EMAILS too: without it there is one local account.";
  expect(await users(["invite", "a@other.example"], { ALLOWED_EMAILS: "" })).toContain(told);
  expect(await users(["invite", "a@other.example"])).not.toContain(told);
});

test.each(["frobnicate", "constructor", "toString", "__proto__", "hasOwnProperty", ""])(
  "[SIGN-8] %j is no task, whatever objects have besides",
  (name) => {
    const lengths = [[], ["a@listed.example"]];
    expect(lengths.map((words) => usersCommand.more?.accepts([name, ...words]))).toEqual([false, false]);
  },
);

test("[SIGN-8] who is removed is no longer invited, and where the list still lets the address in that is said", async () => {
  for (const email of ["a@listed.example", "b@other.example"]) addPerson(email);
  for (const email of ["b@other.example", "c@other.example"]) await users(["invite", email]);
  expect(await users(["remove", "a@listed.example"])).toEqual([
    "a@listed.example is gone, with all conversations.",
    "ALLOWED_EMAILS still lets the address sign up anew.",
  ]);
  expect(await users(["remove", "b@other.example"])).toEqual(["b@other.example is gone, with all conversations."]);
  expect(await users(["remove", "c@other.example"])).toEqual(["c@other.example is no longer invited."]);
  expect(withStore((store) => [store.people(), store.invited()])).toEqual([[], []]);
  await expect(users(["remove", "c@other.example"])).rejects.toThrow(CommandError);
});

/** Does something with the conversations' database. */
async function withEngine<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine(settingsWith({}), { defaultModel: "" });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** The local account's one conversation, and one of a person's, in the trash or not; none where `of` is null. */
async function fill(of: "list" | "trash" | null): Promise<void> {
  const ids = [LOCAL_ACCOUNT.id, ANN].map(
    (account, index) => [account, `00000000-0000-4000-8000-00000000000${index}` as ConversationId] as const,
  );
  await withEngine(async (engine) => {
    for (const [account, id] of ids) {
      await engine.ensureAccount({ id: account, email: null, name: "Somebody", unreadScope: "device" });
      if (account === ANN && of === null) continue;
      await engine.create(account, { id });
      if (account === ANN && of === "trash") await engine.trash(account, id);
    }
  });
}

const held = (account: AccountId) =>
  withEngine(async (engine) => (await engine.listById(account, { afterId: "", limit: 10 })).conversations.length);

function accounts(): readonly unknown[] {
  const db = new Database(join(folder, "instep.sqlite"), { readonly: true });
  const ids = db.prepare("SELECT id FROM account").pluck().all();
  db.close();
  return ids;
}

test.each(["list", "trash"] as const)(
  "[SIGN-8] the local account's conversations go to nobody who has one of his own in the %s, and to one person only",
  async (of) => {
    addPerson("ann@listed.example", ANN);
    await fill(of);
    await expect(users(["adopt", "ann@listed.example"])).rejects.toThrow(
      /^ann@listed\.example has conversations already;/,
    );
    expect([await held(LOCAL_ACCOUNT.id), await held(ANN)]).toEqual([1, of === "list" ? 1 : 0]);
  },
);

test("[SIGN-8] whoever has none takes over the local account, and after that nobody does", async () => {
  addPerson("ann@listed.example", ANN);
  addPerson("bob@listed.example");
  await fill(null);
  expect(await users(["adopt", "ann@listed.example"])).toEqual([
    "ann@listed.example has the conversations of the local account now.",
  ]);
  expect(withStore((store) => store.personByEmail("ann@listed.example")?.id)).toBe(LOCAL_ACCOUNT.id);
  expect(await held(LOCAL_ACCOUNT.id)).toBe(1);
  expect(accounts(), "nothing is left of what nobody can reach any more").toEqual([LOCAL_ACCOUNT.id]);
  await expect(users(["adopt", "bob@listed.example"])).rejects.toThrow(/^ann@listed\.example has the local account's/);
  expect(withStore((store) => store.personByEmail("bob@listed.example")?.id)).toBe("bob@listed.example");
});

const presetsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `${name}-${index}`,
    name: `${name} ${index}`,
    instructions: "x",
  }));

/** Somebody with a name, a scope and presets of his own, beside a local account with one conversation and presets. */
async function fillBeside(own: number, local: number): Promise<void> {
  addPerson("ann@listed.example", ANN);
  await fill(null);
  await withEngine(async (engine) => {
    await engine.ensureAccount({ id: ANN, email: "ann@listed.example", name: "ann", unreadScope: "device" });
    await engine.updateAccount(ANN, { name: "Ann of Green Gables", unreadScope: "account" });
    await engine.importPresets(ANN, presetsOf("own", own));
    await engine.importPresets(LOCAL_ACCOUNT.id, presetsOf("local", local));
  });
}

const localAccount = () =>
  withEngine(async (engine) => {
    const { presets } = await engine.presets(LOCAL_ACCOUNT.id);
    return [await engine.account(LOCAL_ACCOUNT.id), presets.map(({ id }) => id)];
  });

test("[SIGN-8] [PRESET-1] who takes over the local account brings presets, name and scope along", async () => {
  await fillBeside(2, 1);
  await users(["adopt", "ann@listed.example"]);
  expect(await localAccount()).toEqual([
    expect.objectContaining({ name: "Ann of Green Gables", unreadScope: "account" }),
    ["local-0", "own-0", "own-1"],
  ]);
});

test("[SIGN-8] [PRESET-1] where all presets don't fit, nothing is changed", async () => {
  await fillBeside(30, 30);
  await expect(users(["adopt", "ann@listed.example"])).rejects.toThrow(
    /have over 50 presets; delete some, then adopt\.$/,
  );
  const [account, ids] = await localAccount();
  expect(account).toMatchObject({ name: "Somebody" });
  expect(ids).toHaveLength(30);
  expect(await withEngine(async (engine) => (await engine.presets(ANN)).presets)).toHaveLength(30);
});

test.each(["list", null] as const)(
  "[SIGN-8] [SIGN-7] whose leaving was cut short doesn't take the local account along at the next start, with %s of his own left",
  async (of) => {
    addPerson("ann@listed.example", ANN);
    await fill(of);
    withStore((store) => store.beginLeaving(ANN));
    await users(["adopt", "ann@listed.example"]);
    expect([withStore((store) => store.leaving()), accounts()]).toEqual([[], [LOCAL_ACCOUNT.id]]);
    expect(withStore((store) => store.personByEmail("ann@listed.example")?.id)).toBe(LOCAL_ACCOUNT.id);
    expect(await held(LOCAL_ACCOUNT.id)).toBe(1);
  },
);

/** Where a kill may come, as the statement that is not run any more. */
const KILLS = {
  "before the person's account is erased": ["instep.sqlite", "DELETE ON account"],
  "before the person is moved": ["accounts.sqlite", "UPDATE OF id ON person"],
} as const;

function onFile(file: string, sql: string): void {
  const db = new Database(join(folder, file));
  db.exec(sql);
  db.close();
}

test.each(Object.entries(KILLS))(
  "[SIGN-8] [PRESET-1] killed %s, it brings everything along once when it is done again, and both of two presets with one id",
  async (_, [file, statement]) => {
    await fillBeside(2, 1);
    await withEngine(async (engine) => {
      await engine.importPresets(LOCAL_ACCOUNT.id, [{ id: "both", name: "Both", instructions: "the local account's" }]);
      await engine.importPresets(ANN, [{ id: "both", name: "Both", instructions: "her own" }]);
    });
    onFile(file, `CREATE TRIGGER killed BEFORE ${statement} BEGIN SELECT RAISE(ABORT, 'killed'); END`);
    await expect(users(["adopt", "ann@listed.example"])).rejects.toThrow("killed");
    onFile(file, "DROP TRIGGER killed");
    await users(["adopt", "ann@listed.example"]);
    const [account] = await localAccount();
    expect(account).toMatchObject({ name: "Ann of Green Gables", unreadScope: "account" });
    const { presets } = await withEngine((engine) => engine.presets(LOCAL_ACCOUNT.id));
    const said = presets.map(({ name, instructions }) => `${name}: ${instructions}`).toSorted();
    expect(said).toEqual(["Both: her own", "Both: the local account's", "local 0: x", "own 0: x", "own 1: x"]);
  },
);

test.each([
  ["You", "new"],
  ["Somebody", "Somebody"],
])("[SIGN-8] where the address has no account yet, a local account called %s is called %s", async (before, after) => {
  await withEngine((engine) => engine.ensureAccount({ ...LOCAL_ACCOUNT, name: before }));
  await users(["adopt", "new@listed.example"]);
  const [account] = await localAccount();
  expect(account).toMatchObject({ name: after });
});

test("[SIGN-8] where the address has no account yet, it gets the local one, and is told how to get a password", async () => {
  await fill(null);
  expect(await users(["adopt", "New@listed.example"])).toEqual([
    "new@listed.example has the conversations of the local account now.",
    "Set a password with: npm run instep -- users reset new@listed.example",
  ]);
  expect(withStore((store) => store.people())).toMatchObject([{ id: LOCAL_ACCOUNT.id, isAdministrator: true }]);
});
