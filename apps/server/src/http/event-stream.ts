/** Server-sent events: a reply's events as `id:`, `event:` and `data:` lines, with a sign of life in every silence. */
import type { TurnEvent } from "@instep/protocol";
import type { ServerResponse } from "node:http";
import { waitForDrain, STALLED_MS } from "./backpressure.ts";

export interface EventStreamOptions {
  /** Aborts when the reader has gone. */
  readonly signal: AbortSignal;
  /** After this much silence a comment line goes out, so that no proxy takes the stream for dead. */
  readonly heartbeatMs: number;
  /** A reader that takes nothing for so long is cut off; it resumes by event number. A minute where left out. */
  readonly stalledMs?: number;
}

/** Tells proxies not to buffer and not to compress, either of which would hold tokens back. */
const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

/** Writes events as they come, until the last or until the reader goes. A slow reader is waited for, which costs no memory, and cut off where it stalls. */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<TurnEvent>,
  { signal, heartbeatMs, stalledMs = STALLED_MS }: EventStreamOptions,
): Promise<void> {
  const heartbeat = begin(response, heartbeatMs);
  try {
    for await (const event of events) {
      heartbeat.refresh();
      if (signal.aborted) return;
      if (!response.write(encodeEvent(event)) && !(await waitForDrain(response, signal, stalledMs))) return;
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

/** Events that are told as they happen, of which a reader may miss some: numbered by the order in which they were sent. */
export interface ToldEvents {
  /** Passed over while the reader takes nothing, so that a slow one costs no memory. */
  readonly tell: (event: string, data: object) => void;
  /** The last one, which is always sent. */
  readonly end: (event: string, data: object) => void;
}

/** Begins an answer of such events. */
export function openEvents(response: ServerResponse, heartbeatMs: number): ToldEvents {
  const heartbeat = begin(response, heartbeatMs);
  let id = 0;
  const write = (event: string, data: object) => {
    id++;
    response.write(formatEvent({ id, event, data }));
    heartbeat.refresh();
  };
  response.once("close", () => clearInterval(heartbeat));
  return {
    tell: (event, data) => {
      if (!response.writableNeedDrain && !response.destroyed) write(event, data);
    },
    end: (event, data) => {
      clearInterval(heartbeat);
      write(event, data);
      response.end();
    },
  };
}

function begin(response: ServerResponse, heartbeatMs: number): NodeJS.Timeout {
  response.writeHead(200, HEADERS);
  response.flushHeaders();
  return setInterval(() => response.write(": still here\n\n"), heartbeatMs);
}

/** A long event's bytes, made once for all who are sent that very event. */
const bytesOf = new WeakMap<object, Buffer>();
const LONG_MESSAGE = 16_384;

/** What is written of an event: text, or for a long one bytes that all its readers share, so that a silent reader costs next to nothing [SAFE-2]. */
export function encodeEvent(event: TurnEvent): string | Buffer {
  const message = "message" in event.data ? event.data.message : null;
  if ((message?.content.length ?? 0) < LONG_MESSAGE) return formatEvent(event);
  const bytes = bytesOf.get(event) ?? Buffer.from(formatEvent(event));
  bytesOf.set(event, bytes);
  return bytes;
}

interface SentEvent {
  readonly id: number;
  readonly event: string;
  readonly data: object;
}

/** An event in the form of the HTML standard; JSON has no line breaks, so one `data:` line is enough. */
export function formatEvent({ id, event, data }: SentEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
