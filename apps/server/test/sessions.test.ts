/** Sessions and tokens: listed, ended, and what their end does to answers that are under way. */
import type { SessionList, SyncResponse, TokenList, TokenMade } from "@instep/protocol";
import Database from "better-sqlite3";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, readEvents, since, type Client } from "./client.ts";
import { PASSWORD, signIn, signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;
let phone: Someone;

beforeEach(async () => {
  app = await startForPeople({ env: { DEMO_TOKEN_DELAY_MS: "100" } });
  ann = await signUp(app.url, "ann");
  phone = await signIn(app.url, "ann");
});

afterEach(() => app.stop());

async function statusOf(client: Client): Promise<number> {
  return (await client.call("/api/me")).status;
}

async function makeToken(body: object): Promise<TokenMade> {
  const made = await ann.call<TokenMade>("/api/tokens", { body });
  if (made.status !== 201) throw new Error(made.text);
  return made.body;
}

function program(token: string): Client {
  return createClient(app.url, { authorization: `Bearer ${token}` });
}

/** Another process, such as the command line, changes the file. */
function changeElsewhere(sql: string): void {
  const db = new Database(join(app.dataDir, "accounts.sqlite"));
  db.exec(sql);
  db.close();
}

const ENDS: readonly (readonly [string, (phone: Someone) => Promise<unknown>])[] = [
  ["signs out", (phone) => phone.call("/api/auth/sign-out", { method: "POST" })],
  [
    "is ended from another device",
    async (phone) => {
      const { sessions } = (await phone.call<SessionList>("/api/sessions")).body;
      const current = sessions.find((session) => session.is_current);
      await ann.call(`/api/sessions/${current?.id ?? ""}`, { method: "DELETE" });
    },
  ],
  ["is ended with all others", () => ann.call("/api/sessions?others=true", { method: "DELETE" })],
  ["is ended with all", () => ann.call("/api/sessions", { method: "DELETE" })],
  [
    "is ended by a new password",
    () => ann.call("/api/auth/password", { body: { current_password: PASSWORD, new_password: "battery staple" } }),
  ],
  ["is ended by another process", async () => changeElsewhere("DELETE FROM access")],
  ["is ended by time", async () => changeElsewhere("UPDATE access SET expires_at = 1")],
];

/** Asks on and on, as a device does, and tells the status that ended it. */
async function holdUntilRefused(client: Client): Promise<number> {
  let last = await client.sync();
  for (;;) {
    const held = await client.call<SyncResponse>(`/api/conversations/sync?${since(last)}&wait=60`);
    if (held.status !== 200) return held.status;
    last = held.body;
  }
}

describe.each(ENDS)("a session that %s", (_, end) => {
  it("[SIGN-3] is refused within seconds, and its held question, its stream and its batch end", async () => {
    const { id } = await phone.create();
    const other = await phone.create();
    const stream = await phone.stream(id, { message: "Tell me a long story." });
    const held = holdUntilRefused(phone);
    const batch = phone.batch(other.id, { message: "Tell me another long story." });
    const events = readEvents(stream);
    await events.next();
    const startedAt = performance.now();
    await end(phone);
    const rest = async () => {
      for await (const event of events) if (event.event === "done") return "whole";
      return "ended";
    };
    const ended = rest().catch(() => "broken off");
    expect(["broken off", "ended"]).toContain(await ended);
    expect([await held, (await batch).status]).toEqual([401, 401]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await statusOf(phone)).toBe(401);
    expect((await phone.call("/api/conversations/sync")).status).toBe(401);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics, "nothing is held for it any more").toMatch(/^instep_held_requests 0$/m);
  });
});

describe("sessions", () => {
  it("[SIGN-6] are listed with their device, the present one marked, and nothing that lets in", async () => {
    const { text, body } = await phone.call<SessionList>("/api/sessions", { headers: { "user-agent": "A phone" } });
    expect(body.sessions.map((session) => session.is_current)).toEqual([false, true]);
    for (const { cookie } of [ann, phone]) expect(text).not.toContain(cookie.split("=")[1]);
  });

  it("[SIGN-6] end alone, the others going on", async () => {
    const sessions = (await ann.call<SessionList>("/api/sessions")).body.sessions;
    const other = sessions.find((session) => !session.is_current);
    expect((await ann.call(`/api/sessions/${other?.id ?? ""}`, { method: "DELETE" })).status).toBe(200);
    expect([await statusOf(ann), await statusOf(phone)]).toEqual([200, 401]);
    expect((await ann.call(`/api/sessions/${other?.id ?? ""}`, { method: "DELETE" })).body.code).toBe(
      "session_not_found",
    );
  });

  it("[SIGN-6] end everywhere at once, or everywhere else", async () => {
    expect((await ann.call("/api/sessions?others=perhaps", { method: "DELETE" })).status).toBe(400);
    expect((await ann.call("/api/sessions?others=true", { method: "DELETE" })).status).toBe(200);
    expect([await statusOf(ann), await statusOf(phone)]).toEqual([200, 401]);
    phone = await signIn(app.url, "ann");
    const out = await phone.call("/api/sessions", { method: "DELETE" });
    expect([out.status, out.headers.get("set-cookie")?.includes("Max-Age=0")]).toEqual([200, true]);
    expect([await statusOf(ann), await statusOf(phone)]).toEqual([401, 401]);
  });

  it("[SIGN-6] go on where another person's end", async () => {
    const bob = await signUp(app.url, "bob");
    await ann.call("/api/sessions", { method: "DELETE" });
    expect(await statusOf(bob)).toBe(200);
  });
});

