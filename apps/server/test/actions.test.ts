import { randomUUID } from "node:crypto";
import type { ActionsAnswer, ConversationSummary, SyncResponse } from "@instep/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allEvents, createClient, since, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;

beforeAll(async () => {
  app = await startApp({ env: { DEMO_TOKEN_DELAY_MS: "20" } });
  client = createClient(app.url);
});

afterAll(() => app.stop());

const act = <T = ActionsAnswer>(body: unknown) => client.call<T>("/api/conversations/actions", { body });
const flags = ({ archived, pinned, marked_unread: isMarked }: ConversationSummary) => ({ archived, pinned, isMarked });

describe("actions on many conversations", () => {
  it.each([
    ["archive", { archived: true, pinned: false, isMarked: false }],
    ["unarchive", { archived: false, pinned: false, isMarked: false }],
    ["pin", { archived: false, pinned: true, isMarked: false }],
    ["unpin", { archived: false, pinned: false, isMarked: false }],
    ["unread", { archived: false, pinned: false, isMarked: true }],
    ["read", { archived: false, pinned: false, isMarked: false }],
  ])(
    "[CLOCK-1, SYNC-11] %s answers with each as it stands, in the order in which they were asked",
    async (action, expected) => {
      const [one, two] = [await client.create(), await client.create()];
      const before = await client.sync();
      const { status, body } = await act({ action, ids: [two.id, one.id.toUpperCase(), two.id] });
      expect(status).toBe(200);
      expect(body.conversations.map(({ id }) => id)).toEqual([two.id, one.id]);
      expect(body.conversations.map(flags)).toEqual([expected, expected]);
      expect(body).toMatchObject({ deleted_ids: [], missing_ids: [] });
      const after: SyncResponse = await client.sync(since(before));
      expect([after.server_time, after.epoch]).toEqual([body.server_time, body.epoch]);
      const changes = ["archive", "pin", "unread"].includes(action) ? 2 : 0;
      expect(after.conversations).toHaveLength(changes);
    },
  );

  it("[TURN-8] trash ends a running reply, and restore brings all back; what isn't found is named", async () => {
    const [one, two] = [await client.create(), await client.create()];
    const events = allEvents(await client.stream(one.id, { message: "Tell me a long story" }));
    const unknown = randomUUID();
    const trashed = await act({ action: "trash", ids: [one.id, two.id, unknown, "temp-draft"] });
    expect(trashed.body).toMatchObject({ conversations: [], deleted_ids: [one.id, two.id] });
    expect(trashed.body.missing_ids).toEqual([unknown, "temp-draft"]);
    expect((await events).at(-1)).toMatchObject({ event: "error", data: { code: "conversation_deleted" } });
    expect((await act({ action: "archive", ids: [one.id] })).body.missing_ids).toEqual([one.id]);
    const restored = await act({ action: "restore", ids: [one.id, two.id] });
    expect(restored.body.conversations.map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(restored.body.conversations[0]).toMatchObject({ active_reply_id: null, message_count: 1 });
  });

  it("reads all that is unread, archived ones too, and tells what it read", async () => {
    const [one, two] = [await client.create(), await client.create()];
    await client.batch(one.id, { message: "Hello" });
    await act({ action: "unread", ids: [two.id] });
    await act({ action: "archive", ids: [two.id] });
    const { body } = await act({ action: "read", all: true });
    const ids = body.conversations.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([one.id, two.id]));
    for (const summary of body.conversations) {
      expect(summary).toMatchObject({ unread_count: 0, marked_unread: false, read_seq: summary.last_seq });
    }
    expect((await act({ action: "read", all: true })).body.conversations).toEqual([]);
  });

  it.each([
    ["no action", { ids: [] }],
    ["an unknown action", { action: "burn", ids: [] }],
    ["neither ids nor all", { action: "read" }],
    ["both", { action: "read", ids: [], all: true }],
    ["all with another action", { action: "trash", all: true }],
    ["all that is false", { action: "read", all: false }],
    ["ids that are no list", { action: "read", ids: "x" }],
    ["an id that is no text", { action: "read", ids: [7] }],
    ["more than 500 ids", { action: "read", ids: Array.from({ length: 501 }, () => randomUUID()) }],
  ])("refuses %s with 400, and does nothing", async (_what, body) => {
    const before = await client.sync();
    const refused = await act(body);
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_body" } });
    expect((await client.sync()).server_time).toBe(before.server_time);
  });

  it("tells of ids that can be none as the call on one does, however long they are, and does the rest", async () => {
    const { id } = await client.create();
    const odd = ["", "x".repeat(101), "\u{1F600}".repeat(9000), "../x"];
    const told = await act({ action: "pin", ids: [odd[0], id, ...odd.slice(1)] });
    expect(told).toMatchObject({ status: 200, body: { missing_ids: odd, conversations: [{ id, pinned: true }] } });
  });

  it("takes 500 ids, and none", async () => {
    const ids = Array.from({ length: 500 }, () => randomUUID());
    expect((await act({ action: "pin", ids })).body.missing_ids).toEqual(ids);
    expect((await act({ action: "pin", ids: [] })).body).toMatchObject({ conversations: [], missing_ids: [] });
  });
});
