/** Who waits for which account: requests that are held until a commit has something to say [WAIT-1, WAIT-2]. */
import type { AccountId } from "@instep/protocol";
import type { EngineEnvironment } from "./environment.ts";
import type { Commit } from "./storage/storage.ts";

/** Why a hold ended: a commit, its deadline, the server's stop, or its client went away. */
export type HoldEnd = "woken" | "deadline" | "stopping" | "abandoned";

export interface Hold {
  /** Resolves once, with the first end that comes. */
  readonly ended: Promise<HoldEnd>;
  /** Frees everything; the hold is over without waiting. */
  release(): void;
}

export interface HoldRequest {
  readonly accountId: AccountId;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface WaiterLimits {
  readonly perAccount: number;
  readonly perProcess: number;
}

/** How many are woken in one turn of the event loop: other requests wait for what they read [SAFE-2]. */
const WOKEN_AT_ONCE = 200;

type End = (end: HoldEnd) => void;

export class Waiters {
  readonly #environment: EngineEnvironment;
  readonly #limits: WaiterLimits;
  readonly #ends = new Map<AccountId, Set<End>>();
  #count = 0;
  #isStopping = false;

  constructor(environment: EngineEnvironment, limits: WaiterLimits) {
    this.#environment = environment;
    this.#limits = limits;
  }

  /** How many requests are held. */
  get count(): number {
    return this.#count;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /**
   * Begins a hold, before its caller looks at the clock: a commit between that look and the wait then still wakes it.
   * Null where the limits, a stop or an aborted signal forbid it: the caller answers at once.
   */
  hold(request: HoldRequest): Hold | null {
    const { accountId, waitMs, signal } = request;
    const ofAccount = this.#ends.get(accountId);
    const isFull = this.#count >= this.#limits.perProcess || (ofAccount?.size ?? 0) >= this.#limits.perAccount;
    if (isFull || this.#isStopping || signal?.aborted) return null;

    const { promise, resolve } = Promise.withResolvers<HoldEnd>();
    const end: End = (reason) => {
      if (!this.#remove(accountId, end)) return;
      cancelDeadline();
      signal?.removeEventListener("abort", onAbort);
      resolve(reason);
    };
    const onAbort = () => end("abandoned");
    const cancelDeadline = this.#environment.after(waitMs, () => end("deadline"));
    signal?.addEventListener("abort", onAbort);
    this.#add(accountId, end);
    return { ended: promise, release: () => end("abandoned") };
  }

  /** Wakes whom the commit concerns: everybody by and by, where it doesn't say whom. */
  apply(commit: Commit): void {
    if (commit.kind === "unknown") return this.#wake([...this.#ends.values()].flatMap((ends) => [...ends]));
    const accountIds = commit.clocks.keys();
    for (const accountId of accountIds) this.#endAll(accountId, "woken");
  }

  /** Ends every hold, and lets none begin. */
  stop(): void {
    this.#isStopping = true;
    for (const accountId of this.#ends.keys()) this.#endAll(accountId, "stopping");
  }

  /** Whoever comes meanwhile looks at the clock anyway. */
  #wake(ends: readonly End[]): void {
    for (const end of ends.slice(0, WOKEN_AT_ONCE)) end("woken");
    const rest = ends.slice(WOKEN_AT_ONCE);
    if (rest.length > 0) this.#environment.after(0, () => this.#wake(rest));
  }

  #endAll(accountId: AccountId, reason: HoldEnd): void {
    for (const end of this.#ends.get(accountId) ?? []) end(reason);
  }

  #add(accountId: AccountId, end: End): void {
    const ends = this.#ends.get(accountId);
    if (ends) ends.add(end);
    else this.#ends.set(accountId, new Set([end]));
    this.#count += 1;
  }

  #remove(accountId: AccountId, end: End): boolean {
    const ends = this.#ends.get(accountId);
    if (!ends?.delete(end)) return false;
    if (ends.size === 0) this.#ends.delete(accountId);
    this.#count -= 1;
    return true;
  }
}
