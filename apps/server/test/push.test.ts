/** Pushes end to end: who is told of a reply, who isn't, how often, and what a push service gets to see. */
import type { PushKey, TokenMade } from "@instep/protocol";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import { createClient, since, type Client } from "./client.ts";
import { openFilesUnder } from "./open-files.ts";
import { startOpenAiFake } from "./openai-fake.ts";
import { PASSWORD, signUp, startForPeople, type Someone } from "./people.ts";
import { startPushService, type PushService } from "./push-service.ts";
import { startApp, type StartedApp } from "./start-app.ts";

const SUBSCRIPTIONS = "/api/push/subscriptions";

let service: PushService;
let app: StartedApp;
let folder: string;
let key = "";
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-push-"));
  service = await startPushService(() => key);
});
afterEach(async () => {
  await app.stop();
  service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await startForPeople({ pushPorts: service.ports, env: { DATA_DIR: folder, ...env } });
}

/** A person with a browser that is told, and a program of theirs that sends: nobody looks. */
interface Told {
  readonly browser: Someone;
  readonly program: Client;
  readonly token: string;
  readonly subscription: ReturnType<PushService["subscribe"]>;
}

async function enter(name: string): Promise<Told> {
  const browser = await signUp(app.url, name);
  const { token } = (await browser.call<TokenMade>("/api/tokens", { body: { name: "A program" } })).body;
  const program = programWith(token);
  key = (await browser.call<PushKey>("/api/push/key")).body.public_key;
  const subscription = service.subscribe();
  expect((await browser.call(SUBSCRIPTIONS, { body: subscription })).status).toBe(200);
  return { browser, program, token, subscription };
}

function programWith(token: string): Client {
  return createClient(app.url, { authorization: `Bearer ${token}` });
}

async function untilRunning(sender: Client, id: string): Promise<string> {
  for (;;) {
    const { active_reply } = await sender.open(id);
    if (active_reply) return active_reply.reply_id;
  }
}

/** A whole reply in a conversation of that title. */
async function reply(sender: Client, title: string): Promise<string> {
  const { id } = await sender.create(title);
  expect((await sender.batch(id, { message: "marmalade" })).status).toBe(200);
  return id;
}

const titles = () => service.pushed.map(({ text }) => (JSON.parse(text) as { title: string }).title);

describe("a reply that is ready while nobody looks", () => {
  it("[PUSH-1] is told once to each browser of its account, by its conversation's title and no word of it", async () => {
    await start();
    const ann = await enter("ann");
    const second = service.subscribe();
    await ann.browser.call(SUBSCRIPTIONS, { body: second });
    await ann.browser.call(SUBSCRIPTIONS, { body: second });
    await enter("bob");
    const id = await reply(ann.program, "Quince");
    await service.until(2);
    await reply(ann.program, "Sentinel");
    await service.until(4);
    const told = service.pushed.filter(({ text }) => text.includes("Quince"));
    expect(told.map(({ path }) => path).sort()).toEqual(
      [ann.subscription.endpoint, second.endpoint].map((endpoint) => new URL(endpoint).pathname).sort(),
    );
    for (const { text } of told) {
      expect(JSON.parse(text)).toEqual({ conversation_id: id, title: "Quince", kind: "complete" });
    }
    expect([service.faults, service.asked]).toEqual([[], 4]);
  });

  it("[PUSH-1] has one topic for a conversation, which doesn't name it", async () => {
    await start();
    const { program } = await enter("ann");
    const id = await reply(program, "Quince");
    await program.batch(id, { message: "more" });
    await reply(program, "Pear");
    await service.until(3);
    const topics = service.pushed.map(({ topic }) => topic);
    expect(new Set(topics).size).toBe(2);
    for (const topic of topics) expect(topic).toMatch(/^[\w-]{32}$/);
  });

  it("[PUSH-1] is told where it failed, and not where it was stopped", async () => {
    const model = await startOpenAiFake();
    await start({ OPENAI_BASE_URL: model.baseUrl, MODELS: "m", TITLES: "words" });
    const { program } = await enter("ann");
    const stopped = await program.create("Stopped");
    model.behave({ kind: "silent", words: 2 });
    const running = program.batch(stopped.id, { message: "marmalade" });
    const replyId = await untilRunning(program, stopped.id);
    await program.call(`/api/conversations/${stopped.id}/chat/replies/${replyId}/stop`, { method: "POST" });
    await running;
    model.behave({ kind: "status", status: 401 });
    const failed = await program.create("Failed");
    await program.batch(failed.id, { message: "marmalade" });
    await service.until(1);
    await model.close();
    expect(service.pushed.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
      { conversation_id: failed.id, title: "Failed", kind: "failed" },
    ]);
  });

  it("[PUSH-1] is told once over a new start, with the key that browsers know, which is its owner's alone", async () => {
    await start();
    const { program, browser, token } = await enter("ann");
    service.answerWith("hang");
    await reply(program, "Quince");
    await service.until(1);
    await app.leave();
    await start();
    const session = createClient(app.url, { cookie: browser.cookie });
    expect((await session.call<PushKey>("/api/push/key")).body.public_key).toBe(key);
    expect(statSync(join(folder, "push-key")).mode & 0o777).toBe(0o600);
    await reply(programWith(token), "Sentinel");
    await service.until(2);
    expect([titles(), service.asked]).toEqual([["Sentinel"], 2]);
  });

  it("[PUSH-1] is not told where the program's stop cut it short", async () => {
    await start({ DEMO_TOKEN_DELAY_MS: "1000", STOP_GRACE_SECONDS: "0" });
    const { program, token } = await enter("ann");
    const { id } = await program.create("Cut short");
    void program.batch(id, { message: "marmalade" }).catch(() => null);
    await untilRunning(program, id);
    await app.leave();
    await start();
    const again = programWith(token);
    expect((await again.open(id)).messages.at(-1)?.status).toBe("interrupted");
    await reply(again, "Sentinel");
    await service.until(1);
    expect(titles()).toEqual(["Sentinel"]);
  });

  it("[PUSH-1] is told to the local account too, whose subscriptions have no session", async () => {
    app = await startApp({ pushPorts: service.ports, env: { DATA_DIR: folder } });
    const local = createClient(app.url);
    key = (await local.call<PushKey>("/api/push/key")).body.public_key;
    const [first, second] = [service.subscribe(), service.subscribe()];
    for (const body of [first, second]) await local.call(SUBSCRIPTIONS, { body });
    await local.call(SUBSCRIPTIONS, { method: "DELETE", body: { endpoint: first.endpoint } });
    await reply(local, "Quince");
    await service.until(1);
    expect(service.pushed.map(({ path }) => path)).toEqual([new URL(second.endpoint).pathname]);
    expect(statSync(join(folder, "push.sqlite")).mode & 0o777).toBe(0o600);
    await app.stop();
    expect(openFilesUnder(folder)).toEqual([]);
  });
});

