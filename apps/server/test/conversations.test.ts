import { randomUUID } from "node:crypto";
import type {
  ConversationDetail,
  ConversationList,
  ConversationSummary,
  Deleted,
  MessagePage,
  SearchAnswer,
  TrashList,
  TurnResult,
  UnreadCount,
} from "@instep/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, since, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;

beforeAll(async () => {
  app = await startApp();
  client = createClient(app.url);
});

afterAll(() => app.stop());

async function withTurns(count: number): Promise<ConversationSummary> {
  const conversation = await client.create();
  for (let turn = 0; turn < count; turn++) await client.batch(conversation.id, { message: `question ${turn + 1}` });
  return conversation;
}

describe("creating", () => {
  it("[ID-1] takes the id that the device chose, and answers a repeat with what stands", async () => {
    const id = randomUUID();
    const first = await client.call<ConversationSummary>("/api/conversations", { body: { id, title: "One" } });
    const second = await client.call<ConversationSummary>("/api/conversations", { body: { id, title: "Two" } });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(first.body).toMatchObject({ id, title: "One", message_count: 0, last_seq: 0, unread_count: 0 });
  });

  it("[SYNC-0, SYNC-11] gives a summary every field, and says as of when", async () => {
    const conversation = await client.create("Whole");
    expect(Object.keys(conversation).sort()).toEqual([
      "active_reply_id",
      "archived",
      "created_at",
      "epoch",
      "id",
      "last_seq",
      "marked_unread",
      "message_count",
      "model",
      "pinned",
      "read_seq",
      "server_time",
      "title",
      "unread_count",
      "updated_at",
    ]);
    expect(conversation.updated_at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/);
  });

  it.each([
    ["an empty object", { body: {} }],
    ["no body", { method: "POST" }],
    ["a type without a body", { method: "POST", headers: { "content-type": "application/json" } }],
    ["an empty body", { method: "POST", body: "" }],
    ["an empty body of another type", { method: "POST", body: "", headers: { "content-type": "text/plain" } }],
  ])("chooses an id and a title where none is given: %s", async (_what, options) => {
    const { status, body } = await client.call<ConversationSummary>("/api/conversations", options);
    expect(status).toBe(201);
    expect(body.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.title).toBe("");
  });

  it("[ID-1] refuses the id of one in the trash and of one that was erased: 409 conversation_deleted", async () => {
    const { id } = await client.create();
    await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    const trashed = await client.call("/api/conversations", { body: { id } });
    await client.call(`/api/conversations/${id}?permanent=true`, { method: "DELETE" });
    const erased = await client.call("/api/conversations", { body: { id } });
    expect([trashed.status, trashed.body.code]).toEqual([409, "conversation_deleted"]);
    expect([erased.status, erased.body.code]).toEqual([409, "conversation_deleted"]);
  });
});

