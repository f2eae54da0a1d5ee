/** A reply's events out of a response's body. */
import type { TurnEvent } from "@instep/protocol";
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
    return { id: Number(id), event, data: JSON.parse(data) } as TurnEvent;
  } catch {
    return null;
  }
}
