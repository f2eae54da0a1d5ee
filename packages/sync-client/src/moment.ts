/** When a word about the account was true: a reading of its clock, in one history. Of two words the later one stands [SYNC-11]. Pure. */
import type { Watermark } from "./apply-sync.ts";

export interface Moment {
  /** Null: of no history yet. */
  readonly epoch: string | null;
  /** The account's clock; empty: before everything. */
  readonly time: string;
}

/** What was told by nobody. */
export const BEFORE_ALL: Moment = { epoch: null, time: "" };

/** The histories that this tab knows of. */
export interface Histories {
  /** The one that it stands in. */
  readonly epoch: string | null;
  /** The ones that were rewound [EPOCH-1]. */
  readonly past: ReadonlySet<string>;
}

/** Whether the one is of later than the other. What is of a history that no sync has told of yet is later than all that is known. */
export function isLater(one: Moment, other: Moment, histories: Histories): boolean {
  if (one.epoch === other.epoch) return one.time > other.time;
  const [mine, others] = [placeOf(one, histories), placeOf(other, histories)];
  return mine === others ? mine === "3 new" : mine > others;
}

/** The moment that an answer names; a server of before names none, and is counted as of what was known when it was asked. */
export function momentOf(
  said: { readonly server_time?: string | undefined; readonly epoch?: string | undefined },
  asked: Moment,
): Moment {
  return said.server_time !== undefined && said.epoch !== undefined
    ? { epoch: said.epoch, time: said.server_time }
    : asked;
}

/** Up to when everything is known. */
export function momentOfWatermark({ epoch, serverTime }: Watermark): Moment {
  return serverTime === null ? BEFORE_ALL : { epoch, time: serverTime };
}

/** In the order of time. */
function placeOf({ epoch }: Moment, { epoch: current, past }: Histories): "0 none" | "1 past" | "2 now" | "3 new" {
  if (epoch === null) return "0 none";
  if (epoch === current) return "2 now";
  return past.has(epoch) ? "1 past" : "3 new";
}