describe("a new password", () => {
  it("[SIGN-6] needs the present one, is checked as the first was, and ends tokens and other sessions", async () => {
    const { token } = await makeToken({ name: "Backup" });
    const change = (current: string, chosen: string) =>
      ann.call("/api/auth/password", { body: { current_password: current, new_password: chosen } });
    expect((await change("incorrect horse", "battery staple")).body.code).toBe("sign_in_refused");
    expect((await change(PASSWORD, "short")).body).toMatchObject({ code: "invalid_body", field: "new_password" });
    expect([await statusOf(phone), await statusOf(program(token))]).toEqual([200, 200]);
    expect((await change(PASSWORD, "battery staple")).status).toBe(200);
    expect([await statusOf(ann), await statusOf(phone), await statusOf(program(token))]).toEqual([200, 401, 401]);
    await expect(signIn(app.url, "ann")).rejects.toThrow("sign_in_refused");
    expect(await statusOf(await signIn(app.url, "ann", "battery staple"))).toBe(200);
  });

  it("[SIGN-6] is not set with a token that nobody handed out", async () => {
    const body = { token: "made-up", password: "battery staple" };
    expect((await createClient(app.url).call("/api/auth/reset-password", { body })).body.code).toBe("reset_refused");
    await signIn(app.url, "ann");
  });

  it("[SIGN-4] [SIGN-6] is set with a link, however many sources try to guess one", async () => {
    const proxied = await startForPeople({ env: { TRUSTED_PROXIES: "127.0.0.1" } });
    const body = { token: "made-up", password: "battery staple" };
    const reset = async (source: number) => {
      const headers = { "x-forwarded-for": `192.0.2.${source}` };
      return (await createClient(proxied.url).call("/api/auth/reset-password", { body, headers })).body.code;
    };
    for (let attempt = 0; attempt < 120; attempt += 1) await reset(attempt % 20);
    expect(await reset(100)).toBe("reset_refused");
    for (let attempt = 0; attempt < 12; attempt += 1) await reset(101);
    expect(await reset(101)).toBe("too_many_attempts");
    await proxied.stop();
  });
});

