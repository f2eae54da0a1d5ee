/** Versions over HTTP: what a turn replaced, and bringing it back. */
import type { ConversationDetail, MessagePage, TurnResult, VersionList } from "@instep/protocol";
import { MessagePageSchema, TurnResultSchema, VersionListSchema } from "@instep/protocol/schemas";
import { randomUUID } from "node:crypto";
import { Value } from "typebox/value";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let fake: OpenAiFake;
let app: StartedApp;
let client: Client;

beforeAll(async () => {
  fake = await startOpenAiFake();
  const env = { OPENAI_BASE_URL: fake.baseUrl, MODELS: "fake-model=Fake", TITLES: "words" };
  app = await startApp({ env });
  client = createClient(app.url);
});

beforeEach(() => fake.behave({ kind: "answer" }));

afterAll(async () => {
  await app.stop();
  await fake.close();
});

async function conversationOf(turns: number): Promise<string> {
  const { id } = await client.create();
  for (let n = 1; n <= turns; n++) await client.batch(id, { message: `question ${n}` });
  return id;
}

const versionsOf = (id: string, seq: number | string) =>
  client.call<VersionList>(`/api/conversations/${id}/versions/${seq}`);
const restore = (id: string, versionId: string, body: unknown) =>
  client.call<MessagePage>(`/api/conversations/${id}/versions/${versionId}/restore`, { method: "POST", body });
const contents = ({ messages }: Pick<ConversationDetail, "messages">) => messages.map(({ content }) => content);

test("[MSG-5] an edit's batch says what it replaced; the version can be read and brought back", async () => {
  const id = await conversationOf(2);
  const before = await client.open(id);
  const edited = await client.batch<TurnResult>(id, { message: "anew", more: { replace_from_seq: 1 } });
  expect(edited.status).toBe(200);
  expect(Value.Check(TurnResultSchema, edited.body)).toBe(true);
  expect(edited.body).toMatchObject({ user_message: { version_count: 1 }, replaced: { message_count: 4 } });
  const listed = await versionsOf(id, 5);
  expect(listed.status).toBe(200);
  expect(Value.Check(VersionListSchema, listed.body)).toBe(true);
  expect(listed.body.versions).toMatchObject([
    { version_id: edited.body.replaced?.version_id, messages: before.messages },
  ]);
  const back = await restore(id, edited.body.replaced?.version_id ?? "", { expected_last_seq: 6 });
  expect(back.status).toBe(200);
  expect(Value.Check(MessagePageSchema, back.body)).toBe(true);
  expect(contents(back.body)).toEqual(contents(before));
  expect(back.body.message_pagination).toMatchObject({ total_count: 4, has_older: false, has_newer: false });
  expect(await client.open(id)).toMatchObject({ message_count: 4, last_seq: 10, messages: back.body.messages });
});

test("[MSG-5] a reply that is asked again of a model that refuses stands again, and the batch says so", async () => {
  const id = await conversationOf(2);
  const before = await client.open(id);
  fake.behave({ kind: "status", status: 401 });
  const asked = await client.batch(id, { more: { replace_from_seq: 2 } });
  expect(asked.status).toBe(502);
  expect(asked.body).toMatchObject({ code: "model_unauthorized", brought_back: 3, message: null, message_count: 4 });
  const after = await client.open(id);
  expect(contents(after)).toEqual(contents(before));
  expect(after.messages.some((message) => message.version_count !== undefined)).toBe(false);
});

test("[MSG-5] [TURN-7] what can't be brought back is refused with the code that says why", async () => {
  const id = await conversationOf(1);
  const { body } = await client.batch<TurnResult>(id, { message: "anew", more: { replace_from_seq: 1 } });
  const versionId = body.replaced?.version_id ?? "";
  const code = async (answer: Promise<{ status: number; body: unknown }>) => {
    const { status, body: problem } = await answer;
    return [status, (problem as { code?: string }).code];
  };
  expect(await code(restore(id, versionId, { expected_last_seq: 3 }))).toEqual([409, "stale_conversation"]);
  expect(await code(restore(id, versionId, {}))).toEqual([400, "invalid_body"]);
  expect(await code(restore(id, versionId, { expected_last_seq: "4" }))).toEqual([400, "invalid_body"]);
  expect(await code(restore(id, randomUUID(), { expected_last_seq: 4 }))).toEqual([404, "version_not_found"]);
  expect(await code(restore(id, "x", { expected_last_seq: 4 }))).toEqual([404, "version_not_found"]);
  expect(await code(restore(randomUUID(), versionId, { expected_last_seq: 4 }))).toEqual([
    404,
    "conversation_not_found",
  ]);
  for (const seq of [0, 1, 99]) expect(await code(versionsOf(id, seq))).toEqual([404, "message_not_found"]);
  for (const seq of ["x", "-1", "1.5", "9".repeat(30)]) {
    expect(await code(versionsOf(id, seq))).toEqual([400, "invalid_parameter"]);
  }
  for (const cursor of ["x", "a&cursor=b"]) {
    expect(await code(versionsOf(id, `3?cursor=${cursor}`))).toEqual([400, "invalid_parameter"]);
  }
  expect(await code(versionsOf(randomUUID(), 3))).toEqual([404, "conversation_not_found"]);
  await client.call(`/api/conversations/${id}`, { method: "DELETE" });
  expect(await code(versionsOf(id, 3))).toEqual([404, "conversation_trashed"]);
  expect(await code(restore(id, versionId, { expected_last_seq: 4 }))).toEqual([404, "conversation_trashed"]);
});

test("[MSG-5] [SAFE-2] what is longer than a page of versions is asked for by its cursor", async () => {
  const id = await conversationOf(0);
  const ask = async (letter: string, more: { replace_from_seq?: number }): Promise<number> =>
    (await client.batch<TurnResult>(id, { message: letter.repeat(180_000), more })).body.user_message.seq;
  let seq = await ask("a", {});
  for (const letter of "bcdefgh") seq = await ask(letter, { replace_from_seq: seq });
  const letters: string[] = [];
  for (let query = ""; ;) {
    const { status, body } = await versionsOf(id, `${seq}${query}`);
    expect([status, Value.Check(VersionListSchema, body)]).toEqual([200, true]);
    const questions = body.versions.flatMap(({ messages }) => messages.filter(({ role }) => role === "user"));
    letters.push(questions.map(({ content }) => content.slice(0, 1)).join(""));
    if (body.next_cursor === undefined) break;
    query = `?cursor=${encodeURIComponent(body.next_cursor)}`;
  }
  expect(letters).toEqual(["abcde", "fg"]);
});

test("[TURN-11] replace_from_seq of the wrong kind is 400", async () => {
  const id = await conversationOf(1);
  const withoutText = await client.batch(id, { more: { replace_from_seq: 1 } });
  const withText = await client.batch(id, { message: "text", more: { replace_from_seq: 2 } });
  for (const answer of [withoutText, withText]) {
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_body" } });
  }
  expect(await client.open(id)).toMatchObject({ message_count: 2, last_seq: 2 });
});
