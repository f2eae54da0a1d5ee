/** The accounts' clocks in memory, kept by the commits: what makes an idle increment cost no SQL. */
import type { AccountId, Micros } from "@instep/protocol";
import type { Commit } from "./storage/storage.ts";

/** An account more than this forgets the one that was known longest. */
const MAX_ACCOUNTS = 100_000;

/** A moment in the life of the cache: what was read before it may be older than what was forgotten since. */
export type CacheMark = number;

interface KnownClock {
  readonly clock: Micros;
  /** What is answered while the clock stands here; made when it is first needed. */
  emptyAnswer: string | null;
}

export class ClockCache {
  readonly #clocks = new Map<AccountId, KnownClock>();
  /** Grows whenever something is forgotten. */
  #mark: CacheMark = 0;

  /** The account's clock; undefined where it has to be read. */
  get(accountId: AccountId): Micros | undefined {
    return this.#clocks.get(accountId)?.clock;
  }

  /** The answer to a device that has seen everything; null where it hasn't, or where that isn't known. */
  emptyAnswer(accountId: AccountId, since: Micros, write: (clock: Micros) => string): string | null {
    const known = this.#clocks.get(accountId);
    if (known?.clock !== since) return null;
    known.emptyAnswer ??= write(since);
    return known.emptyAnswer;
  }

  /** To be taken before a read whose clock is to be remembered. */
  mark(): CacheMark {
    return this.#mark;
  }

  /** Remembers a clock that was read, unless a commit has told a newer one, or something was forgotten since the mark. */
  remember(accountId: AccountId, clock: Micros, mark: CacheMark): void {
    if (mark === this.#mark && clock > (this.get(accountId) ?? -1)) this.#set(accountId, clock);
  }

  /** Takes in what a commit says. */
  apply(commit: Commit): void {
    if (commit.kind === "unknown") {
      this.#clocks.clear();
      this.#mark += 1;
      return;
    }
    for (const [accountId, clock] of commit.clocks) this.#set(accountId, clock);
  }

  #set(accountId: AccountId, clock: Micros): void {
    this.#clocks.set(accountId, { clock, emptyAnswer: null });
    if (this.#clocks.size <= MAX_ACCOUNTS) return;
    for (const oldest of this.#clocks.keys()) {
      this.#clocks.delete(oldest);
      this.#mark += 1;
      return;
    }
  }
}