describe("listing", () => {
  it("pages through the list, pinned first, then the newest, without loss or repeat", async () => {
    const own = await startApp();
    const api = createClient(own.url);
    const made: string[] = [];
    for (let index = 0; index < 7; index++) made.push((await api.create(`Number ${index}`)).id);
    await api.call(`/api/conversations/${made[2]}`, { method: "PATCH", body: { pinned: true } });
    await api.call(`/api/conversations/${made[0]}`, { method: "PATCH", body: { archived: true } });
    const seen: string[] = [];
    let cursor: string | null = "";
    for (let page = 0; cursor !== null && page < 10; page++) {
      const query: string = cursor === "" ? "limit=2" : `limit=2&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await api.call<ConversationList>(`/api/conversations?${query}`);
      expect(body.total_count).toBe(6);
      seen.push(...body.conversations.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual([made[2], made[6], made[5], made[4], made[3], made[1]]);
    const archived = await api.call<ConversationList>("/api/conversations?archived=true");
    expect(archived.body.conversations.map(({ id }) => id)).toEqual([made[0]]);
    await own.stop();
  });

  it("takes a cursor with nothing in it for the beginning", async () => {
    const [plain, empty] = [
      await client.call("/api/conversations"),
      await client.call("/api/conversations?limit=30&cursor="),
    ];
    expect(empty).toMatchObject({ status: 200, body: plain.body });
  });

  it.each(["limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "cursor=garbage", "archived=maybe"])(
    "refuses ?%s with 400",
    async (query) => {
      const { status, body } = await client.call(`/api/conversations?${query}`);
      expect([status, body.code]).toEqual([400, "invalid_parameter"]);
    },
  );
});

describe("opening", () => {
  it("[DEV-6] gives the newest messages, oldest first, and the total whatever was loaded", async () => {
    const { id } = await withTurns(3);
    const { body } = await client.call<ConversationDetail>(`/api/conversations/${id}?message_limit=2`);
    expect(body.messages.map(({ seq }) => seq)).toEqual([5, 6]);
    expect(body.message_pagination).toMatchObject({ total_count: 6, has_older: true, has_newer: false });
    expect(body.active_reply).toBeNull();
  });

  it("[MSG-1] pages to older messages by cursor and to newer ones by seq", async () => {
    const { id } = await withTurns(3);
    const { message_pagination: at } = (
      await client.call<ConversationDetail>(`/api/conversations/${id}?message_limit=2`)
    ).body;
    const older = await client.call<MessagePage>(
      `/api/conversations/${id}/messages?before=${encodeURIComponent(at.older_cursor ?? "")}&limit=3`,
    );
    const newer = await client.call<MessagePage>(`/api/conversations/${id}/messages?after=2&limit=3`);
    expect(older.body.messages.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(older.body.message_pagination.has_older).toBe(true);
    expect(newer.body.messages.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(newer.body.message_pagination).toMatchObject({ has_newer: true, total_count: 6 });
    const last = await client.call<MessagePage>(
      `/api/conversations/${id}/messages?after=${encodeURIComponent(newer.body.message_pagination.newer_cursor ?? "")}`,
    );
    expect(last.body.messages.map(({ seq }) => seq)).toEqual([6]);
    const between = await client.call<MessagePage>(`/api/conversations/${id}/messages?after=1&before=4`);
    expect(between.body.messages.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it("[MSG-1] gives the page around a message, and refuses an around that is none or not alone", async () => {
    const { id } = await withTurns(3);
    const around = (query: string) =>
      client.call<MessagePage & { code: string }>(`/api/conversations/${id}/messages?${query}`);
    const { body } = await around("around=3&limit=3");
    expect(body.messages.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(body.message_pagination).toEqual({
      total_count: 6,
      last_seq: 6,
      has_older: true,
      older_cursor: "2",
      has_newer: true,
      newer_cursor: "4",
    });
    const refused = [
      "around=-1",
      "around=x",
      "around=1.5",
      "around=1&around=2",
      "around=3&before=4",
      "around=3&after=1",
    ];
    for (const query of refused) {
      const { status, body: problem } = await around(query);
      expect([query, status, problem]).toEqual([
        query,
        400,
        expect.objectContaining({ code: "invalid_parameter", parameter: "around" }),
      ]);
    }
  });

  it("[SYNC-9] answers an unknown id, an impossible one and one of a draft alike", async () => {
    const paths = [randomUUID(), "temp-1", "1", "%00", "a".repeat(3000), "..%2f..%2fetc", "%F0%9F%98%80"];
    const answers = await Promise.all(paths.map((id) => client.call(`/api/conversations/${id}`)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, body: { code: "conversation_not_found" } });
  });
});

describe("changing", () => {
  it("[LIST-1] renames, pins and archives without moving updated_at", async () => {
    const { id, updated_at: updatedAt } = await client.create("Before");
    const change = { title: "After", pinned: true, archived: true };
    const { status, body } = await client.call<ConversationSummary>(`/api/conversations/${id}`, {
      method: "PATCH",
      body: change,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...change, updated_at: updatedAt });
  });

  it("[TICK-1] leaves the clock where it is when nothing changes", async () => {
    const { id } = await client.create("Same");
    const before = await client.sync();
    await client.call(`/api/conversations/${id}`, { method: "PATCH", body: { title: "Same", pinned: false } });
    await client.call("/api/conversations", { body: { id, title: "Other" } });
    await client.call(`/api/conversations/${id}/restore`, { method: "POST" });
    expect((await client.sync(since(before))).server_time).toBe(before.server_time);
  });

  it("keeps a model that the server doesn't offer as a wish; the default model answers", async () => {
    const made = await client.call<ConversationSummary>("/api/conversations", { body: { model: "gpt-8" } });
    expect(made).toMatchObject({ status: 201, body: { model: "gpt-8" } });
    const path = `/api/conversations/${made.body.id}`;
    const patched = await client.call<ConversationSummary>(path, { method: "PATCH", body: { model: "gpt-9" } });
    expect(patched).toMatchObject({ status: 200, body: { model: "gpt-9" } });
    const turn = await client.batch<TurnResult>(made.body.id, { message: "hello" });
    expect(turn).toMatchObject({ status: 200, body: { message: { model: "demo", status: "complete" } } });
    expect((await client.open(made.body.id)).model).toBe("gpt-9");
    const long = await client.call(path, { method: "PATCH", body: { model: "x".repeat(201) } });
    expect(long).toMatchObject({ status: 400, body: { code: "invalid_body" } });
  });

  it("stores what no database keeps as the replacement character, and never fails", async () => {
    const { id } = await client.create();
    const { body } = await client.call<ConversationSummary>(`/api/conversations/${id}`, {
      method: "PATCH",
      body: '{"title":"a\\u0000b\\ud800c"}',
    });
    expect(body.title).toBe("a\u{FFFD}b\u{FFFD}c");
  });
});

describe("deleting", () => {
  it("moves to the trash, tells when it is purged, restores, and answers a second delete with 404", async () => {
    const { id } = await client.create("Gone");
    const { body: trashed } = await client.call<Deleted>(`/api/conversations/${id}`, { method: "DELETE" });
    expect(trashed).toMatchObject({ status: "trashed", purge_at: expect.stringMatching(/Z$/) });
    expect(await client.call(`/api/conversations/${id}`, { method: "DELETE" })).toMatchObject({ status: 404 });
    const opened = await client.call(`/api/conversations/${id}`);
    expect([opened.status, opened.body.code]).toEqual([404, "conversation_trashed"]);
    const { body: trash } = await client.call<TrashList>("/api/trash?limit=1000");
    expect(trash.conversations.find((one) => one.id === id)).toMatchObject({
      title: "Gone",
      purge_at: expect.any(String),
    });
    const restored = await client.call<ConversationSummary>(`/api/conversations/${id}/restore`, { method: "POST" });
    expect(restored).toMatchObject({ status: 200, body: { id, title: "Gone" } });
    expect(await client.call(`/api/conversations/${id}`)).toMatchObject({ status: 200 });
  });

  it("keeps what was deleted for as long as TRASH_DAYS says, however little that is", async () => {
    const short = await startApp({ env: { TRASH_DAYS: "0.000011574" } });
    const shortClient = createClient(short.url);
    const { id } = await shortClient.create();
    expect(await shortClient.call(`/api/conversations/${id}`, { method: "DELETE" })).toMatchObject({ status: 200 });
    await short.stop();
  });

  it("erases from the list and from the trash", async () => {
    const [one, two] = [await client.create(), await client.create()];
    await client.call(`/api/conversations/${two.id}`, { method: "DELETE" });
    for (const { id } of [one, two]) {
      const erased = await client.call<Deleted>(`/api/conversations/${id}?permanent=true`, { method: "DELETE" });
      expect(erased).toMatchObject({ status: 200, body: { status: "erased" } });
      const restored = await client.call(`/api/conversations/${id}/restore`, { method: "POST" });
      expect(restored.status).toBe(404);
    }
  });

  it("shows what is in the trash, a page at a time, and nothing of what lives or is erased", async () => {
    const { id } = await client.create("Seen");
    for (const message of ["one", "two"]) await client.batch(id, { message });
    const look = (query = "") => client.call<MessagePage>(`/api/trash/${id}/messages${query}`);
    expect((await look()).status).toBe(404);
    await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    const newest = await look("?limit=1");
    expect(newest.body.messages.map(({ seq }) => seq)).toEqual([4]);
    const { older_cursor: before } = newest.body.message_pagination;
    const older = await look(`?before=${before}`);
    expect(older.body.messages.map(({ seq, role }) => [seq, role])).toEqual([
      [1, "user"],
      [2, "assistant"],
      [3, "user"],
    ]);
    for (const query of ["?limit=0", "?before=x"]) expect((await look(query)).status).toBe(400);
    await client.call(`/api/conversations/${id}?permanent=true`, { method: "DELETE" });
    expect((await look()).status).toBe(404);
  });

  it("[TICK-1] empties the trash, however much is in it, and leaves what lives and the clock alone", async () => {
    const made = await Promise.all(Array.from({ length: 120 }, () => client.create("Old")));
    const { id: living } = await client.create("Living");
    for (let from = 0; from < made.length; from += 60) {
      const ids = made.slice(from, from + 60).map(({ id }) => id);
      await client.call("/api/conversations/actions", { body: { action: "trash", ids } });
    }
    const { server_time: before } = await client.sync();
    const emptied = await client.call<Deleted>("/api/trash", { method: "DELETE" });
    expect(emptied).toMatchObject({ status: 200, body: { status: "erased" } });
    const { body: trash } = await client.call<TrashList>("/api/trash?limit=1000");
    expect(trash.conversations).toEqual([]);
    expect((await client.sync()).server_time).toBe(before);
    expect(await client.call(`/api/conversations/${living}`)).toMatchObject({ status: 200 });
    const restored = await client.call(`/api/conversations/${made[0]?.id}/restore`, { method: "POST" });
    expect(restored.status).toBe(404);
  });

  it("takes a DELETE that names JSON and sends none", async () => {
    const { id } = await client.create();
    const headers = { "content-type": "application/json" };
    expect(await client.call(`/api/conversations/${id}`, { method: "DELETE", headers })).toMatchObject({ status: 200 });
  });
});

describe("the read position", () => {
  it("[DEV-3] moves forward only, clamps to what exists, and counts what is left", async () => {
    const { id } = await withTurns(2);
    const read = async (body: object) =>
      (await client.call<ConversationSummary>(`/api/conversations/${id}/read`, { body })).body;
    expect(await read({ seq: 3 })).toMatchObject({ read_seq: 3, unread_count: 1 });
    expect(await read({ seq: 1 })).toMatchObject({ read_seq: 3, unread_count: 1 });
    expect(await read({ message_count: 99 })).toMatchObject({ read_seq: 4, unread_count: 0 });
    expect(await read({ unread: true })).toMatchObject({ read_seq: 4, marked_unread: true });
    expect(await read({ seq: 4 })).toMatchObject({ marked_unread: false });
  });

  it.each([{}, { foo: 1 }, { seq: -1 }, { seq: 1.5 }, { seq: "1" }, { unread: "yes" }, [], null, "x"])(
    "refuses %j with 400",
    async (body) => {
      const { id } = await client.create();
      const answer = await client.call(`/api/conversations/${id}/read`, { body: JSON.stringify(body) });
      expect([answer.status, answer.body.code]).toEqual([400, "invalid_body"]);
    },
  );

  it("counts the messages after a seq", async () => {
    const { id } = await withTurns(2);
    const { body } = await client.call<UnreadCount>(`/api/conversations/${id}/unread?after_seq=1`);
    expect(body.count).toBe(3);
    expect(await client.call(`/api/conversations/${id}/unread?after_seq=x`)).toMatchObject({ status: 400 });
  });
});

describe("search", () => {
  it("finds titles and messages, and refuses a search for nothing", async () => {
    const { id } = await client.create("The zephyrine kite");
    await client.batch(id, { message: "Tell me of quixotry" });
    const title = await client.call<SearchAnswer>("/api/search?q=zephyrine");
    const message = await client.call<SearchAnswer>("/api/search?q=quixotry");
    expect(title.body.results.map((one) => one.conversation_id)).toContain(id);
    expect(message.body.results[0]).toMatchObject({ conversation_id: id, seq: expect.any(Number) });
    expect(await client.call("/api/search")).toMatchObject({ status: 400, body: { code: "invalid_parameter" } });
    expect(await client.call("/api/search?q=%20")).toMatchObject({ status: 400 });
  });
});

describe("a turn's place in the list", () => {
  it("[LIST-1] moves updated_at by messages", async () => {
    const { id, updated_at: before } = await client.create();
    const { body } = await client.batch<TurnResult>(id, { message: "hello" });
    expect(body.updated_at > before).toBe(true);
    expect((await client.open(id)).updated_at).toBe(body.updated_at);
  });
});
