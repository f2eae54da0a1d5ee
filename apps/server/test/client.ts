/** A device in its plainest form: the calls that tests make, over real HTTP. */
import type { ConversationDetail, ConversationSummary, Problem, SyncResponse, TurnEvent } from "@instep/protocol";
import { createParser } from "eventsource-parser";
import { randomUUID } from "node:crypto";
import { request } from "node:http";

export interface CallOptions {
  readonly method?: string;
  /** Sent as JSON, or as it is where it is a string. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** `body` is the parsed JSON, or null where there is none; what it should be is for the test to say and to check. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}

export interface SendOptions {
  readonly message?: string;
  readonly clientMessageId?: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface Client {
  readonly url: string;
  call<T = Problem>(path: string, options?: CallOptions): Promise<Answer<T>>;
  create(title?: string): Promise<ConversationSummary>;
  open(id: string): Promise<ConversationDetail>;
  sync(query?: string): Promise<SyncResponse>;
  batch<T = Problem>(id: string, send: SendOptions): Promise<Answer<T>>;
  /** Opens a stream; read it with `readEvents`. */
  stream(id: string, send: SendOptions): Promise<Response>;
}

/** `own` are headers that go with every call, such as a session's cookie. */
export function createClient(url: string, own: Readonly<Record<string, string>> = {}): Client {
  const requestOf = (options: CallOptions): RequestInit =>
    plainRequestOf({ ...options, headers: { ...own, ...options.headers } });
  const call = async <T = Problem>(path: string, options: CallOptions = {}): Promise<Answer<T>> => {
    const response = await fetch(`${url}${path}`, requestOf(options));
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : null) as T };
  };
  const get = async <T>(path: string, options?: CallOptions): Promise<T> => (await call<T>(path, options)).body;
  return {
    url,
    call,
    create: (title = "A conversation") => get("/api/conversations", { body: { id: randomUUID(), title } }),
    open: (id) => get(`/api/conversations/${id}`),
    sync: (query = "") => get(`/api/conversations/sync${query === "" ? "" : `?${query}`}`),
    batch: (id, send) => call(`/api/conversations/${id}/chat/batch`, sendOf(send)),
    stream: (id, send) => fetch(`${url}/api/conversations/${id}/chat/stream`, requestOf(sendOf(send))),
  };
}

/** The increment after an answer. */
export function since({ server_time, epoch }: SyncResponse): string {
  return `since=${encodeURIComponent(server_time)}&epoch=${epoch}`;
}

/** The events of a stream as they come; ends with it. */
export async function* readEvents(response: Response): AsyncGenerator<TurnEvent> {
  const waiting: TurnEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => waiting.push({ id: Number(id), event, data: JSON.parse(data) } as TurnEvent),
  });
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* waiting.splice(0);
  }
}

export function allEvents(response: Response): Promise<TurnEvent[]> {
  return collect(readEvents(response));
}

/** Everything that is still to come. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** The text that a stream's tokens make. */
export function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.event === "token" ? event.data.text : "")).join("");
}

/** A call with headers that `fetch` keeps for itself, such as `Host`, and with a path sent as it is. */
export function rawCall(
  url: string,
  path: string,
  options: CallOptions = {},
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  const headers = { ...options.headers, ...(options.body !== undefined && { "content-type": "application/json" }) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method: options.method ?? "GET", headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on("error", reject);
    sent.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}

function sendOf({ message, clientMessageId = randomUUID(), more, signal }: SendOptions): CallOptions {
  const body = { ...(message !== undefined && { message }), client_message_id: clientMessageId, ...more };
  return { body, ...(signal && { signal }) };
}

function plainRequestOf({ method, body, headers = {}, signal }: CallOptions): RequestInit {
  if (body === undefined) return { method: method ?? "GET", headers, signal: signal ?? null };
  return {
    method: method ?? "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal: signal ?? null,
  };
}
