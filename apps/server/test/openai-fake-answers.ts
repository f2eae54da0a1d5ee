/** What the fake of a model's endpoint can do with a request, rightly and wrongly. */
import type { ServerResponse } from "node:http";

/** What the fake does with a completion request. */
export type FakeBehaviour =
  /** Streams `text` word by word with `[DONE]`, or answers it as one document where the request does not stream. */
  | {
      readonly kind: "answer";
      readonly text?: string;
      readonly tokenDelayMs?: number;
      readonly firstTokenDelayMs?: number;
    }
  /** Streams `words` words and then says nothing more, keeping the connection. */
  | { readonly kind: "silent"; readonly words: number }
  /** Streams `words` words and then breaks the connection. */
  | { readonly kind: "cut"; readonly words: number }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Streams `text` again and again, until its client goes away. */
  | { readonly kind: "endless"; readonly text: string; readonly delayMs?: number }
  /** Answers what `refuses` has nothing against; the rest gets what it says. */
  | {
      readonly kind: "picky";
      readonly refuses: (body: FakeRequest["body"]) => { readonly status: number; readonly body: unknown } | null;
    }
  /** Closes the connection without a word, before or after the status. */
  | { readonly kind: "reset"; readonly isAfterStatus?: boolean }
  /** Writes these pieces as they are, then ends, or says nothing more and keeps the connection. */
  | {
      readonly kind: "raw";
      readonly pieces: readonly (string | Uint8Array)[];
      readonly contentType?: string;
      readonly keepsOpen?: boolean;
    };

export interface FakeRequest {
  readonly path: string;
  readonly authorization: string | null;
  /** As Azure reads a key. */
  readonly apiKey: string | null;
  readonly body: {
    readonly model?: string;
    readonly messages?: readonly { role: string; content: string }[];
  } & Readonly<Record<string, unknown>>;
  /** Set once the client went away before the answer had ended. */
  isAbandoned: boolean;
}

export const FAKE_ANSWER = "Hello from the fake model, which answers every question with the same words.";

/** Does that with the request. */
export async function answer(behaviour: FakeBehaviour, request: FakeRequest, response: ServerResponse): Promise<void> {
  switch (behaviour.kind) {
    case "status":
      for (const [name, value] of Object.entries(behaviour.headers ?? {})) response.setHeader(name, value);
      return sendJson(response, behaviour.status, behaviour.body ?? errorBody(behaviour.status));
    case "endless":
      return streamForEver(response, behaviour);
    case "reset":
      return reset(response, behaviour.isAfterStatus ?? false);
    case "picky": {
      const refusal = behaviour.refuses(request.body);
      if (refusal) return sendJson(response, refusal.status, refusal.body);
      return answer({ kind: "answer" }, request, response);
    }
    case "raw":
      return writePieces(response, behaviour);
    case "answer": {
      if (request.body["stream"] !== true) return sendJson(response, 200, completion(behaviour.text ?? FAKE_ANSWER));
      await pause(behaviour.firstTokenDelayMs ?? 0);
      return streamAnswer(response, splitWords(behaviour.text ?? FAKE_ANSWER), behaviour.tokenDelayMs ?? 0);
    }
    case "silent":
      return streamWords(response, firstWords(behaviour.words), 0);
    case "cut":
      await streamWords(response, firstWords(behaviour.words), 0);
      await pause(20);
      return void response.destroy();
  }
}

async function streamForEver(
  response: ServerResponse,
  { text, delayMs = 1 }: FakeBehaviour & { readonly kind: "endless" },
): Promise<void> {
  while (!response.destroyed) await streamWords(response, [text], delayMs);
}

async function reset(response: ServerResponse, isAfterStatus: boolean): Promise<void> {
  if (isAfterStatus) {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    await pause(20);
  }
  response.destroy();
}

async function writePieces(response: ServerResponse, raw: FakeBehaviour & { readonly kind: "raw" }): Promise<void> {
  response.writeHead(200, { "content-type": raw.contentType ?? "text/event-stream" });
  for (const piece of raw.pieces) {
    response.write(piece);
    await pause(1);
  }
  if (!raw.keepsOpen) response.end();
}

async function streamAnswer(response: ServerResponse, words: readonly string[], delayMs: number): Promise<void> {
  await streamWords(response, words, delayMs);
  response.write(eventOf({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
  response.write(eventOf({ choices: [], usage: { prompt_tokens: 7, completion_tokens: words.length } }));
  response.end("data: [DONE]\n\n");
}

async function streamWords(response: ServerResponse, words: readonly string[], delayMs: number): Promise<void> {
  if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(eventOf({ choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] }));
  for (const word of words) {
    if (response.destroyed) return;
    response.write(eventOf({ choices: [{ index: 0, delta: { content: word }, finish_reason: null }] }));
    if (delayMs > 0) await pause(delayMs);
  }
}

/** One chunk of a stream, as an event. */
export function eventOf(chunk: object): string {
  return `data: ${JSON.stringify({ id: "chatcmpl-fake", object: "chat.completion.chunk", model: "fake-model", ...chunk })}\n\n`;
}

function completion(text: string): object {
  return {
    id: "chatcmpl-fake",
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: splitWords(text).length },
  };
}

function errorBody(status: number): object {
  return { error: { message: `The fake was told to answer ${status}`, type: "fake_error", code: null } };
}

function firstWords(count: number): readonly string[] {
  return splitWords(FAKE_ANSWER).slice(0, count);
}

function splitWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

/** One document, whole. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}

async function pause(delayMs: number): Promise<void> {
  if (delayMs > 0) await new Promise((resolve) => void setTimeout(resolve, delayMs));
}
