/** Nobody sees, moves or is woken by what is another's: whatever the call, whatever the ids. */
import type { SessionList, SyncResponse, TokenMade, VersionList } from "@instep/protocol";
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { since } from "./client.ts";
import { ISOLATED_CALLS, requestWith, type Ids } from "./isolated-calls.ts";
import { add, PUBLIC_URL } from "./passkey-calls.ts";
import { signIn, signUp, startForPeople, type Someone } from "./people.ts";
import { SoftwareAuthenticator } from "./software-authenticator.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;
/** Ann's: one with versions, one in the trash, one in which a reply runs. */
let annsIds: readonly Ids[];
let people = 0;

beforeAll(async () => {
  app = await startForPeople({ env: { PUBLIC_URL, DEMO_TOKEN_DELAY_MS: "2000", MAX_REPLIES_PER_ACCOUNT: "10" } });
  ann = await signUp(app.url, "ann");
  annsIds = await makeConversations();
});

afterAll(() => app.stop());

const EDIT = { message: "more marmalade", replace_from_seq: 1 };

/** Somebody who has done nothing yet. */
function newcomer(): Promise<Someone> {
  people += 1;
  return signUp(app.url, `newcomer${people}`, { name: "Newcomer" });
}

async function makeConversations(): Promise<readonly Ids[]> {
  await signIn(app.url, "ann");
  const authenticator = new SoftwareAuthenticator(PUBLIC_URL);
  const { sessions } = (await ann.call<SessionList>("/api/sessions")).body;
  const { id: token } = (await ann.call<TokenMade>("/api/tokens", { body: { name: "Marmalade" } })).body;
  const { id: passkey } = await add(ann, authenticator, "Marmalade");
  const preset = randomUUID();
  const kept = { name: "Marmalade", instructions: "Say marmalade." };
  await ann.call(`/api/presets/${preset}`, { method: "PUT", body: kept });
  const credential = authenticator.credentials[0] ?? "";
  const base = {
    token,
    passkey,
    preset,
    credential,
    session: sessions.find((one) => !one.is_current)?.id ?? "",
    seq: 2,
    version: randomUUID(),
  };
  const made: Ids[] = [];
  for (const title of ["Versions of marmalade", "Trashed marmalade", "Marmalade that runs"]) {
    const { id } = await ann.create(title);
    const clientMessage = randomUUID();
    const reply = await replyOf(id, { message: "marmalade", client_message_id: clientMessage });
    made.push({ ...base, conversation: id, reply, clientMessage, cursor: "" });
  }
  const [first, second] = made;
  if (first === undefined || second === undefined) throw new Error("nothing was made");
  await stop(first);
  const again = {
    ...first,
    reply: await replyOf(first.conversation, { ...EDIT, client_message_id: randomUUID() }),
  };
  await stop(again);
  await ann.call(`/api/conversations/${second.conversation}`, { method: "DELETE" });
  const seq = (await ann.open(first.conversation)).messages.find((message) => message.version_count)?.seq ?? 0;
  const { versions } = (await ann.call<VersionList>(`/api/conversations/${first.conversation}/versions/${seq}`)).body;
  const version = versions[0]?.version_id;
  if (version === undefined) throw new Error("there is no version");
  const { next_cursor: cursor } = (await ann.call<{ next_cursor: string | null }>("/api/conversations?limit=1")).body;
  return [{ ...first, version, seq }, ...made.slice(1)].map((ids) => ({ ...ids, cursor: cursor ?? "" }));
}

async function replyOf(id: string, body: object): Promise<string> {
  await (
    await fetch(`${app.url}/api/conversations/${id}/chat/stream`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: ann.cookie },
      body: JSON.stringify(body),
    })
  ).body?.cancel();
  const { active_reply } = await ann.open(id);
  if (!active_reply) throw new Error("no reply runs");
  return active_reply.reply_id;
}

async function stop({ conversation, reply }: Ids): Promise<void> {
  const stopped = await ann.call(`/api/conversations/${conversation}/chat/replies/${reply}/stop`, { method: "POST" });
  if (stopped.status !== 200) throw new Error(stopped.text);
}

function unknownIds(like: Ids): Ids {
  const id = () => randomUUID();
  const accesses = { token: id(), session: id(), passkey: id(), credential: randomBytes(32).toString("base64url") };
  const preset = id();
  const { cursor, seq } = like;
  return { conversation: id(), reply: id(), version: id(), clientMessage: id(), preset, cursor, seq, ...accesses };
}