describe("a device that looks", () => {
  it.each(["holds a question", "polls", "watches the reply"])(
    "[PUSH-1] and %s keeps its account from being told",
    async (how) => {
      await start({ DEMO_TOKEN_DELAY_MS: how === "watches the reply" ? "5" : "0" });
      const ann = await enter("ann");
      const bob = await enter("bob");
      const leaving = new AbortController();
      const looks = async (): Promise<unknown> => {
        if (how === "polls") return ann.browser.sync();
        if (how === "watches the reply") {
          const { id } = await ann.browser.create("Watched");
          const stream = await ann.browser.stream(id, { message: "marmalade", signal: leaving.signal });
          return void stream.text();
        }
        const first = await ann.program.sync();
        const path = `/api/conversations/sync?${since(first)}&wait=20`;
        void ann.browser.call(path, { signal: leaving.signal }).catch(() => null);
        return untilHeld();
      };
      await looks();
      await reply(ann.program, "Seen");
      await reply(bob.program, "Sentinel");
      await service.until(1);
      expect(titles()).toEqual(["Sentinel"]);
    },
  );

  it("[PUSH-1] is a person's, never a program with a token: its account is told whatever that asks and watches", async () => {
    await start({ DEMO_TOKEN_DELAY_MS: "5" });
    const { program } = await enter("ann");
    await program.sync();
    const { id } = await program.create("Watched by a program");
    await (await program.stream(id, { message: "marmalade" })).text();
    await service.until(1);
    expect(titles()).toEqual(["Watched by a program"]);
  });

  async function untilHeld(): Promise<void> {
    for (;;) {
      const { text } = await createClient(app.url).call("/metrics");
      if (/instep_held_requests(?:\{[^}]*\})? 1\b/.test(text)) return;
    }
  }
});

