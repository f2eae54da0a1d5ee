/** One viewer of a reply: reads a stream, holds its numbers against the rule, and writes down what it saw. */
import { readEvents } from "../../apps/server/test/client.ts";
import type { TurnEvent } from "@instep/protocol";
import { Fault, isGivenUp, faultUnless } from "./fault.ts";
import { acknowledge, seeEnd, seeToken, type Ledger } from "./ledger.ts";
import type { Turn } from "./deeds.ts";
import type { Life } from "./program.ts";

export interface Viewing {
  readonly ledger: Ledger;
  readonly life: Life;
  readonly turn: Turn;
  /** The last event that this viewer has seen; 0 is none. */
  readonly after: number;
  /** Called for every event; true leaves the stream there. */
  readonly onEvent?: (event: TurnEvent) => boolean;
}

/** Whoever gives up waiting has left. */
export async function orLeave(watch: () => Promise<"ended" | "left">): Promise<"ended" | "left"> {
  try {
    return await watch();
  } catch (error) {
    if (isGivenUp(error)) return "left";
    throw error;
  }
}

/** Reads a stream until it ends or the viewer leaves. Throws faults, and what a broken connection or giving up throws. */
export async function view(response: Response, viewing: Viewing): Promise<"ended" | "left"> {
  const { ledger, life, turn, after, onEvent } = viewing;
  let last = after;
  if (turn.firstLife === 0) turn.firstLife = life.number;
  for await (const event of readEvents(response)) {
    const isEnd = event.event === "done" || event.event === "error";
    // Where a kill took the newest tokens, the end stands where they stood.
    const isEarlyEnd = isEnd && event.id <= last && turn.firstLife < life.number;
    faultUnless(
      event.id === last + 1 || isEarlyEnd,
      "TURN-4",
      () => `event ${event.id} (${event.event}) of ${turn.replyId} came after ${last}`,
    );
    last = event.id;
    ledger.figures.count("events");
    note(turn, event, life);
    if (isEnd) return "ended";
    if (onEvent?.(event)) return "left";
  }
  throw new Fault("TURN-4", `a stream of ${turn.replyId} ended after event ${last} without an ending event`);
}

function note(turn: Turn, event: TurnEvent, life: Life): void {
  switch (event.event) {
    case "start":
      return acknowledge(turn, { message: event.data.user_message, replyId: event.data.reply_id });
    case "token":
      return seeToken(turn, { id: event.id, text: event.data.text }, life);
    case "done":
    case "error":
      return seeEnd(turn, event.data);
  }
}
