/** What a conversation tells its models: kept apart from its row, told first, in the form that the endpoint takes. */
import {
  MAX_INSTRUCTIONS_LENGTH,
  MAX_TITLE_LENGTH,
  type ActionsAnswer,
  type ConversationDetail,
  type ConversationList,
  type ConversationSummary,
} from "@instep/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, since, type Client } from "./client.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let fake: OpenAiFake;
let app: StartedApp;
let client: Client;

beforeEach(async () => {
  fake = await startOpenAiFake();
  app = await startApp({ env: { OPENAI_BASE_URL: fake.baseUrl, OPENAI_API_KEY: "key-12345678", TITLES: "words" } });
  client = createClient(app.url);
});

afterEach(async () => {
  await app.stop();
  await fake.close();
});

const instruct = <T = ConversationSummary>(id: string, instructions: unknown) =>
  client.call<T>(`/api/conversations/${id}`, { method: "PATCH", body: { instructions } });

const asked = () =>
  fake.requests.map(({ body }) => (body.messages ?? []).map(({ role, content }) => `${role}: ${content}`));

describe("instructions", () => {
  it("stand in the conversation that is opened, not in rows, and their change is told to other devices", async () => {
    const { id } = await client.create();
    expect((await client.open(id)).instructions).toBeNull();
    const before = await client.sync();
    const { status, body } = await instruct(id, "Be brief.\n");
    expect(status).toBe(200);
    const increment = await client.sync(since(before));
    expect(increment.conversations.map((row) => row.id)).toEqual([id]);
    expect((await client.open(id)).instructions).toBe("Be brief.\n");
    const list = await client.call<ConversationList>("/api/conversations");
    for (const row of [body, increment.conversations[0], list.body.conversations[0]]) {
      expect(row).not.toHaveProperty("instructions");
    }
  });

  it.each([null, "", " \n ", "\u200b", "\u2800 \u00ad\u0007"])(
    "[TICK-1] are taken away by %j, and what stands is no change",
    async (nothing) => {
      const { id } = await client.create();
      await instruct(id, "Be brief.");
      const set = await client.sync();
      await instruct(id, "Be brief.");
      await client.call(`/api/conversations/${id}`, { method: "PATCH", body: { pinned: false } });
      expect((await client.sync()).server_time).toBe(set.server_time);
      expect((await client.open(id)).instructions).toBe("Be brief.");
      await instruct(id, nothing);
      const cleared = await client.sync();
      expect(cleared.server_time > set.server_time).toBe(true);
      expect((await client.open(id)).instructions).toBeNull();
      await instruct(id, nothing);
      expect((await client.sync()).server_time).toBe(cleared.server_time);
    },
  );

  it("may have 20,000 characters; more, and what is no text, is refused and changes nothing", async () => {
    const { id } = await client.create();
    const longest = "😀".repeat(MAX_INSTRUCTIONS_LENGTH / 2);
    expect((await instruct(id, longest)).status).toBe(200);
    for (const wrong of [`${longest}x`, "x".repeat(MAX_INSTRUCTIONS_LENGTH + 1), 7, ["x"], {}]) {
      const refused = await instruct<{ code: string; field: string }>(id, wrong);
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_body", field: "instructions" } });
    }
    expect((await client.open(id)).instructions).toBe(longest);
    const made = await client.call("/api/conversations", { body: { instructions: `${longest}x` } });
    expect(made).toMatchObject({ status: 400, body: { code: "invalid_body", field: "instructions" } });
  });

  it("and titles are counted as devices count them, at their making and later", async () => {
    const longest = "😀".repeat(MAX_TITLE_LENGTH / 2);
    const { id } = await client.create(longest);
    const refused = { status: 400, body: { code: "invalid_body", field: "title" } };
    const body = { title: `${longest}x` };
    expect(await client.call("/api/conversations", { body })).toMatchObject(refused);
    expect(await client.call(`/api/conversations/${id}`, { method: "PATCH", body })).toMatchObject(refused);
    expect((await client.open(id)).title).toBe(longest);
  });

  it("are told to the model first in every turn, also in one that asks again, and no more once they are taken away", async () => {
    const { id } = await client.create();
    await instruct(id, "Be brief.");
    await client.batch(id, { message: "One" });
    await client.batch(id, { more: { replace_from_seq: 2 } });
    await instruct(id, null);
    await client.batch(id, { message: "Two" });
    expect(asked().map((messages) => messages.slice(0, 2))).toEqual([
      ["system: Be brief.", "user: One"],
      ["system: Be brief.", "user: One"],
      ["user: One", expect.stringMatching(/^assistant: /)],
    ]);
    expect((await client.open(id)).messages.filter(({ role }) => role === "system")).toEqual([]);
  });

  it("[MODEL-3] reach an endpoint that refuses a system role in the form that it takes", async () => {
    fake.behave({
      kind: "picky",
      refuses: ({ messages = [] }) =>
        messages.some(({ role }) => role === "system")
          ? { status: 400, body: { error: { message: "System role not supported" } } }
          : null,
    });
    const { id } = await client.create();
    await instruct(id, "Be brief.");
    const answer = await client.batch(id, { message: "One" });
    expect(answer.status).toBe(200);
    expect(asked().at(-1)).toEqual(["user: Be brief.\n\nOne"]);
  });

  it("come back with their conversation from the trash, and belong to no other", async () => {
    const [{ id }, other] = [await client.create(), await client.create()];
    await instruct(id, "Be brief.");
    await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    expect(await instruct(id, "Be long.")).toMatchObject({ status: 404, body: { code: "conversation_trashed" } });
    const restored = await client.call<ActionsAnswer>("/api/conversations/actions", {
      body: { action: "restore", ids: [id] },
    });
    expect(restored.body.conversations).toHaveLength(1);
    const opened: ConversationDetail = await client.open(id);
    expect([opened.instructions, (await client.open(other.id)).instructions]).toEqual(["Be brief.", null]);
  });
});
