/** What every call does with ids in upper case, text that no database keeps, blank titles, pieces of files and deleted conversations. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

const PAGE = "<!doctype html><title>Instep</title>";
const BROKEN = "a\ud800b\0c\udc00";
const MENDED = "a\ufffdb\ufffdc\ufffd";

let pageDir: string;
let app: StartedApp;
let client: Client;

beforeAll(async () => {
  pageDir = mkdtempSync(join(tmpdir(), "instep-page-"));
  writeFileSync(join(pageDir, "index.html"), PAGE);
  app = await startApp({ pageDir });
  client = createClient(app.url);
});

afterAll(async () => {
  await app.stop();
  rmSync(pageDir, { recursive: true, force: true });
});

it("[ID-1] an id in upper case is the same one in lower case, in a body and in an address", async () => {
  const id = randomUUID();
  const made = await client.call("/api/conversations", { body: { id: id.toUpperCase(), title: "Once" } });
  expect(made).toMatchObject({ status: 201, body: { id } });
  expect((await client.call("/api/conversations", { body: { id } })).status).toBe(200);
  const address = `/api/conversations/${id.toUpperCase()}`;
  expect(await client.call(address)).toMatchObject({ status: 200, body: { id } });
  expect(await client.batch(id.toUpperCase(), { message: "Hello" })).toMatchObject({ status: 200 });
  expect((await client.open(id)).message_count).toBe(2);
  expect((await client.call(address, { method: "PATCH", body: { pinned: true } })).status).toBe(200);
  const replyId = (await client.open(id)).messages[1]?.id.toUpperCase() ?? "";
  expect((await fetch(`${app.url}${address}/chat/replies/${replyId}/stream`)).status).toBe(200);
  expect((await client.call(address, { method: "DELETE" })).status).toBe(200);
  expect((await client.sync()).conversations.map((row) => row.id)).not.toContain(id);
});

it("replaces lone surrogates and NUL wherever a body has text, so that what is stored is what is read", async () => {
  const { id } = await client.create();
  const patched = await client.call(`/api/conversations/${id}`, {
    method: "PATCH",
    body: { title: BROKEN, model: BROKEN },
  });
  expect(patched).toMatchObject({ status: 200, body: { title: MENDED, model: MENDED } });
  expect(await client.call("/api/conversations", { body: { title: BROKEN, model: BROKEN } })).toMatchObject({
    status: 201,
    body: { title: MENDED, model: MENDED },
  });
  const made = { id: crypto.randomUUID(), instructions: BROKEN };
  await client.call("/api/conversations", { body: made });
  expect((await client.open(made.id)).instructions).toBe(MENDED);
  expect(await client.call("/api/me", { method: "PATCH", body: { name: BROKEN } })).toMatchObject({
    body: { name: MENDED },
  });
  await client.call(`/api/conversations/${id}`, { method: "PATCH", body: { instructions: BROKEN } });
  expect((await client.open(id)).instructions).toBe(MENDED);
  const odd = await client.call("/api/conversations/actions", {
    body: { action: "pin", ids: [BROKEN, id.toUpperCase()] },
  });
  expect(odd).toMatchObject({ status: 200, body: { conversations: [{ id, pinned: true }], missing_ids: [MENDED] } });
  const other = await client.create();
  await client.batch(other.id, { message: BROKEN, clientMessageId: BROKEN });
  expect((await client.open(other.id)).messages[0]).toMatchObject({ content: MENDED, client_message_id: MENDED });
});

it("refuses a blank title at the creation as at a rename, and takes none at all", async () => {
  for (const title of [" ", "\n\t"]) {
    const answer = await client.call("/api/conversations", { body: { title } });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_body", field: "title" } });
  }
  expect(await client.call("/api/conversations", { body: { title: "" } })).toMatchObject({ status: 201 });
});

it.each(["bytes=0-3", "bytes=99999999-", "bytes=-5", "bytes=5-1", "nonsense"])(
  "sends a file whole where a piece of it is asked for: %s",
  async (range) => {
    const answer = await fetch(`${app.url}/`, { headers: { range } });
    expect([answer.status, await answer.text()]).toEqual([200, PAGE]);
  },
);

it("[TURN-8] a reply can't be read or stopped by its id once its conversation is deleted", async () => {
  const { id } = await client.create();
  await client.batch(id, { message: "Hello" });
  const replyId = (await client.open(id)).messages[1]?.id;
  const stream = `/api/conversations/${id}/chat/replies/${replyId}/stream`;
  const stop = `/api/conversations/${id}/chat/replies/${replyId}/stop`;
  expect((await fetch(`${app.url}${stream}`)).status).toBe(200);
  await client.call(`/api/conversations/${id}`, { method: "DELETE" });
  for (const address of [stream, `${stream}?after=2`]) {
    expect(await client.call(address)).toMatchObject({ status: 404, body: { code: "conversation_trashed" } });
  }
  expect(await client.call(stop, { body: {} })).toMatchObject({ status: 404, body: { code: "conversation_trashed" } });
  await client.call(`/api/conversations/${id}/restore`, { body: {} });
  expect((await fetch(`${app.url}${stream}`)).status).toBe(200);
  await client.call(`/api/conversations/${id}?permanent=true`, { method: "DELETE" });
  expect(await client.call(stream)).toMatchObject({ status: 404 });
  expect(await client.call(stop, { body: {} })).toMatchObject({ status: 404 });
});
