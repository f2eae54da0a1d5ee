import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConversationSummary, ErrorEvent, StaleConversation, StopAnswer, TurnResult } from "@instep/protocol";
import { TurnResultSchema } from "@instep/protocol/schemas";
import { Value } from "typebox/value";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { allEvents, collect, createClient, readEvents, since, textOf, type Client } from "./client.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { FAKE_ANSWER } from "./openai-fake-answers.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let fake: OpenAiFake;
const modelSettings = () => ({
  OPENAI_BASE_URL: fake.baseUrl,
  MODELS: "fake-model=Fake,other-model",
  TITLES: "words",
});

let app: StartedApp;
let client: Client;

beforeAll(async () => {
  fake = await startOpenAiFake();
  app = await startApp({
    env: { ...modelSettings(), MAX_REPLIES_PER_ACCOUNT: "2" },
  });
  client = createClient(app.url);
});

beforeEach(() => fake.behave({ kind: "answer" }));

afterAll(async () => {
  await app.stop();
  await fake.close();
});

/** A reply that goes on until it is stopped, with its first event read. */
async function startEndless(id: string) {
  fake.next({ kind: "answer", text: "word ".repeat(5000), tokenDelayMs: 5 });
  const response = await client.stream(id, { message: "go on for ever" });
  const events = readEvents(response);
  const { value: start } = await events.next();
  if (start?.event !== "start") throw new Error("the stream did not begin with start");
  return { events, start: start.data, replyId: start.data.reply_id };
}

function stop(id: string, replyId: string) {
  return client.call<StopAnswer>(`/api/conversations/${id}/chat/replies/${replyId}/stop`, { method: "POST" });
}

function replay(id: string, replyId: string, at: { query?: string; lastEventId?: string } = {}) {
  const headers: Record<string, string> = at.lastEventId === undefined ? {} : { "last-event-id": at.lastEventId };
  return fetch(`${app.url}/api/conversations/${id}/chat/replies/${replyId}/stream${at.query ?? ""}`, { headers });
}

