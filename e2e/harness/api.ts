/** What another device does, without a browser: the calls of the specification that the tests make themselves. */
import { randomUUID } from "node:crypto";

interface Summary {
  readonly id: string;
  readonly title: string;
  readonly message_count: number;
  readonly last_seq: number;
  readonly unread_count: number;
  readonly pinned: boolean;
  readonly active_reply_id: string | null;
}

interface Detail extends Summary {
  readonly messages: readonly {
    readonly id: string;
    readonly seq: number;
    readonly role: string;
    readonly content: string;
    readonly status: string;
  }[];
}

/** Every call throws where the answer is not a success. */
export class Api {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  create(title: string, id: string = randomUUID()): Promise<Summary> {
    return this.call("POST", "/api/conversations", { id, title });
  }

  open(id: string): Promise<Detail> {
    return this.call("GET", `/api/conversations/${id}?message_limit=200`);
  }

  rename(id: string, title: string): Promise<Summary> {
    return this.call("PATCH", `/api/conversations/${id}`, { title });
  }

  delete(id: string): Promise<unknown> {
    return this.call("DELETE", `/api/conversations/${id}`);
  }

  restore(id: string): Promise<Summary> {
    return this.call("POST", `/api/conversations/${id}/restore`);
  }

  /** One whole turn: two messages more. */
  turn(id: string, message: string): Promise<unknown> {
    return this.call("POST", `/api/conversations/${id}/chat/batch`, { message, client_message_id: randomUUID() });
  }

  /** Starts a turn and goes away; the reply runs on [TURN-2]. */
  async begin(id: string, message: string): Promise<void> {
    const abort = new AbortController();
    const body = JSON.stringify({ message, client_message_id: randomUUID() });
    const headers = { "content-type": "application/json", connection: "close" };
    const response = await fetch(`${this.#url}/api/conversations/${id}/chat/stream`, {
      method: "POST",
      headers,
      body,
      signal: abort.signal,
    });
    if (!response.ok) throw new Error(`POST …/chat/stream: ${response.status} ${await response.text()}`);
    await response.body?.getReader().read();
    abort.abort();
  }

  async stopReply(id: string): Promise<void> {
    const { active_reply_id: reply } = await this.open(id);
    await this.call("POST", `/api/conversations/${id}/chat/replies/${reply}/stop`);
  }

  /** A conversation with that many finished turns. */
  async conversation(title: string, turns = 1): Promise<Summary> {
    const { id } = await this.create(title);
    for (let turn = 1; turn <= turns; turn++) await this.turn(id, `Question ${turn} about ${title}`);
    return this.open(id);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      // A connection that is kept would be one to the server before its restart.
      headers: { connection: "close", ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}
