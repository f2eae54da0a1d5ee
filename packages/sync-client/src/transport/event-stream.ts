/** A reply's events out of a response's body. */
import type { TurnEvent } from "@instep/protocol";
import { isObject } from "../shape.ts";
import { SseParser, type ServerSentEvent } from "./sse-parser.ts";
import type { EventStream } from "./transport.ts";

/** Reads until the connection ends; a cut one ends as a closed one does, and the reader knows by the missing last event. */
export function eventStreamOf(body: ReadableStream<Uint8Array>, abort: () => void): EventStream {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  const ready: TurnEvent[] = [];
  return {
    async next() {
      const event = ready.shift();
      if (event) return event;
      const chunk = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (chunk.done) return null;
      for (const raw of parser.push(decoder.decode(chunk.value, { stream: true }))) {
        const parsed = turnEventOf(raw);
        if (parsed) ready.push(parsed);
      }
      return ready.shift() ?? "alive";
    },
    close: abort,
  };
}

/** Events of a kind that this device doesn't know are none of its business. */
function turnEventOf({ id, event, data }: ServerSentEvent): TurnEvent | null {
  if (!["start", "token", "done", "error"].includes(event)) return null;
  try {
    const said: unknown = JSON.parse(data);
    return isObject(said) ? ({ id: Number(id), event, data: said } as TurnEvent) : null;
  } catch {
    return null;
  }
}