describe("a batch", () => {
  it("answers the user message, the reply and the counts", async () => {
    const { id } = await client.create();
    const clientMessageId = randomUUID();
    const { status, body } = await client.batch<TurnResult>(id, { message: "hello", clientMessageId });
    expect(status).toBe(200);
    expect(Value.Check(TurnResultSchema, body)).toBe(true);
    expect(body).toMatchObject({ message_count: 2, last_seq: 2 });
    expect(body.user_message).toMatchObject({
      role: "user",
      content: "hello",
      seq: 1,
      client_message_id: clientMessageId,
    });
    expect(body.message).toMatchObject({ role: "assistant", content: FAKE_ANSWER, seq: 2, status: "complete" });
    expect((await client.open(id)).messages).toEqual([body.user_message, body.message]);
  });

  it("[TURN-3] [ID-1] sent again with its UUID in upper case is the same turn, and its message's id is in lower case", async () => {
    const { id } = await client.create();
    const clientMessageId = randomUUID();
    const send = { message: "in either case", clientMessageId: clientMessageId.toUpperCase() };
    const { body } = await client.batch<TurnResult>(id, send);
    expect(body.user_message).toMatchObject({ id: clientMessageId, client_message_id: clientMessageId });
    expect((await client.batch(id, { ...send, clientMessageId })).body).toEqual(body);
    expect((await client.open(id)).messages).toHaveLength(2);
    const other = { message: "named by no UUID", clientMessageId: `A-${clientMessageId}` };
    const named = await client.batch<TurnResult>(id, other);
    expect(named.body.user_message.client_message_id).toBe(other.clientMessageId);
  });

  it("[TURN-3] sent twice, also at once, is one turn and one call of the model", async () => {
    const { id } = await client.create();
    const send = { message: "only once", clientMessageId: randomUUID() };
    const asked = fake.requests.length;
    const [first, second] = await Promise.all([client.batch<TurnResult>(id, send), client.batch<TurnResult>(id, send)]);
    const third = await client.batch<TurnResult>(id, send);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect((await client.open(id)).message_count).toBe(2);
    expect(fake.requests.length - asked).toBe(1);
  });

  it("[TURN-3] takes any text for a client_message_id, and a repeat of it joins", async () => {
    const { id } = await client.create();
    const send = { message: "once", clientMessageId: "device 7, send №1" };
    const first = await client.batch<TurnResult>(id, send);
    const second = await client.batch<TurnResult>(id, send);
    expect(first.body.user_message).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), seq: 1 });
    expect(first.body.user_message.client_message_id).toBe(send.clientMessageId);
    expect(Value.Check(TurnResultSchema, first.body)).toBe(true);
    expect(second.body).toEqual(first.body);
    expect((await client.open(id)).messages[0]).toEqual(first.body.user_message);
  });

  it("[TURN-3] refuses the same id with another text, or in another conversation: 409 duplicate_message_id", async () => {
    const [one, two] = [await client.create(), await client.create()];
    const send = { message: "first", clientMessageId: randomUUID() };
    await client.batch(one.id, send);
    const otherText = await client.batch(one.id, { ...send, message: "second" });
    const otherPlace = await client.batch(two.id, send);
    expect(otherText).toMatchObject({ status: 409, body: { code: "duplicate_message_id" } });
    expect(otherPlace).toMatchObject({ status: 409, body: { code: "duplicate_message_id" } });
  });

  it("[TURN-7] refuses a stale expected_last_seq with what came since, and writes nothing", async () => {
    const { id } = await client.create();
    const { body: turn } = await client.batch<TurnResult>(id, { message: "one" });
    const stale = await client.batch<StaleConversation & { code: string }>(id, {
      message: "two",
      more: { expected_last_seq: 1 },
    });
    expect(stale).toMatchObject({ status: 409, body: { code: "stale_conversation", last_seq: 2, message_count: 2 } });
    expect(stale.body.messages).toEqual([turn.message]);
    expect((await client.open(id)).message_count).toBe(2);
    expect(await client.batch(id, { message: "two", more: { expected_last_seq: 2 } })).toMatchObject({ status: 200 });
  });

  it("[MSG-3] asks a reply again, and edits a user message, with new seqs", async () => {
    const { id } = await client.create();
    await client.batch(id, { message: "first" });
    await client.batch(id, { message: "second" });
    const again = await client.batch<TurnResult>(id, { more: { replace_from_seq: 4 } });
    expect(again.body).toMatchObject({ message_count: 4, last_seq: 5, user_message: { content: "second", seq: 3 } });
    const edited = await client.batch<TurnResult>(id, { message: "edited", more: { replace_from_seq: 1 } });
    expect(edited.body).toMatchObject({ message_count: 2, last_seq: 7, user_message: { content: "edited", seq: 6 } });
    expect((await client.open(id)).messages.map(({ seq }) => seq)).toEqual([6, 7]);
  });

  it("[TURN-7] refuses a replace_from_seq that is no live message's", async () => {
    const { id } = await client.create();
    await client.batch(id, { message: "first" });
    const answer = await client.batch(id, { message: "x", more: { replace_from_seq: 9 } });
    expect(answer).toMatchObject({ status: 409, body: { code: "stale_conversation" } });
  });

  it.each([
    ["model_unauthorized", 502, { kind: "status", status: 401 }, null],
    ["model_bad_response", 502, { kind: "raw", pieces: ["<html>"], contentType: "text/html" }, null],
    ["model_failed", 502, { kind: "status", status: 400, body: { error: { message: "no" } } }, null],
    ["model_interrupted", 502, { kind: "cut", words: 3 }, null],
    ["model_timeout", 504, { kind: "silent", words: 2 }, { MODEL_SILENCE_TIMEOUT_SECONDS: "1" }],
  ] as const)("[TURN-9] ends in %s (%i); the user message stands, and text that came is kept", async (...failure) => {
    const [code, status, how, patience] = failure;
    const own = patience && (await startApp({ env: { ...modelSettings(), ...patience } }));
    if (own) onTestFinished(() => own.stop());
    const client = createClient((own ?? app).url);
    fake.behave(how);
    const { id } = await client.create();
    const answer = await client.batch<ErrorEvent & { status: number }>(id, { message: "will you fail?" });
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.body.detail).not.toBe("");
    const { messages } = await client.open(id);
    expect(messages[0]).toMatchObject({ content: "will you fail?" });
    expect(messages.slice(1)).toEqual(answer.body.message === null ? [] : [answer.body.message]);
    expect(answer.body).toMatchObject({ user_message: messages[0], message_count: messages.length });
    expect(answer.body.conversation).toMatchObject({ id, message_count: messages.length });
    if (code === "model_interrupted") expect(messages[1]).toMatchObject({ status: "failed", error: { code } });
    fake.behave({ kind: "answer" });
    const from =
      messages.length === 1
        ? { message: "will you fail?", more: { replace_from_seq: 1 } }
        : { more: { replace_from_seq: 2 } };
    expect(await client.batch(id, from)).toMatchObject({ status: 200 });
  });

  it("[TURN-9] says that the model can't be reached: 502 model_unreachable", async () => {
    await fake.refuse();
    const { id } = await client.create();
    const answer = await client.batch(id, { message: "anybody there?" });
    await fake.accept();
    expect(answer).toMatchObject({ status: 502, body: { code: "model_unreachable" } });
  });

  it("[TURN-8] of a conversation that is deleted meanwhile ends with 410 conversation_deleted", async () => {
    const { id } = await client.create();
    fake.next({ kind: "answer", text: "word ".repeat(5000), tokenDelayMs: 5 });
    const asked = fake.requests.length;
    const batch = client.batch(id, { message: "go on" });
    await fake.waitForRequest((request) => fake.requests.indexOf(request) >= asked);
    await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    expect(await batch).toMatchObject({ status: 410, body: { code: "conversation_deleted", status: 410 } });
  });

  it("answers 404 in a conversation that is not there or in the trash", async () => {
    const { id } = await client.create();
    await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    expect(await client.batch(id, { message: "x" })).toMatchObject({
      status: 404,
      body: { code: "conversation_trashed" },
    });
    const unknown = await client.batch(randomUUID(), { message: "x" });
    expect(unknown).toMatchObject({ status: 404, body: { code: "conversation_not_found" } });
  });
});

