/** What an answer of the server does to what this tab knows: state and answer in, new entries and effects out. Pure. */
import {
  type CompleteRow,
  type ConversationId,
  isTemporary,
  type SyncResponse,
  type UnreadScope,
} from "@instep/protocol";
import { type Histories, isLater, type Moment, type Watermark } from "./moment.ts";
import type { Grave } from "./graves.ts";
import { isSameRecord } from "./same-record.ts";
import { rowOfSync } from "./summary-row.ts";
import { allSeen, type Baseline, followReadPosition, leastUnread, NOTHING_SEEN, rebased } from "./unread.ts";

/** What this tab knows of one conversation. */
export interface KnownConversation {
  /** The row by the latest word about it, whoever said it. */
  readonly row: CompleteRow;
  readonly baseline: Baseline;
  /** When it was told; what no sync has changed since is known as of the watermark too. */
  readonly asOf: Moment;
  /** Begun here, and no row of it has come yet. */
  readonly isLocal: boolean;
  /** Such a one is on the server, as of then; without, nobody has said so yet, and it is never missing there. */
  readonly thereAsOf?: Moment;
}

/** The conversation on screen, and how much of it is shown there; a read position doesn't move that. */
export interface OnScreen {
  readonly id: ConversationId;
  readonly shown: Baseline;
}

export interface SyncState {
  readonly entries: ReadonlyMap<string, KnownConversation>;
  readonly watermark: Watermark;
  readonly current: OnScreen | null;
  /** Conversations that show nothing of what comes: a turn of this tab is in flight there, or another holds them [DEV-4]. */
  readonly held: ReadonlySet<string>;
  /** How much was seen of conversations that were deleted, for when they are restored. */
  readonly graves: ReadonlyMap<string, Grave>;
  /** The epochs of histories that were rewound. */
  readonly past: ReadonlySet<string>;
  /** What the server's summaries name for a conversation without a model of its own. */
  readonly defaultModel: string;
  readonly unreadScope: UnreadScope;
}

export type Effect =
  | { readonly kind: "current-deleted"; readonly id: ConversationId; readonly title: string }
  | { readonly kind: "current-updated"; readonly id: ConversationId; readonly newMessages: number }
  | { readonly kind: "ask-again"; readonly isFull: boolean }
  /** History was rewound: what is loaded of messages may never have been [EPOCH-1]. */
  | { readonly kind: "rewound" };

/** New entries, and ids that are no more: all that an answer changes. */
export interface Change {
  readonly put: readonly (readonly [ConversationId, KnownConversation])[];
  readonly removed: readonly ConversationId[];
  /** How far ones were seen that are not there: deleted, or told of by no answer yet. */
  readonly seenAbsent?: readonly (readonly [string, Baseline])[];
  readonly watermark: Watermark | null;
  readonly effects: readonly Effect[];
}

/** An answer, whole: a full one has all its pages together. */
export interface Answered {
  readonly response: SyncResponse;
  readonly etag: string | null;
  /** The watermark that the request left with. */
  readonly since: string | null;
}

/** What the answer does [DEV-4, DEV-7, DEV-8]. Asks again, changing nothing, where the answer is older than what is known by now. */
export function applySync(state: SyncState, answered: Answered): Change {
  const { response, since } = answered;
  const known = state.watermark;
  const epoch = known.epoch ?? epochFound(state);
  const isNewEpoch = epoch !== null && epoch !== response.epoch;
  const isLower = known.serverTime !== null && response.server_time < known.serverTime;
  // Another tab's answer was applied meanwhile, and was newer.
  const isOvertaken = isLower && known.serverTime !== since && !isNewEpoch;
  if (isOvertaken) return nothing({ kind: "ask-again", isFull: response.is_full_sync });
  const isRewound = isLower || isNewEpoch;
  if (isRewound && !response.is_full_sync) return nothing({ kind: "ask-again", isFull: true });
  return new Merge(state, answered, isRewound).run();
}

/** Before the first answer: the history of what somebody has opened already, whose server may have been put back since [EPOCH-1]. */
function epochFound({ entries }: SyncState): string | null {
  for (const { asOf } of entries.values()) if (asOf.epoch) return asOf.epoch;
  return null;
}

/** The histories that a state knows of. */
export function historiesOf({ watermark, past }: Pick<SyncState, "watermark" | "past">): Histories {
  return { epoch: watermark.epoch, past };
}

/** Whether everything of until then is known, or all of the one that is named: what is not there as of then is gone, or never was [DEV-8]. */
export function isKnownUpTo(state: SyncState, asOf: Moment, id = ""): boolean {
  const { epoch, serverTime, wholeTime, gone } = state.watermark;
  const time = gone.includes(id) ? serverTime : wholeTime;
  return time !== null && !isLater(asOf, { epoch, time }, historiesOf(state));
}

/** Whether that was said in a history that was rewound since: no number of it means anything any more [EPOCH-1]. */
export function isOfPast({ past }: Pick<SyncState, "past">, epoch: string | null | undefined): boolean {
  return typeof epoch === "string" && past.has(epoch);
}

/** What follows from an entry's new counts: the banner of the one on screen, which nothing holds [DEV-4]. */
export function newsOf(state: SyncState, id: ConversationId, entry: KnownConversation): Effect[] {
  if (state.held.has(id) || state.current?.id !== id) return [];
  const newMessages = leastUnread(state.current.shown, entry.row);
  return newMessages > 0 ? [{ kind: "current-updated", id, newMessages }] : [];
}

function nothing(effect: Effect): Change {
  return { put: [], removed: [], watermark: null, effects: [effect] };
}