/** What the ids let tell apart is made the same: the ids themselves, times, and what is new in each answer. */
function comparable(text: string, ids: Ids, asker: Someone): string {
  const known = [...Object.entries(ids), ["me", asker.user.id], ["email", asker.user.email]];
  let same = text;
  for (const [name, id] of known) if (typeof id === "string" && id !== "") same = same.replaceAll(id, `<${name}>`);
  return same
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/"challenge":"[\w-]{72}"/g, "<challenge>")
    .replaceAll(/instep_[\w-]{43}/g, "<token>");
}

/** All that Ann can see, but for the reply that goes on by itself. */
async function allOfAnns(): Promise<string> {
  const parts = [
    "/api/me",
    "/api/trash",
    "/api/tokens",
    "/api/sessions",
    "/api/passkeys",
    "/api/search?q=marmalade",
    "/api/conversations",
  ];
  const opened = annsIds.slice(0, 1).map(({ conversation }) => `/api/conversations/${conversation}`);
  const answers = [];
  for (const path of [...parts, ...opened]) answers.push((await ann.call(path)).text);
  return answers.join("\n").replaceAll(/"server_time":"[^"]*"/g, "");
}

describe("what belongs to another", () => {
  it("[SYNC-9] is tried with every call that there is", async () => {
    const { paths } = (await ann.call<{ paths: Record<string, object> }>("/api/openapi.json")).body;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(ISOLATED_CALLS).sort()).toEqual(operations.sort());
  });

  it.each(Object.entries(ISOLATED_CALLS))("[SYNC-9] is to %s what is unknown", async (operation, call) => {
    const before = await allOfAnns();
    for (const [index, annsOwn] of annsIds.entries()) {
      const [bob, other] = [await newcomer(), await newcomer()];
      const unknown = unknownIds(annsOwn);
      const ask = async (who: Someone, ids: Ids) => {
        const { path, options } = requestWith(operation, call, ids);
        const { status, text } = await who.call(path, options);
        const email = ann.user.email;
        for (const secret of ["marmalade", "Marmalade", email, ann.user.id]) {
          const echoed = path.includes(secret) ? "" : text;
          expect(echoed, `${operation} of conversation ${index}`).not.toContain(secret);
        }
        return `${status} ${comparable(text, ids, who)}`;
      };
      expect(await ask(bob, annsOwn)).toBe(await ask(other, unknown));
    }
    expect(await allOfAnns()).toBe(before);
  });

  it("[SYNC-9] [TURN-3] an id that another has sent under begins a turn of one's own", async () => {
    const bob = await newcomer();
    const { id } = await bob.create();
    const [, , running] = annsIds;
    const controller = new AbortController();
    const clientMessageId = running?.clientMessage ?? "";
    const stream = await bob.stream(id, { message: "Hello", clientMessageId, signal: controller.signal });
    expect(stream.status).toBe(200);
    controller.abort();
    expect((await bob.open(id)).active_reply?.reply_id).not.toBe(running?.reply);
  });

  it("[SYNC-9] [WAIT-1] wakes nobody and moves nobody's clock, whatever is written", async () => {
    const bob = await newcomer();
    const start = await bob.sync();
    let answered: SyncResponse | null = null;
    const held = bob.sync(`${since(start)}&wait=20`).then((answer) => (answered = answer));
    const { id } = await ann.create("Quince");
    const writes: readonly (readonly [string, string, object?])[] = [
      ["PATCH", `/api/conversations/${id}`, { title: "Quince jelly", pinned: true }],
      ["POST", `/api/conversations/${id}/read`, { unread: true }],
      ["POST", "/api/conversations/actions", { action: "archive", ids: [id] }],
      ["POST", "/api/conversations/actions", { action: "read", all: true }],
      ["DELETE", `/api/conversations/${id}`],
      ["POST", `/api/conversations/${id}/restore`],
      ["DELETE", `/api/conversations/${id}?permanent=true`],
      ["PUT", `/api/presets/${id}`, { name: "Quince", instructions: "Say quince." }],
      ["DELETE", `/api/presets/${id}`],
      ["PATCH", "/api/me", { preferences: { unread_scope: "account" } }],
    ];
    for (const [method, path, body] of writes) {
      expect((await ann.call(path, { method, ...(body && { body }) })).status, path).toBe(200);
      const now = await bob.sync(since(start));
      expect([path, now.server_time, now.conversations, now.deleted_ids, answered]).toEqual([
        path,
        start.server_time,
        [],
        [],
        null,
      ]);
    }
    const own = await bob.create("Bob's own");
    await held;
    expect((await held).conversations.map((row) => row.id)).toEqual([own.id]);
  });
});
