/** Closes replies that nobody generates any more: as interrupted, with the text that the journal has [TURN-6]. */
import type { Micros, ReplyId } from "@instep/protocol";
import type { EngineCore } from "../engine-core.ts";
import { IDLE_REAP_MS, LEASE_BELIEVED_MS, microsAfter, REAP_MS } from "./reply-times.ts";
import type { RunningReplies } from "./running-replies.ts";
import type { LeaseSpan, TurnKey } from "../storage/turn-statements.ts";

/** More than this wait for the next round. */
const MAX_REAPED = 500;

export class ReplyReaper {
  readonly #core: EngineCore;
  readonly #running: RunningReplies;
  /** Turns that the last round found in nobody's hands. */
  #suspects: ReadonlySet<ReplyId> = new Set();
  #hasForeign = false;

  constructor(core: EngineCore, running: RunningReplies) {
    this.#core = core;
    this.#running = running;
  }

  /** How long until the next round is due: soon where somebody else's replies run, and might be left behind. */
  get everyMs(): number {
    return this.#hasForeign ? REAP_MS : IDLE_REAP_MS;
  }

  /**
   * One round. What is in nobody's hands is closed by the second round in a row that finds it so: after a time in which the database
   * was away from everybody, those who live renew their leases in between.
   */
  async reap(): Promise<void> {
    const before = this.#suspects;
    this.#suspects = new Set();
    this.#hasForeign = true;
    const now = this.#core.environment.now();
    const believedUntil = microsAfter(now, LEASE_BELIEVED_MS);
    const foreign = await this.#notHere({ endsBy: believedUntil, believedUntil });
    this.#hasForeign = foreign.length > 0;
    if (foreign.length === 0) return;
    const orphans = await this.#notHere({ endsBy: now, believedUntil });
    const stranded = await this.#stranded();
    this.#suspects = new Set([...orphans, ...stranded].map(({ replyId }) => replyId));
    const isConfirmed = ({ replyId }: TurnKey) => before.has(replyId);
    await Promise.all([
      ...orphans.filter(isConfirmed).map((key) => this.#reap(key, now)),
      ...stranded.filter(isConfirmed).map((key) => this.#close(key, now)),
    ]);
  }

  /** Running turns whose node has no lease in this span and that this process doesn't generate. */
  async #notHere(lease: LeaseSpan): Promise<TurnKey[]> {
    const limit = MAX_REAPED + this.#running.count;
    const turns = await this.#core.storage.read((snapshot) => snapshot.orphanedTurns(lease, limit));
    return turns.filter(({ replyId }) => !this.#running.has(replyId));
  }

  /** A begin whose answer was lost on its way from the database leaves a turn that the heartbeat keeps alive and nobody writes. */
  async #stranded(): Promise<TurnKey[]> {
    const mine = await this.#core.storage.read((snapshot) => snapshot.runningTurnsOf(this.#running.nodeId));
    return mine.filter(({ replyId }) => !this.#running.has(replyId));
  }

  #reap({ accountId, replyId }: TurnKey, now: Micros): Promise<unknown> {
    return this.#core.storage.transact("reapReply", { accountId, replyId, now });
  }

  #close({ accountId, replyId }: TurnKey, now: Micros): Promise<unknown> {
    const input = { accountId, replyId, ownerId: this.#running.nodeId, now, chunk: null };
    return this.#core.storage.transact("finishReply", { ...input, ending: { kind: "interrupted" } });
  }
}
