/** Answers the one question: from memory where nothing changed, from one snapshot where something did, later where it may wait. */
import type { AccountId, Micros } from "@instep/protocol";
import { AnswerCache } from "./answer-cache.ts";
import { incrementAfter, livePage } from "./changes.ts";
import type { ClockCache } from "./clock-cache.ts";
import type { SyncJson, SyncQuery, WrittenSync } from "./engine.ts";
import type { EngineEnvironment } from "./environment.ts";
import { epochFrom } from "./epoch.ts";
import { refuse, refuseParameter, type Outcome } from "./refusal.ts";
import { SharedReads } from "./shared-reads.ts";
import type { AccountRow } from "./storage/rows.ts";
import type { Storage } from "./storage/storage.ts";
import type { Snapshot } from "./storage/transaction.ts";
import {
  decodePage,
  encodePage,
  etagOf,
  matchesTag,
  writeAnswer,
  writeEmptyAnswer,
  type AnswerParts,
  type PageToken,
} from "./sync-answer.ts";
import type { Hold, HoldEnd, Waiters } from "./waiters.ts";

export interface SyncParts {
  readonly storage: Storage;
  readonly environment: EngineEnvironment;
  readonly clocks: ClockCache;
  readonly waiters: Waiters;
  readonly defaultModel: () => string;
  /** How far back tombstones are kept [SYNC-5]. */
  readonly tombstoneHorizon: () => Micros;
  /** The longest hold, in seconds. */
  readonly maxWaitS: number;
}

/** What a look found. */
type Increment =
  | { readonly kind: "news" | "nothing"; readonly json: string }
  | { readonly kind: "full-needed" | "rewound" };

/** A stop spreads those that it sends away over this many seconds [WAIT-2]. */
const RETRY_SPREAD_S = 5;
const NO_ACCOUNT = refuse("unauthorized", "There is no such account.");

export class Sync {
  readonly #parts: SyncParts;
  readonly #answers = new AnswerCache();
  readonly #looks = new SharedReads<Increment | null>();
  readonly #fullReads = new SharedReads<SyncJson | null>();

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /** Resolves with the answer, a 304, or a refusal for a page token that is none. `signal` abandons a hold. */
  async answer(accountId: AccountId, question: SyncQuery, signal?: AbortSignal): Promise<Outcome<WrittenSync>> {
    const { since } = question;
    if (question.page !== null) return this.#nextPage(accountId, question.page, question.limit);
    const isOtherHistory = question.epoch !== null && question.epoch !== this.#parts.storage.epoch;
    if (since === null || question.full || isOtherHistory) return this.#full(accountId, question);
    const increment = await this.#increment({ ...question, accountId, since, signal });
    if (increment === null) return NO_ACCOUNT;
    if (increment.kind === "rewound") await this.#renewEpoch(question.epoch);
    if (!("json" in increment)) return this.#full(accountId, question);
    const retryAfterS = this.#parts.waiters.isStopping ? this.#retryAfterS() : null;
    return { kind: "answer", json: increment.json, etag: null, retryAfterS };
  }

  /** The answer of most requests there are: nothing changed, and nobody waits. Null where it takes more to tell. */
  idleAnswer(accountId: AccountId, { since, full, epoch, waitS, page }: SyncQuery): string | null {
    const { storage, waiters } = this.#parts;
    if (since === null || full || waitS > 0 || page !== null || waiters.isStopping) return null;
    if (epoch !== null && epoch !== storage.epoch) return null;
    return this.#emptyAnswer(accountId, since);
  }

