/** When a word about the account was true: a reading of its clock, in one history. Of two words the later one stands [SYNC-11]. Pure. */

export interface Moment {
  /** Null: of no history yet. */
  readonly epoch: string | null;
  /** The account's clock; empty: before everything. */
  readonly time: string;
}

/** Where this tab stands in the account's history. */
export interface Watermark {
  /** The `server_time` up to which everything is known; null before the first answer. */
  readonly serverTime: string | null;
  readonly epoch: string | null;
  /** Of the full answer that the state is exactly; null after any other [SYNC-8]. */
  readonly etag: string | null;
  /** The same of the last answer that had no more pages. */
  readonly wholeTime: string | null;
  /** Between the pages of an increment: what those that came told as deleted, and is so as of `serverTime` [SYNC-4]. */
  readonly gone: readonly string[];
}

/** What was told by nobody. */
export const BEFORE_ALL: Moment = { epoch: null, time: "" };

/** Of when nobody has said: later than all that is known, and contained in an answer that is asked for from then on. */
export const UNSAID: Moment = { epoch: "", time: "" };

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
  const [mine, others] = [rankOf(one, histories), rankOf(other, histories)];
  return mine === others ? mine === UNTOLD : mine > others;
}

/** What an answer says of its moment. */
export type SaidMoment = { readonly server_time?: string | undefined; readonly epoch?: string | undefined };

/** The moment that an answer names; a server of before names none, and is counted as of right after where the tab stood when it asked. */
export function momentOf(said: SaidMoment, { serverTime, epoch }: Watermark): Moment {
  if (said.server_time !== undefined && said.epoch !== undefined) return { epoch: said.epoch, time: said.server_time };
  return rightAfter(serverTime === null ? BEFORE_ALL : { epoch, time: serverTime });
}

/** Later than that, and before whatever comes next. */
function rightAfter({ epoch, time }: Moment): Moment {
  return { epoch, time: `${time}+` };
}

/** Up to when everything is known: between the pages of an increment, what changed again since is still to come [SYNC-4]. */
export function knownUpTo({ epoch, wholeTime }: Watermark): Moment {
  return wholeTime === null ? BEFORE_ALL : { epoch, time: wholeTime };
}

/** Histories in the order in which they were: none, rewound ones, the one that the tab stands in, any that it has not been told of. */
const [NONE, PAST, PRESENT, UNTOLD] = [0, 1, 2, 3] as const;

function rankOf({ epoch }: Moment, { epoch: present, past }: Histories): number {
  if (epoch === null) return NONE;
  if (epoch === present) return PRESENT;
  return past.has(epoch) ? PAST : UNTOLD;
}