describe("a stream", () => {
  it("[TURN-8] of a conversation that is deleted the moment its message is stored is never answered as if nothing was sent", async () => {
    let stored = 0;
    for (let times = 0; times < 40; times++) {
      const { id } = await client.create();
      const stream = client.stream(id, { message: "hello" });
      // At every point of the way between the commit and the first event.
      for (let turns = 0; turns < times; turns++) await new Promise((resolve) => setImmediate(resolve));
      await client.call(`/api/conversations/${id}`, { method: "DELETE" });
      const response = await stream;
      const end = response.ok ? (await allEvents(response)).at(-1) : await response.json();
      await client.call(`/api/conversations/${id}/restore`, { method: "POST" });
      if ((await client.open(id)).message_count === 0) continue;
      stored++;
      expect([200, 410]).toContain(response.status);
      if (response.status === 410) expect(end).toMatchObject({ code: "conversation_deleted" });
    }
    expect(stored).toBeGreaterThan(0);
  });

  it("[TURN-1] is numbered from 1, begins with start and ends with done", async () => {
    const { id } = await client.create();
    const response = await client.stream(id, { message: "hello" });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("content-encoding")).toBeNull();
    const events = await allEvents(response);
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({ event: "start", data: { message_count: 1, user_message: { content: "hello" } } });
    expect(textOf(events)).toBe(FAKE_ANSWER);
    const last = events.at(-1);
    expect(last).toMatchObject({
      event: "done",
      data: { message_count: 2, last_seq: 2, message: { content: FAKE_ANSWER } },
    });
    expect(events.filter(({ event }) => event === "done" || event === "error")).toHaveLength(1);
    const start = events[0];
    expect(start?.event === "start" && last?.event === "done" && start.data.reply_id === last.data.message.id).toBe(
      true,
    );
  });

  it("[TURN-1] has committed the user message before its first event", async () => {
    const { id } = await client.create();
    const { start, replyId } = await startEndless(id);
    const opened = await client.open(id);
    expect(opened.messages).toEqual([start.user_message]);
    await stop(id, replyId);
  });

  it("[TURN-3] joined by a repeat gives the same reply from its start", async () => {
    const { id } = await client.create();
    const send = { message: "once", clientMessageId: randomUUID() };
    const [one, two] = await Promise.all([client.stream(id, send), client.stream(id, send)]);
    const [first, second] = await Promise.all([allEvents(one), allEvents(two)]);
    const late = await allEvents(await client.stream(id, send));
    expect(textOf(second)).toBe(textOf(first));
    expect(late[0]).toEqual(first[0]);
    expect(late.at(-1)).toEqual(first.at(-1));
    expect((await client.open(id)).message_count).toBe(2);
  });

  it("[TURN-2] left by its reader, the reply runs to its end", async () => {
    const { id } = await client.create();
    fake.next({ kind: "answer", text: "a reply that nobody watches", tokenDelayMs: 20 });
    const before = await client.sync();
    const controller = new AbortController();
    const response = await client.stream(id, { message: "hello", signal: controller.signal });
    await readEvents(response).next();
    controller.abort();
    let watermark = before;
    for (let poll = 0; poll < 20; poll++) {
      watermark = await client.sync(`${since(watermark)}&wait=5`);
      if (watermark.conversations.some((row) => row.id === id && row.message_count === 2)) break;
    }
    expect((await client.open(id)).messages[1]).toMatchObject({
      content: "a reply that nobody watches",
      status: "complete",
    });
  });

  it("[MSG-4] is not among the messages while it runs; the conversation carries its text and where to attach", async () => {
    const { id } = await client.create();
    const { events, replyId } = await startEndless(id);
    for (let count = 0; count < 5; count++) await events.next();
    const opened = await client.open(id);
    expect(opened).toMatchObject({ message_count: 1, active_reply_id: replyId, active_reply: { reply_id: replyId } });
    const active = opened.active_reply;
    expect(active?.text).toMatch(/^word /);
    await stop(id, replyId);
    const missed = await allEvents(await replay(id, replyId, { query: `?after=${active?.last_event_id}` }));
    const whole = (active?.text ?? "") + textOf(missed);
    expect((await client.open(id)).messages[1]?.content).toBe(whole);
  });

  it("[TURN-4] is replayed to any reader after any event, by query or Last-Event-ID", async () => {
    const { id } = await client.create();
    const events = await allEvents(await client.stream(id, { message: "hello" }));
    const replyId = events[0]?.event === "start" ? events[0].data.reply_id : "";
    expect(await allEvents(await replay(id, replyId))).toEqual(events);
    const byQuery = await allEvents(await replay(id, replyId, { query: "?after=3" }));
    const byHeader = await allEvents(await replay(id, replyId, { lastEventId: "3" }));
    expect(textOf(byQuery)).toBe(textOf(events.slice(3)));
    expect(byQuery.at(-1)).toEqual(events.at(-1));
    expect(byHeader).toEqual(byQuery);
    // Who reconnects asks the same address again; who asks a later one has seen more than it says.
    for (const [query, lastEventId] of [
      ["?after=1", "3"],
      ["?after=3", "1"],
    ] as const) {
      expect(await allEvents(await replay(id, replyId, { query, lastEventId }))).toEqual(byQuery);
    }
    const afterEnd = await allEvents(await replay(id, replyId, { query: "?after=100000" }));
    expect(afterEnd.map(({ event }) => event)).toEqual(["done"]);
  });

  it("[TURN-4] of an unknown reply is 404, and a bad position is 400", async () => {
    const { id } = await client.create();
    expect(await client.call(`/api/conversations/${id}/chat/replies/${randomUUID()}/stream`)).toMatchObject({
      status: 404,
    });
    expect(await client.call(`/api/conversations/${id}/chat/replies/none/stream`)).toMatchObject({ status: 404 });
    const { body } = await client.batch<TurnResult>(id, { message: "x" });
    const path = `/api/conversations/${id}/chat/replies/${body.message.id}/stream`;
    expect(await client.call(`${path}?after=-1`)).toMatchObject({ status: 400 });
    expect(await client.call(path, { headers: { "last-event-id": "x" } })).toMatchObject({ status: 400 });
  });

  it("[TURN-5] stopped from anywhere ends for everybody, keeps its text, and asks the model for no more", async () => {
    const { id } = await client.create();
    const asked = fake.requests.length;
    const { events, replyId } = await startEndless(id);
    for (let count = 0; count < 4; count++) await events.next();
    const other = replay(id, replyId);
    const startedAt = performance.now();
    const stopped = await stop(id, replyId);
    expect(stopped).toMatchObject({ status: 200, body: { status: "stopped", reply_id: replyId } });
    const [own, seen] = [await collect(events), await allEvents(await other)];
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(own.at(-1)).toMatchObject({ event: "done", data: { message: { status: "stopped" } } });
    expect(seen.at(-1)).toEqual(own.at(-1));
    const request = fake.requests[asked];
    if (request) await fake.waitForAbandon(request);
    expect((await client.open(id)).messages[1]).toMatchObject({ content: textOf(seen), status: "stopped" });
    expect(await stop(id, replyId)).toMatchObject({ status: 200, body: { status: "ended" } });
  });

  it("[TURN-5] stopped before its first token is kept as stopped, without text", async () => {
    const { id } = await client.create();
    fake.next({ kind: "answer", firstTokenDelayMs: 30_000 });
    const response = await client.stream(id, { message: "slow" });
    const events = readEvents(response);
    const { value: start } = await events.next();
    await stop(id, start?.event === "start" ? start.data.reply_id : "");
    const end = (await collect(events)).at(-1);
    expect(end).toMatchObject({
      event: "done",
      data: { message_count: 2, message: { content: "", status: "stopped" } },
    });
  });

  it("[TURN-8] ends with error conversation_deleted when its conversation is deleted", async () => {
    const { id } = await client.create();
    const { events } = await startEndless(id);
    await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    expect((await collect(events)).at(-1)).toMatchObject({ event: "error", data: { code: "conversation_deleted" } });
  });

  it("[TURN-9] ends in error with the partial reply that was kept", async () => {
    fake.next({ kind: "cut", words: 3 });
    const { id } = await client.create();
    const events = await allEvents(await client.stream(id, { message: "cut" }));
    expect(events.at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_interrupted", message_count: 2, last_seq: 2, message: { status: "failed" } },
    });
  });

  it("gives a sign of life while the model is silent", async () => {
    const own = await startApp({ env: { OPENAI_BASE_URL: fake.baseUrl, MODELS: "fake-model" }, heartbeatMs: 5 });
    const api = createClient(own.url);
    const { id } = await api.create();
    fake.next({ kind: "answer", firstTokenDelayMs: 300 });
    const text = await (await api.stream(id, { message: "slow" })).text();
    await own.stop();
    expect(text).toMatch(/^id: 1\nevent: start\n/);
    expect(text.slice(0, text.indexOf("event: token"))).toContain("\n: still here\n\n");
  });

  it("refuses another send while a reply runs: 409 reply_running", async () => {
    const { id } = await client.create();
    const { replyId } = await startEndless(id);
    expect(await client.batch(id, { message: "me too" })).toMatchObject({
      status: 409,
      body: { code: "reply_running" },
    });
    await stop(id, replyId);
  });

  it("refuses more than MAX_REPLIES_PER_ACCOUNT at once: 429 with Retry-After", async () => {
    const made = [await client.create(), await client.create(), await client.create()] as const;
    const running = [await startEndless(made[0].id), await startEndless(made[1].id)] as const;
    const answer = await client.batch(made[2].id, { message: "one too many" });
    expect(answer).toMatchObject({ status: 429, body: { code: "too_many_replies" } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    await Promise.all([stop(made[0].id, running[0].replyId), stop(made[1].id, running[1].replyId)]);
    expect(await client.batch(made[2].id, { message: "now" })).toMatchObject({ status: 200 });
  });

  it("asks the model that the send names, with the conversation so far", async () => {
    const { id } = await client.create();
    await client.batch(id, { message: "first" });
    await client.batch(id, { message: "second", more: { model: "other-model" } });
    const { body } = fake.requests.at(-1) ?? {};
    expect(body?.model).toBe("other-model");
    expect(body?.messages?.filter(({ role }) => role !== "system").map(({ content }) => content)).toEqual([
      "first",
      FAKE_ANSWER,
      "second",
    ]);
  });

  it("gives a conversation without a title the first words of its first message", async () => {
    const { body } = await client.call<ConversationSummary>("/api/conversations", { body: {} });
    const { body: turn } = await client.batch<TurnResult>(body.id, { message: "How do bees find home?" });
    expect(turn.title).toBe("How do bees find home?");
  });
});

it("[TURN-3] a repeated send joins its turn also where the model that it named has gone since", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "instep-models-"));
  const send = { message: "Hello", clientMessageId: randomUUID(), more: { model: "old" } };
  const before = await startApp({ env: { DATA_DIR: dataDir, MODELS: "old" } });
  const { id } = await createClient(before.url).create();
  const first = await createClient(before.url).batch<TurnResult>(id, send);
  await before.stop();
  const after = await startApp({ env: { DATA_DIR: dataDir, MODELS: "new" } });
  const again = createClient(after.url);
  expect((await again.batch<TurnResult>(id, send)).body.message.id).toBe(first.body.message.id);
  const another = await again.batch(id, { message: "Hello", more: { model: "old" } });
  expect(another).toMatchObject({ status: 422, body: { code: "unknown_model" } });
  await after.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