  /** The increment at once, or as soon as there is one, or nothing when the time is over [WAIT-1]. Null where there is no account. */
  async #increment(question: HeldQuestion): Promise<Increment | null> {
    const { environment, maxWaitS, waiters } = this.#parts;
    const waitMs = Math.min(question.waitS, maxWaitS) * 1000;
    if (waitMs === 0) return this.#findIncrement(question);
    let [remainingMs, heldSince] = [waitMs, environment.now()];
    for (let end: HoldEnd = "woken"; ;) {
      const mayHold: boolean = end === "woken" && remainingMs > 0;
      // The hold begins before the look: what commits after the look wakes it.
      const hold: Hold | null = mayHold
        ? waiters.hold({ accountId: question.accountId, waitMs: remainingMs, signal: question.signal })
        : null;
      const increment = await this.#findIncrement(question).catch((error: unknown) => {
        hold?.release();
        throw error;
      });
      if (increment?.kind !== "nothing" || hold === null) {
        hold?.release();
        return increment;
      }
      end = await hold.ended;
      const now = environment.now();
      // A clock that steps back holds nobody for longer than that [CLOCK-3].
      remainingMs -= Math.max(0, now - heldSince) / 1000;
      heldSince = now;
    }
  }

  /**
   * One look: at the clock in memory first, then at what was found for the same question at the same clock, and at the database only
   * once for all who ask it: a commit wakes many that stand at the same tick.
   */
  #findIncrement(question: IncrementAsked): Promise<Increment | null> {
    const { clocks } = this.#parts;
    const { accountId, since, epoch, limit } = question;
    const json = this.#emptyAnswer(accountId, since);
    if (json !== null) return Promise.resolve({ kind: "nothing", json });
    const known = clocks.get(accountId);
    const defaultModel = this.#parts.defaultModel();
    const key = this.#incrementKey(question, known, defaultModel);
    // From before the horizon everything is told, also where only time has moved it; what was pruned (here 0) is before it, too [SYNC-5].
    const found = known !== undefined && since >= this.#horizon(0) ? this.#answers.get(key) : undefined;
    if (found !== undefined) return Promise.resolve({ kind: "news", json: found });
    return this.#looks.share(key, async () => {
      const increment = await this.#lookAtDatabase({ accountId, since, epoch, limit }, defaultModel);
      if (known !== undefined && increment?.kind === "news") this.#answers.set(key, increment.json);
      return increment;
    });
  }

  #lookAtDatabase(asked: IncrementAsked, defaultModel: string): Promise<Increment | null> {
    const { accountId, since, epoch: known, limit } = asked;
    return this.#read(accountId, async (snapshot, { clock, prunedThrough }) => {
      const epoch = await snapshot.epoch();
      // Another device has just found out, which this process is about to hear: what told of it is of no use any more.
      if (known !== null && known !== epoch) return { kind: "rewound" };
      if (since === clock) return { kind: "nothing", json: writeEmptyAnswer(clock, epoch) };
      // A clock that was never given out here was given out by a history that is lost; only a device's own is taken at its word.
      if (known !== null && (await snapshot.isBeforeStart(accountId, since))) return { kind: "rewound" };
      // From a time that hasn't been yet: told at once, so that the device learns of it [SYNC-6].
      if (since > clock) return { kind: "news", json: writeEmptyAnswer(clock, epoch) };
      if (since < this.#horizon(prunedThrough)) return { kind: "full-needed" };
      const changes = await incrementAfter(snapshot, { accountId, since, clock, limit, defaultModel });
      const json = writeAnswer({ ...changes, isFullSync: false, epoch, nextPage: null });
      return { kind: "news", json };
    });
  }

  /** Once for all devices that find out: the new epoch tells the others [EPOCH-1]. */
  async #renewEpoch(instead: string | null): Promise<void> {
    const { storage, environment } = this.#parts;
    await storage.transact("renewEpoch", { epoch: epochFrom(environment), ...(instead !== null && { instead }) });
  }

  /**
   * All that an increment depends on. The device names the storage's history or none, for which a look differs (`=`). Where the clock
   * isn't known, a look that began since it was forgotten is as new as one that begins now.
   */
  #incrementKey(
    { accountId, since, epoch, limit }: IncrementAsked,
    known: Micros | undefined,
    defaultModel: string,
  ): string {
    const { storage, clocks } = this.#parts;
    const clock = known ?? `?${clocks.mark()}`;
    return `${accountId} ${storage.epoch} ${epoch === null ? "" : "="}${since}+${limit} ${clock} ${defaultModel}`;
  }

  #emptyAnswer(accountId: AccountId, since: Micros): string | null {
    const { storage, clocks } = this.#parts;
    return clocks.emptyAnswer(accountId, since, (clock) => writeEmptyAnswer(clock, storage.epoch));
  }

  /** Before this, deletions may have been forgotten [SYNC-5]. */
  #horizon(prunedThrough: number): number {
    return Math.max(this.#parts.tombstoneHorizon(), prunedThrough);
  }

  /** Everything, its first page: what was made at this clock already, or one read for all who ask it now [SYNC-1, SYNC-8]. */
  async #full(accountId: AccountId, { limit, ifNoneMatch }: SyncQuery): Promise<Outcome<WrittenSync>> {
    const { storage, clocks } = this.#parts;
    const known = clocks.get(accountId) ?? (await this.#read(accountId, async (_, { clock }) => clock));
    if (known === null) return NO_ACCOUNT;
    const defaultModel = this.#parts.defaultModel();
    const etag = etagOf(storage.epoch, known, defaultModel);
    if (matchesTag(ifNoneMatch, etag)) return { kind: "not-modified", etag };
    const asked = { accountId, limit, defaultModel };
    const key = answerKey(asked, etag);
    const json = this.#answers.get(key);
    if (json !== undefined) return { kind: "answer", json, etag, retryAfterS: null };
    return (await this.#fullReads.share(key, () => this.#readFull(asked))) ?? NO_ACCOUNT;
  }

  #readFull(asked: FullAsked): Promise<SyncJson | null> {
    const { epoch } = this.#parts.storage;
    const { accountId, limit, defaultModel } = asked;
    return this.#read(accountId, async (snapshot, { clock }) => {
      const etag = etagOf(epoch, clock, defaultModel);
      const token: PageToken = { accountId, serverTime: clock, epoch, afterId: "" };
      const json = await this.#page(snapshot, { token, limit, defaultModel });
      this.#answers.set(answerKey(asked, etag), json);
      return { kind: "answer", json, etag, retryAfterS: null };
    });
  }

  async #nextPage(accountId: AccountId, page: string, limit: number): Promise<Outcome<SyncJson>> {
    const token = decodePage(page);
    if (token?.accountId !== accountId) {
      return refuseParameter("page", "is not a next_page that this server gave this account");
    }
    if (token.epoch !== this.#parts.storage.epoch) {
      return refuseParameter("page", "belongs to an earlier history of the database; begin a full sync anew");
    }
    const answer = await this.#read(accountId, async (snapshot): Promise<SyncJson> => {
      const json = await this.#page(snapshot, { token, limit, defaultModel: this.#parts.defaultModel() });
      return { kind: "answer", json, etag: null, retryAfterS: null };
    });
    return answer ?? NO_ACCOUNT;
  }

  /** A page of a full sync; each carries the first one's time and epoch, so that what changes meanwhile comes with the next increment. */
  async #page(snapshot: Snapshot, { token, limit, defaultModel }: PageQuestion): Promise<string> {
    const { rows, nextAfterId } = await livePage(snapshot, {
      accountId: token.accountId,
      afterId: token.afterId,
      limit,
      defaultModel,
    });
    const parts: AnswerParts = {
      rows,
      deletedIds: [],
      serverTime: token.serverTime,
      isFullSync: true,
      epoch: token.epoch,
      hasMore: nextAfterId !== null,
      nextPage: nextAfterId === null ? null : encodePage({ ...token, afterId: nextAfterId }),
    };
    return writeAnswer(parts);
  }

  /** Reads with the account's row of the same snapshot, and remembers its clock. Null where there is no such account. */
  #read<T>(accountId: AccountId, query: (snapshot: Snapshot, account: AccountRow) => Promise<T>): Promise<T | null> {
    const { storage, clocks } = this.#parts;
    const mark = clocks.mark();
    return storage.read(async (snapshot) => {
      const account = await snapshot.account(accountId);
      if (!account) return null;
      clocks.remember(accountId, account.clock, mark);
      return query(snapshot, account);
    });
  }

  #retryAfterS(): number {
    return 1 + Math.floor(this.#parts.environment.random() * RETRY_SPREAD_S);
  }
}

interface IncrementAsked {
  readonly accountId: AccountId;
  readonly since: Micros;
  /** As the device named it; null where it named none. */
  readonly epoch: string | null;
  readonly limit: number;
}

interface HeldQuestion extends IncrementAsked {
  readonly waitS: number;
  readonly signal: AbortSignal | undefined;
}

interface FullAsked {
  readonly accountId: AccountId;
  readonly limit: number;
  /** What rows leave out; the catalogue may have another one by the next question. */
  readonly defaultModel: string;
}

interface PageQuestion extends Omit<FullAsked, "accountId"> {
  readonly token: PageToken;
}

function answerKey({ accountId, limit, defaultModel }: FullAsked, etag: string): string {
  return `${accountId} ${etag} ${limit} ${defaultModel}`;
}
