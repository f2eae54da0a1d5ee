/**
 * The design that this one grew out of, as it was written down, on the same parts: `updated_at > since` by the wall clock, message
 * counts by a join and `COUNT`, one transaction a write on the request's own thread. It gets the indexes that it would want.
 */
import Database from "better-sqlite3";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { gzip } from "node:zlib";
import { seededRandom } from "../seeded-random.ts";
import { answerJson, listen, textOf } from "../servers/listen.ts";
import { accountOfSession } from "../servers/session.ts";

export interface OriginalOptions {
  readonly folder: string;
  readonly conversations: number;
  readonly messagesEach: number;
}

const SCHEMA = `
  CREATE TABLE conversation (id TEXT PRIMARY KEY, account TEXT NOT NULL, title TEXT NOT NULL, updated_at TEXT NOT NULL);
  CREATE TABLE message (id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, content TEXT NOT NULL, created_at TEXT NOT NULL);`;
const INDEXES = `
  CREATE INDEX conversation_updated ON conversation (account, updated_at);
  CREATE INDEX message_conversation ON message (conversation_id);`;
const CHANGED = `
  SELECT conversation.id, title, updated_at, COUNT(message.id) AS message_count FROM conversation
  LEFT JOIN message ON message.conversation_id = conversation.id
  WHERE account = ? AND updated_at > ? GROUP BY conversation.id ORDER BY updated_at`;

/** Fills a database of its own and serves it: the sync call, and `POST /append?<n>` for the n-th conversation. */
export async function serveOriginalDesign(options: OriginalOptions): Promise<string> {
  const db = new Database(join(options.folder, "original.db"));
  const ids = fill(db, options);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  const changed = db.prepare<[string, string]>(CHANGED);
  const append = appending(db);

  function sync(account: string, { url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const since = new URL(url, "http://localhost").searchParams.get("since");
    const serverTime = new Date().toISOString();
    const conversations = changed.all(account, since ?? "");
    const json = JSON.stringify({
      conversations,
      deleted_ids: [],
      server_time: serverTime,
      is_full_sync: since === null,
    });
    if (json.length < 1024 || !headers["accept-encoding"]?.includes("gzip")) return answerJson(response, json);
    gzip(json, (_error, bytes) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "content-length": bytes.length,
      });
      response.end(bytes);
    });
  }

  return listen((request, response) => {
    const account = accountOfSession(request);
    if (account === undefined) return void response.writeHead(401).end();
    if (request.method === "GET") return sync(account, request, response);
    const index = Number(request.url?.split("?")[1] ?? 0);
    textOf(request).then(
      (text) => answerJson(response, append(ids[index % ids.length] ?? "", text)),
      () => response.destroy(),
    );
  });
}

function appending(db: Database.Database): (conversationId: string, content: string) => string {
  const insert = db.prepare("INSERT INTO message (id, conversation_id, content, created_at) VALUES (?, ?, ?, ?)");
  const touch = db.prepare("UPDATE conversation SET updated_at = ? WHERE id = ?");
  const both = db.transaction((conversationId: string, content: string) => {
    const now = new Date().toISOString();
    const id = crypto.randomUUID();
    insert.run(id, conversationId, content, now);
    touch.run(now, conversationId);
    return JSON.stringify({ id, conversation_id: conversationId, content, created_at: now });
  });
  return both;
}

function fill(db: Database.Database, { conversations, messagesEach }: OriginalOptions): readonly string[] {
  db.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
  db.exec(SCHEMA);
  const random = seededRandom(1);
  const conversation = db.prepare("INSERT INTO conversation VALUES (?, 'account', ?, ?)");
  const message = db.prepare("INSERT INTO message VALUES (?, ?, ?, ?)");
  const ids: string[] = [];
  const at = Date.now() - 86_400_000;
  db.transaction(() => {
    for (let index = 0; index < conversations; index++) {
      const id = random.uuid();
      const time = new Date(at + index).toISOString();
      ids.push(id);
      conversation.run(id, random.text(4), time);
      for (let count = 0; count < messagesEach; count++) message.run(crypto.randomUUID(), id, random.text(12), time);
    }
  })();
  db.exec(INDEXES);
  return ids;
}
