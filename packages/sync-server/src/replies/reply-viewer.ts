/** Watching a reply: what was missed, then what comes, up to the event that ends it [TURN-4]. */
import type { TurnEvent } from "@instep/protocol";
import { decodeChunk, type JournalChunk } from "./reply-events.ts";
import type { EndEvent, ReplyFeed } from "./reply-feed.ts";

/** What the journal tells about a reply after some event: its next chunks, and the end where it has ended. */
export interface JournalView {
  readonly chunks: readonly JournalChunk[];
  /** Whether the journal goes on behind these chunks: the next ones can be read at once. */
  readonly hasMore: boolean;
  readonly end: EndEvent | null;
}

/** Where a viewer finds a reply that another process generates. */
export interface JournalSource {
  readonly read: (after: number) => Promise<JournalView>;
  /** The reply's feed, where this process turns out to generate it. */
  readonly feed: () => ReplyFeed | null;
  /** Resolves when it is time to look again, or the viewer has gone. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
}

/** The events of a feed after number `after`; the ending one always comes. Stops when the signal aborts. */
export async function* viewFeed(feed: ReplyFeed, after: number, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  let seen = after;
  while (!signal.aborted) {
    const event = feed.eventAfter(seen);
    if (event === null) {
      await nextChange(feed, signal);
      continue;
    }
    yield event;
    if (isEnd(event)) return;
    seen = event.id;
  }
}

/** The same from the journal, read again and again until the reply has ended. */
export async function* viewJournal(
  source: JournalSource,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  let seen = after;
  while (!signal.aborted) {
    const feed = source.feed();
    if (feed !== null) {
      yield* viewFeed(feed, seen, signal);
      return;
    }
    const view = await source.read(seen);
    for (const chunk of view.chunks) {
      for (const event of decodeChunk(chunk, seen)) {
        yield event;
        seen = event.id;
      }
    }
    if (view.end !== null) {
      yield view.end;
      return;
    }
    if (!view.hasMore) await source.pause(signal);
  }
}

/** The events in the history that the database is in when they are read: it may have been another one when they were stored [SYNC-11]. */
export async function* inEpoch(events: AsyncIterable<TurnEvent>, epoch: () => string): AsyncGenerator<TurnEvent> {
  for await (const event of events) yield eventIn(epoch(), event);
}

/** The very event where it is of that history already, so that its readers go on sharing it [SAFE-2]. */
function eventIn(epoch: string, event: TurnEvent): TurnEvent {
  if (event.event === "token") return event;
  if (event.event === "start") return { ...event, data: { ...event.data, epoch } };
  return endIn(epoch, event);
}

/** The same for the event that ends a reply. */
export function endIn(epoch: string, end: EndEvent): EndEvent {
  if (end.data.epoch === epoch) return end;
  // Twice the same, since types take the spread of both at once for an event of one kind with the data of the other.
  return end.event === "done" ? { ...end, data: { ...end.data, epoch } } : { ...end, data: { ...end.data, epoch } };
}

function isEnd(event: TurnEvent): event is EndEvent {
  return event.event === "done" || event.event === "error";
}

function nextChange(feed: ReplyFeed, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const takeBack = feed.whenChanged(done);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      signal.removeEventListener("abort", done);
      takeBack();
      resolve();
    }
  });
}