class Merge {
  readonly #state: SyncState;
  readonly #answered: Answered;
  /** History was rewound: what is known is no measure of what is newer. */
  readonly #isRewound: boolean;
  readonly #put: [ConversationId, KnownConversation][] = [];
  readonly #removed: ConversationId[] = [];
  readonly #effects: Effect[] = [];

  constructor(state: SyncState, answered: Answered, isRewound: boolean) {
    this.#state = state;
    this.#answered = answered;
    this.#isRewound = isRewound;
  }

  run(): Change {
    const { response, etag } = this.#answered;
    const known = this.#state.watermark;
    // Of what an increment told, its beginning is true as of its own time; what changed again since is still to come.
    const isPart = response.has_more && !response.is_full_sync;
    if (this.#isRewound) this.#effects.push({ kind: "rewound" });
    for (const row of response.conversations) this.#takeRow(rowOfSync(row));
    for (const id of response.deleted_ids) this.#judge(id);
    // Nothing happened since, so the state is still exactly the full answer's.
    const kept = response.server_time === known.serverTime ? known.etag : null;
    const isExact = response.is_full_sync && this.#removeMissing();
    return {
      put: this.#put,
      removed: this.#removed,
      watermark: {
        serverTime: response.server_time,
        epoch: response.epoch,
        etag: isExact ? etag : response.is_full_sync ? null : kept,
        wholeTime: isPart ? known.wholeTime : response.server_time,
        gone: isPart ? [...known.gone, ...response.deleted_ids] : [],
      },
      effects: this.#effects,
    };
  }

  #takeRow(row: CompleteRow): void {
    const id = row.id as ConversationId;
    const known = this.#state.entries.get(id);
    if (known && this.#isOlderThan(known.asOf)) return this.#keep(id, known, row);
    if (known && isSameRecord(known.row, row) && !known.isLocal && !this.#isRewound) return;
    const seen = known ? this.#seenOf(known, row) : this.#discovered(row);
    const entry = { row, baseline: followReadPosition(seen, row), asOf: this.#asOf, isLocal: false };
    this.#put.push([id, entry]);
    this.#effects.push(...newsOf(this.#state, id, entry));
  }

  #seenOf({ baseline }: KnownConversation, row: CompleteRow): Baseline {
    return this.#isRewound ? rebased(baseline, row) : baseline;
  }

  /** What a full sync finds is not unread; what an increment brings was made elsewhere, and is [DEV-7]. */
  #discovered(row: CompleteRow): Baseline {
    const { response, since } = this.#answered;
    // Within a turn of this tab's own nobody knows whose messages these are.
    const isOwnTurn = this.#state.held.has(row.id);
    // Restored or imported: no message in it is newer than what this tab had seen of the account.
    const isOld = isOwnTurn || (since !== null && row.updated_at <= since);
    const unseen = isOld ? allSeen(row) : NOTHING_SEEN;
    const grave = this.#state.graves.get(row.id);
    const seen = grave && (this.#isRewound || grave.isOfPast) ? rebased(grave, row) : grave;
    return seen ?? (response.is_full_sync ? allSeen(row) : unseen);
  }

  /** Whether the answer is older than what is known of a conversation: all that came since is still to be told. */
  #isOlderThan(asOf: Moment): boolean {
    const { epoch, server_time: time } = this.#answered.response;
    // Of another history the answer's word stands, and so it does where a server rewinds without saying so.
    const isOneHistory = asOf.epoch === epoch && !(this.#isRewound && epoch === this.#state.watermark.epoch);
    return isOneHistory && asOf.time > time;
  }

  get #asOf(): Moment {
    const { epoch, server_time: time } = this.#answered.response;
    return { epoch, time };
  }

  /** Returns whether the state is exactly the answer's by that: what is known of later is not missing [DEV-8]. */
  #removeMissing(): boolean {
    if (this.#state.entries.size === 0) return true;
    const present = new Set(this.#answered.response.conversations.map((row) => row.id));
    const missing = [...this.#state.entries].filter(([id]) => !present.has(id) && !isTemporary(id));
    // What was begun here may not be there yet.
    const isThere = ({ isLocal, thereAsOf }: KnownConversation): boolean => !isLocal || thereAsOf !== undefined;
    return missing.map(([id, entry]) => isThere(entry) && this.#judge(id)).every(Boolean);
  }

  /** The answer lacks the conversation. Returns whether it is gone by that. */
  #judge(id: string): boolean {
    const entry = this.#state.entries.get(id);
    if (!entry) return true;
    if (this.#isOlderThan((entry.isLocal && entry.thereAsOf) || entry.asOf)) {
      this.#keep(id as ConversationId, entry);
      return false;
    }
    this.#remove(id as ConversationId, entry);
    return true;
  }

  /** What is known is of later, and stands; what the answer `told` of it may still say how far it was read. */
  #keep(id: ConversationId, entry: KnownConversation, told = entry.row): void {
    const { baseline, row } = entry;
    // A turn has told of it already as it stands now: of what was seen of it before, no more counts than there is.
    const isOfBefore = this.#isRewound && baseline.seq > row.last_seq;
    const seen = isOfBefore ? rebased(baseline, row) : baseline;
    // A further page may be of later than its answer says, and a read position only grows [SYNC-4, DEV-3].
    const next = told.read_seq > row.read_seq ? followReadPosition(seen, told) : seen;
    if (next !== baseline) this.#put.push([id, { ...entry, baseline: next }]);
  }

  #remove(id: ConversationId, { row }: KnownConversation): void {
    this.#removed.push(id);
    if (this.#state.current?.id === id) this.#effects.push({ kind: "current-deleted", id, title: row.title });
  }
}