describe("a subscription", () => {
  it("[PUSH-1] ends with the push service's word that it is gone, and gets a second try where the service has no time", async () => {
    await start();
    const { program } = await enter("ann");
    service.answerWith(503);
    await reply(program, "Twice");
    await service.until(2);
    expect(titles()).toEqual(["Twice"]);
    service.answerWith(410);
    await reply(program, "Gone");
    await service.until(3);
    const bob = await enter("bob");
    await reply(program, "Nobody's");
    await reply(bob.program, "Sentinel");
    await service.until(4);
    expect([titles(), service.asked]).toEqual([["Twice", "Sentinel"], 4]);
  });

  it("[PUSH-1] is not sent on to where a service leads, and a refusal is not tried again", async () => {
    await start();
    const { program } = await enter("ann");
    service.answerWith(307, 403);
    await reply(program, "Led on");
    await reply(program, "Refused");
    await reply(program, "Sentinel");
    await service.until(3);
    expect([titles(), service.asked]).toEqual([["Sentinel"], 3]);
  });

  it.each([
    ["is signed out", ({ browser }: Told) => browser.call("/api/auth/sign-out", { method: "POST" })],
    ["is signed out everywhere", ({ browser }: Told) => browser.call("/api/sessions", { method: "DELETE" })],
    [
      "takes it back",
      ({ browser, subscription: { endpoint } }: Told) =>
        browser.call(SUBSCRIPTIONS, { method: "DELETE", body: { endpoint } }),
    ],
  ])("[PUSH-1] ends where its browser %s", async (_, end) => {
    await start();
    const ann = await enter("ann");
    const bob = await enter("bob");
    expect((await end(ann)).status).toBe(200);
    await reply(ann.program, "Nobody's");
    await reply(bob.program, "Sentinel");
    await service.until(1);
    expect(titles()).toEqual(["Sentinel"]);
  });

  it("[PUSH-1] goes with its account, and holds nothing for one that comes after", async () => {
    await start();
    const ann = await enter("ann");
    const left = await ann.browser.call("/api/me", { method: "DELETE", body: { password: PASSWORD } });
    expect(left.status).toBe(200);
    const again = await signUp(app.url, "ann");
    await reply(again, "Nobody's");
    const bob = await enter("bob");
    await reply(bob.program, "Sentinel");
    await service.until(1);
    expect(titles()).toEqual(["Sentinel"]);
  });

  it("[PUSH-1] is the browser's, whoever signs in there: an account that subscribes it takes it over", async () => {
    await start();
    const ann = await enter("ann");
    const bob = await enter("bob");
    await bob.browser.call(SUBSCRIPTIONS, { body: ann.subscription });
    await reply(ann.program, "Ann's");
    await reply(bob.program, "Bob's");
    await service.until(2);
    expect(titles()).toEqual(["Bob's", "Bob's"]);
  });

  it("[PUSH-1] is nobody's to take or to end by its address alone", async () => {
    await start();
    const ann = await enter("ann");
    const bob = await enter("bob");
    const { endpoint } = ann.subscription;
    await bob.browser.call(SUBSCRIPTIONS, { body: { ...service.subscribe(), endpoint } });
    await bob.browser.call(SUBSCRIPTIONS, { method: "DELETE", body: { endpoint } });
    await reply(ann.program, "Ann's");
    await service.until(1);
    expect(titles()).toEqual(["Ann's"]);
  });

  it("[PUSH-1] takes the place of the one that it replaces, and is taken only where that was the account's", async () => {
    await start();
    const ann = await enter("ann");
    const bob = await enter("bob");
    const [bobs, anns] = [service.subscribe(), service.subscribe()];
    const replaces = ann.subscription.endpoint;
    for (const who of [bob, ann]) {
      const body = { ...(who === bob ? bobs : anns), replaces };
      expect((await who.browser.call(SUBSCRIPTIONS, { body })).status).toBe(200);
    }
    await ann.browser.call(SUBSCRIPTIONS, { body: { ...service.subscribe(), replaces } });
    await reply(ann.program, "Ann's");
    await reply(bob.program, "Bob's");
    await service.until(2);
    const told = service.pushed.map(({ path }) => path).sort();
    expect(told).toEqual([anns, bob.subscription].map(({ endpoint }) => new URL(endpoint).pathname).sort());
  });

  it("[PUSH-1] is one of twenty at most: the oldest goes", async () => {
    await start();
    const ann = await enter("ann");
    const others = Array.from({ length: 20 }, () => service.subscribe());
    for (const body of others) await ann.browser.call(SUBSCRIPTIONS, { body });
    await reply(ann.program, "Quince");
    await service.until(20);
    const paths = others.map(({ endpoint }) => new URL(endpoint).pathname);
    expect(service.pushed.map(({ path }) => path).sort()).toEqual(paths.sort());
  });

  it("[PUSH-1] is a browser's with a session, never a program's", async () => {
    await start();
    const { program } = await enter("ann");
    const body = service.subscribe();
    expect((await program.call(SUBSCRIPTIONS, { body })).status).toBe(403);
    expect((await program.call(SUBSCRIPTIONS, { method: "DELETE", body })).status).toBe(403);
    expect((await createClient(app.url).call(SUBSCRIPTIONS, { body })).status).toBe(401);
    expect((await createClient(app.url).call("/api/push/key")).status).toBe(401);
  });

  it("[PUSH-2] leads to the internet, or is refused with the field that is wrong", async () => {
    app = await startForPeople({ env: { DATA_DIR: folder } });
    const ann = await signUp(app.url, "ann");
    const good = service.subscribe();
    const fieldOf = async (body: object) => {
      const { status, body: problem } = await ann.call<{ code: string; field?: string }>(SUBSCRIPTIONS, { body });
      return [status, problem.code, problem.field];
    };
    for (const endpoint of ["https://127.0.0.1/a", "https://[::1]/a", "https://10.0.0.1/", "http://push.example/a"]) {
      expect(await fieldOf({ ...good, endpoint })).toEqual([400, "invalid_body", "endpoint"]);
    }
    const keys = { ...good.keys, auth: "AAAA" };
    expect(await fieldOf({ endpoint: "https://push.example/a", keys })).toEqual([400, "invalid_body", "keys"]);
  });

  it("[PUSH-1] of somebody who is on the list no more is not served, even where the reply was asked for before", async () => {
    await start({ ALLOWED_EMAILS: "bob@example.com", DEMO_TOKEN_DELAY_MS: "20" });
    const list = openAccountStore(join(folder, "accounts.sqlite"));
    list.invite("ann@example.com", Date.now());
    const ann = await enter("ann");
    const { id } = await ann.program.create("Nobody's");
    const running = ann.program.batch(id, { message: "marmalade" });
    await untilRunning(ann.program, id);
    list.withdrawInvitation("ann@example.com");
    list.close();
    await running;
    const bob = await enter("bob");
    await reply(bob.program, "Sentinel");
    await service.until(1);
    expect(titles()).toEqual(["Sentinel"]);
  });
});