describe("tokens", () => {
  it("[SIGN-5] are 200 of one person at most, and of those whose time is over none counts", async () => {
    changeElsewhere(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
      INSERT INTO access (id, hash, kind, person_id, name, created_at, used_at)
      SELECT 'token ' || i, 'hash ' || i, 'token', '${ann.user.id}', 'many', 1, 1 FROM n`);
    const make = async () => (await ann.call("/api/tokens", { body: { name: "one more" } })).status;
    expect([await make(), await make()]).toEqual([201, 403]);
    changeElsewhere("UPDATE access SET expires_at = 1 WHERE name = 'many'");
    expect(await make()).toBe(201);
  });

  it("[SIGN-5] let a program in as its person, are shown once, listed without, and end at once", async () => {
    const made = await makeToken({ name: "Backup", expires_in_days: 30 });
    expect(made.token).toMatch(/^instep_[\w-]{43}$/);
    const client = program(made.token);
    const { id } = await client.create("By a program");
    expect((await ann.open(id)).title).toBe("By a program");
    const list = await ann.call<TokenList>("/api/tokens");
    const { token, ...shown } = made;
    expect(list.body.tokens).toEqual([shown]);
    expect(list.text).not.toContain(token);
    expect(Date.parse(made.expires_at ?? "") - Date.parse(made.created_at)).toBe(30 * 86_400_000);
    const end = () => ann.call(`/api/tokens/${made.id}`, { method: "DELETE" });
    expect((await end()).status).toBe(200);
    expect(await statusOf(client)).toBe(401);
    expect((await end()).body.code).toBe("token_not_found");
  });

  it("[SIGN-5] are named without the space around, are found by an id in capitals, and outlive a sign-out by them", async () => {
    const { id, token } = await makeToken({ name: "  Backup  " });
    const out = await program(token).call("/api/auth/sign-out", { method: "POST" });
    expect([out.status, await statusOf(program(token))]).toEqual([200, 200]);
    const { tokens } = (await ann.call<TokenList>("/api/tokens")).body;
    expect(tokens.map(({ name }) => name)).toEqual(["Backup"]);
    expect((await ann.call(`/api/tokens/${id.toUpperCase()}`, { method: "DELETE" })).status).toBe(200);
    expect(await statusOf(program(token))).toBe(401);
  });

  it("[SIGN-3] [SIGN-5] are listed no more once their time is over, and neither are sessions, which are found by an id in capitals too", async () => {
    await makeToken({ name: "Lasting" });
    const { id } = await makeToken({ name: "Over", expires_in_days: 30 });
    const { sessions } = (await ann.call<SessionList>("/api/sessions")).body;
    const [over, other] = sessions.filter(({ is_current }) => !is_current);
    expect(other, "there is one besides the present one").toBeUndefined();
    changeElsewhere(`UPDATE access SET expires_at = 1 WHERE id = '${id}'`);
    expect((await ann.call<TokenList>("/api/tokens")).body.tokens.map(({ name }) => name)).toEqual(["Lasting"]);
    const third = await signIn(app.url, "ann");
    changeElsewhere(`UPDATE access SET expires_at = 1 WHERE id = '${over?.id}'`);
    const left = (await ann.call<SessionList>("/api/sessions")).body.sessions;
    expect(left.map(({ id: kept }) => kept)).not.toContain(over?.id);
    const last = left.find(({ is_current }) => !is_current);
    expect((await ann.call(`/api/sessions/${last?.id.toUpperCase()}`, { method: "DELETE" })).status).toBe(200);
    expect(await statusOf(third)).toBe(401);
  });

  it("[SIGN-5] end when their time is over, and without one never", async () => {
    const brief = program((await makeToken({ name: "Brief", expires_in_days: 0.5 / 86_400 })).token);
    const lasting = await makeToken({ name: "Lasting" });
    expect(lasting.expires_at).toBeNull();
    await expect.poll(() => statusOf(brief), { timeout: 15_000 }).toBe(401);
    expect(await statusOf(program(lasting.token))).toBe(200);
    expect((await ann.call<TokenList>("/api/tokens")).body.tokens.map(({ name }) => name)).toEqual(["Lasting"]);
  });

  it("[SIGN-5] make nothing that outlasts them, and end no session", async () => {
    const { id, token } = await makeToken({ name: "Backup" });
    const client = program(token);
    const refused = [
      await client.call("/api/tokens", { body: { name: "Another" } }),
      await client.call("/api/sessions", { method: "DELETE" }),
      await client.call("/api/auth/password", { body: { current_password: PASSWORD, new_password: "battery staple" } }),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, "forbidden"]));
    expect((await client.call(`/api/tokens/${id}`, { method: "DELETE" })).status, "it may end itself").toBe(200);
    expect([await statusOf(client), await statusOf(phone)]).toEqual([401, 200]);
  });

  it("[SIGN-5] are no session's cookie, and a wrong one is not made good by a cookie", async () => {
    const { token } = await makeToken({ name: "Backup" });
    expect(await statusOf(createClient(app.url, { cookie: `instep_session=${token}` }))).toBe(401);
    expect(await statusOf(createClient(app.url, { cookie: ann.cookie, authorization: "Bearer wrong" }))).toBe(401);
  });

  it.each([
    {},
    { name: "" },
    { name: "  " },
    { name: "x".repeat(201) },
    { name: "A", expires_in_days: 0 },
    { name: "A", expires_in_days: -1 },
    { name: "A", expires_in_days: "x" },
  ])("[SIGN-5] are not made of %j", async (body) => expect((await ann.call("/api/tokens", { body })).status).toBe(400));

  it("[SIGN-5] [SAFE-3] are listed, as sessions are, where nothing can be written: what has ended is left out all the same", async () => {
    for (const name of ["Ended", "Backup"]) await makeToken({ name });
    changeElsewhere("UPDATE access SET expires_at = 1 WHERE name = 'Ended'");
    changeElsewhere("CREATE TRIGGER full BEFORE DELETE ON access BEGIN SELECT raise(FAIL, 'no room'); END");
    const tokens = await ann.call<TokenList>("/api/tokens");
    expect([tokens.status, tokens.body.tokens.map(({ name }) => name)]).toEqual([200, ["Backup"]]);
    const sessions = await ann.call<SessionList>("/api/sessions");
    expect([sessions.status, sessions.body.sessions.length]).toEqual([200, 2]);
  });

  it("[SIGN-5] are kept so that their file lets nobody in", async () => {
    const { token } = await makeToken({ name: "Backup" });
    const db = new Database(join(app.dataDir, "accounts.sqlite"), { readonly: true });
    const everything = JSON.stringify(
      ["access", "person", "password_reset"].map((table) => db.prepare(`SELECT * FROM ${table}`).all()),
    );
    db.close();
    for (const secret of [token, ann.cookie.split("=")[1] ?? "", PASSWORD]) expect(everything).not.toContain(secret);
  });
});
