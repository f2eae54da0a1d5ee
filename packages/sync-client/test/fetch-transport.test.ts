/** The real transport over real HTTP, against a server that says what the test tells it to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { idOf, tick } from "./scripted-server.ts";
import { turn } from "./scripted-transport.ts";
import { isFailure, isPassing } from "../src/failure.ts";
import { fetchTransport } from "../src/transport/fetch-transport.ts";
import type { EventStream, SyncQuestion, Transport } from "../src/transport/transport.ts";

const A = idOf("a");
const ASK: SyncQuestion = { since: tick(5), epoch: "e1", waitS: 25, page: null, etag: null };

let server: Server;
let baseUrl: string;
let transport: Transport;
let requests: { method: string; url: string; body: string; headers: IncomingMessage["headers"] }[] = [];
let respond: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      requests.push({ method: request.method ?? "", url: request.url ?? "", body, headers: request.headers });
      respond(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  transport = fetchTransport({ baseUrl, headers: { authorization: "Bearer t" } });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  requests = [];
});

function json(status: number, body: unknown, headers: Record<string, string> = {}): void {
  respond = (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

const signal = (): AbortSignal => new AbortController().signal;

describe("a sync", () => {
  const answer = { conversations: [], deleted_ids: [], server_time: tick(6), is_full_sync: false, epoch: "e1" };

  it("[SYNC-3] asks with what it was given, and gives answer, ETag and patience", async () => {
    json(200, answer, { etag: '"x"', "retry-after": "3" });
    const given = await transport.sync(ASK, signal());
    expect(given).toEqual({ kind: "answer", response: answer, etag: '"x"', retryAfterMs: 3000 });
    const url = new URL(requests[0]?.url ?? "", baseUrl);
    expect(url.pathname).toBe("/api/conversations/sync");
    expect(Object.fromEntries(url.searchParams)).toEqual({ since: tick(5), epoch: "e1", wait: "25" });
    expect(requests[0]?.headers.authorization).toBe("Bearer t");
  });

  it("[SYNC-8] sends the ETag that it is given, and knows the answer to it", async () => {
    respond = (response) => response.writeHead(304).end();
    const question = { since: null, epoch: null, waitS: 0, page: null, etag: '"x"' };
    expect(await transport.sync(question, signal())).toEqual({ kind: "not-modified" });
    expect(requests[0]?.headers["if-none-match"]).toBe('"x"');
  });

  it("is given up when its signal says so", async () => {
    const abort = new AbortController();
    respond = () => abort.abort();
    expect(await transport.sync(ASK, abort.signal)).toMatchObject({ failed: "aborted", status: 0 });
  });

  it("takes an answer that is none for a failure", async () => {
    json(200, { hello: "world" });
    expect(await transport.sync(ASK, signal())).toMatchObject({ failed: "bad_answer" });
    respond = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>A proxy's page</p>");
    expect(await transport.sync(ASK, signal())).toMatchObject({ failed: "bad_answer" });
  });
});

it("[SIGN-3] a proxy's 401 doesn't say that somebody has to sign in to this server; what waits for that waits all the same", async () => {
  respond = (response) => response.writeHead(401, { "content-type": "text/html" }).end("<p>Sign in to the proxy</p>");
  const sent = await transport.open(A, 50);
  expect(sent).toMatchObject({ failed: "bad_answer", status: 401 });
  expect(isFailure(sent) && isPassing(sent)).toBe(true);
  json(401, { code: "unauthorized", detail: "Sign in.", title: "Unauthorized", status: 401 });
  expect(await transport.open(A, 50)).toMatchObject({ failed: "unauthorized", status: 401 });
});

describe("JSON that is no answer of this server's", () => {
  const answer = { conversations: [], deleted_ids: [], server_time: tick(6), is_full_sync: false, epoch: "e1" };

  it.each([
    ["null", null],
    ["a text", "OK"],
    ["a list", []],
    ["a failure of its own", { failed: "login" }],
    ["no deleted ids", { ...answer, deleted_ids: undefined }],
    ["no epoch", { ...answer, epoch: undefined }],
    ["rows that are none", { ...answer, conversations: [null] }],
    ["ids that are none", { ...answer, deleted_ids: [1] }],
  ])("[DEV-14] is a failure of a sync: %s", async (_name, body) => {
    json(200, body);
    expect(await transport.sync(ASK, signal())).toMatchObject({ failed: "bad_answer", status: 0 });
  });

  const send = { message: "Hi", client_message_id: A };
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    config: () => transport.config(),
    me: () => transport.me(),
    patchMe: () => transport.patchMe({ preferences: { unread_scope: "account" } }),
    list: () => transport.list({ cursor: null, archived: false }),
    create: () => transport.create({ id: A }),
    open: () => transport.open(A, 50),
    messages: () => transport.messages(A, { after: 7, limit: 100 }),
    patch: () => transport.patch(A, { title: "T" }),
    act: () => transport.act({ action: "pin", ids: [A] }),
    remove: () => transport.remove(A, false),
    restore: () => transport.restore(A),
    versions: () => transport.versions(A, 3, null),
    restoreVersion: () => transport.restoreVersion(A, "v", 3),
    trash: () => transport.trash(null),
    trashMessages: () => transport.trashMessages(A, null),
    emptyTrash: () => transport.emptyTrash(),
    markRead: () => transport.markRead(A, { seq: 3 }),
    unreadAfter: () => transport.unreadAfter(A, 9, signal()),
    search: () => transport.search("a", null),
    sendBatch: () => transport.sendBatch(A, send, signal()),
  };
  it.each(Object.keys(calls))("[DEV-14] is a failure of every other call: %s", async (name) => {
    for (const body of [null, "OK", [], {}, { failed: "login" }, { messages: [null], conversations: [null] }]) {
      json(200, body);
      expect(await calls[name]?.()).toMatchObject({ failed: "bad_answer", status: 0 });
    }
  });
});

describe("failures", () => {
  it("are values: a problem with its code and members, a proxy's page by its status, a dead server", async () => {
    json(409, { code: "stale_conversation", detail: "It moved on.", title: "Stale", status: 409, last_seq: 7 });
    expect(await transport.open(A, 50)).toMatchObject({
      failed: "stale_conversation",
      status: 409,
      detail: "It moved on.",
      problem: { last_seq: 7 },
    });
    respond = (response) => response.writeHead(502, { "retry-after": "2" }).end("Bad gateway");
    expect(await transport.open(A, 50)).toMatchObject({ failed: "unavailable", status: 502, retryAfterMs: 2000 });
    respond = (response) => response.destroy();
    expect(await transport.open(A, 50)).toMatchObject({ failed: "unreachable", status: 0 });
  });

  it("[DEV-12] hear no word of the server's in any 4xx without its problem, but for signing in, patience and size", async () => {
    const answers = [
      ["text/html", "<h1>Checking your browser</h1>"],
      ["application/json", '{"message":"Forbidden","code":1020}'],
      ["application/json", ""],
    ] as const;
    const heard: number[] = [];
    for (const status of Array.from({ length: 100 }, (_, index) => 400 + index)) {
      for (const [type, body] of answers) {
        const answer = async (): Promise<Response> => new Response(body, { status, headers: { "content-type": type } });
        const failed = await fetchTransport({ fetch: answer }).patch(A, { title: "T" });
        expect(failed).toMatchObject({ failed: "bad_answer" });
        if (isFailure(failed) && failed.status !== 0) heard.push(failed.status);
      }
      const problem = { code: "invalid_body", title: "Refused", detail: "No.", status };
      const refuse = async (): Promise<Response> => Response.json(problem, { status });
      const refused = await fetchTransport({ fetch: refuse }).patch(A, { title: "T" });
      expect(refused).toMatchObject({ failed: "invalid_body", status });
    }
    const every = answers.map(() => [401, 408, 413, 414, 429, 431]);
    expect(heard).toEqual(every.flat().toSorted((one, other) => one - other));
  });

  it.each([
    ["a page", "text/html", "<h1>404 Not Found</h1>"],
    ["a gateway's own JSON", "application/json", '{"message":"no Route matched with those values"}'],
    ["a store's", "application/json", '{"code":"NoSuchKey","message":"The key does not exist."}'],
    ["null", "application/json", "null"],
    ["nothing", "text/plain", ""],
  ])(
    "[DEV-8] hear no word that anything is gone from a 404 that is %s: only the server says that",
    async (_name, type, body) => {
      respond = (response) => response.writeHead(404, { "content-type": type }).end(body);
      expect(await transport.open(A, 50)).toMatchObject({ failed: "bad_answer", status: 0 });
      expect(await transport.remove(A, true)).toMatchObject({ failed: "bad_answer", status: 0 });
      json(404, { code: "conversation_not_found", detail: "Gone.", title: "Gone", status: 404 });
      expect(await transport.open(A, 50)).toMatchObject({ failed: "conversation_not_found", status: 404 });
    },
  );
});

describe("the other calls", () => {
  it("go where the wire has them, with what it asks for", async () => {
    json(200, {});
    const send = { message: "Hi", client_message_id: A };
    await transport.config();
    await transport.me();
    await transport.patchMe({ preferences: { unread_scope: "account" } });
    await transport.list({ cursor: "c 1", archived: true });
    await transport.create({ id: A });
    await transport.open(A, 50);
    await transport.messages(A, { after: 7, limit: 100 });
    await transport.patch(A, { title: "T" });
    await transport.act({ action: "pin", ids: [A] });
    await transport.remove(A, false);
    await transport.remove(A, true);
    await transport.restore(A);
    await transport.trash(null);
    await transport.trashMessages(A, "7");
    await transport.emptyTrash();
    await transport.markRead(A, { seq: 3 });
    await transport.unreadAfter(A, 9, signal());
    await transport.search("a&b", null);
    await transport.sendBatch(A, send, signal());
    await transport.stopReply(A, idOf("r") as never);
    expect(
      requests.map(({ method, url, body }) =>
        `${method} ${url.replaceAll(A, ":id")} ${body.replaceAll(A, ":id")}`.trim(),
      ),
    ).toEqual([
      "GET /api/config",
      "GET /api/me",
      'PATCH /api/me {"preferences":{"unread_scope":"account"}}',
      "GET /api/conversations?limit=100&cursor=c+1&archived=true",
      'POST /api/conversations {"id":":id"}',
      "GET /api/conversations/:id?message_limit=50",
      "GET /api/conversations/:id/messages?after=7&limit=100",
      'PATCH /api/conversations/:id {"title":"T"}',
      'POST /api/conversations/actions {"action":"pin","ids":[":id"]}',
      "DELETE /api/conversations/:id",
      "DELETE /api/conversations/:id?permanent=true",
      "POST /api/conversations/:id/restore",
      "GET /api/trash",
      "GET /api/trash/:id/messages?before=7",
      "DELETE /api/trash",
      'POST /api/conversations/:id/read {"seq":3}',
      "GET /api/conversations/:id/unread?after_seq=9",
      "GET /api/search?q=a%26b",
      'POST /api/conversations/:id/chat/batch {"message":"Hi","client_message_id":":id"}',
      `POST /api/conversations/:id/chat/replies/${idOf("r")}/stop`,
    ]);
  });
});

describe("an answer that is cut in its body", () => {
  it("[DEV-12] is no refusal: what was asked may have been done", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    };
    expect(await transport.patch(A, { title: "T" })).toMatchObject({ failed: "unreachable", status: 0 });
  });
});

describe("a stream", () => {
  const events = turn("a", 1, ["Hel", "lo"]);
  const text = events
    .map(({ id, event, data }) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    .join("");

  async function read(stream: EventStream) {
    const seen = [];
    for (let event = await stream.next(); event !== null; event = await stream.next()) seen.push(event);
    return seen;
  }

  it("gives events, heartbeats and the end of the connection", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": heartbeat\n\n");
      setImmediate(() => response.end(`${text}id: 9\nevent: news\ndata: {}\n\n`));
    };
    const stream = await transport.sendStream(A, { message: "Hi", client_message_id: A }, signal());
    if (isFailure(stream)) throw new Error(stream.detail);
    const seen = await read(stream);
    expect(seen.filter((event) => event !== "alive")).toEqual(events);
    expect(requests[0]).toMatchObject({ method: "POST", url: `/api/conversations/${A}/chat/stream` });
    expect(requests[0]?.headers.accept).toBe("text/event-stream");
  });

  it("[TURN-4] asks for what comes after an event", async () => {
    respond = (response) => response.writeHead(200).end(text);
    const stream = await transport.resumeStream(A, { replyId: idOf("r") as never, after: 3 }, signal());
    if (isFailure(stream)) throw new Error(stream.detail);
    stream.close();
    expect(requests[0]?.url).toBe(`/api/conversations/${A}/chat/replies/${idOf("r")}/stream?after=3`);
  });

  it("ends where the connection is cut", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(text.slice(0, text.indexOf("id: 2")));
      setImmediate(() => response.destroy());
    };
    const stream = await transport.resumeStream(A, { replyId: idOf("r") as never, after: 0 }, signal());
    if (isFailure(stream)) throw new Error(stream.detail);
    expect((await read(stream)).filter((event) => event !== "alive")).toEqual(events.slice(0, 1));
  });
});

it("every call ends some time: by who asks, or after so long by itself", async () => {
  const signals: (AbortSignal | null | undefined)[] = [];
  const caches = new Set<unknown>();
  const answer = async (_url: unknown, { signal, cache }: RequestInit = {}): Promise<Response> => {
    signals.push(signal);
    caches.add(cache);
    return Response.json({});
  };
  const calls = fetchTransport({ fetch: answer });
  const { signal } = new AbortController();
  await calls.me();
  await calls.unreadAfter(A, 1, signal);
  await calls.sync(ASK, signal);
  expect(signals.map((each) => each instanceof AbortSignal)).toEqual([true, true, true]);
  // And no cache answers in the server's place.
  expect([...caches]).toEqual(["no-store"]);
});
