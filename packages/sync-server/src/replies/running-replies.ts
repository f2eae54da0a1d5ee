/** The replies that this process generates: written here, kept alive here, and ended here or wherever somebody asks for it. */
import type { AccountId, ReplyId, StartEvent } from "@instep/protocol";
import type { ReplyEnding } from "../turns.ts";
import type { EngineCore } from "../engine-core.ts";
import { pause } from "../pause.ts";
import { Repeater } from "../repeater.ts";
import type { JournalToken } from "./reply-events.ts";
import type { EndEvent } from "./reply-feed.ts";
import { ReplyJournal, type JournalPart } from "./reply-journal.ts";
import { readDeletedEnd, readReply } from "./reply-reading.ts";
import { microsAfter, HEARTBEAT_MS, LEASE_MS, RETRY_MS, WATCH_MS } from "./reply-times.ts";
import { RunningReply, type ReplyKey } from "./running-reply.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { Snapshot } from "../storage/transaction.ts";
import type { NodeId } from "../storage/turn-statements.ts";

export class RunningReplies {
  readonly nodeId: NodeId;
  readonly #core: EngineCore;
  readonly #byId = new Map<ReplyId, RunningReply>();
  readonly #journal: ReplyJournal;
  readonly #heartbeat: Repeater;
  readonly #watch: Repeater;
  #isClosing = false;

  constructor(core: EngineCore) {
    const { environment, storage } = core;
    this.#core = core;
    this.nodeId = environment.uuid() as NodeId;
    this.#journal = new ReplyJournal(environment, (parts) => this.#append(parts));
    this.#heartbeat = new Repeater(environment, { everyMs: () => HEARTBEAT_MS, run: () => this.#renewLease() });
    this.#watch = new Repeater(environment, { everyMs: () => WATCH_MS, run: () => this.#lookAround() });
    storage.onCommit((commit) => {
      const concerns = (reply: RunningReply) =>
        !reply.isEnding && (commit.kind === "unknown" || commit.clocks.has(reply.accountId));
      // A commit of the account may have been the deletion of a conversation whose reply runs here [TURN-8].
      if ([...this.#byId.values()].some(concerns)) void this.#watch.runNow();
    });
  }

  get count(): number {
    return this.#byId.size;
  }

  /** A reply that has just begun, in this process's hands. */
  add(key: ReplyKey, start: StartEvent): RunningReply {
    const reply = new RunningReply(key, start);
    this.#byId.set(key.replyId, reply);
    this.#heartbeat.start();
    this.#watch.start();
    return reply;
  }

  find(accountId: AccountId, replyId: ReplyId): RunningReply | null {
    const reply = this.#byId.get(replyId);
    return reply?.accountId === accountId ? reply : null;
  }

  has(replyId: ReplyId): boolean {
    return this.#byId.has(replyId);
  }

  /** The reply where it is one of that conversation. */
  findIn(key: ReplyKey): RunningReply | null {
    const reply = this.find(key.accountId, key.replyId);
    return reply?.conversationId === key.conversationId ? reply : null;
  }

  write(reply: RunningReply, token: JournalToken): void {
    if (token !== "" && reply.feed.append(token)) this.#journal.note(reply);
  }

  /** Ends the reply durably; where something else ended it first, that end stands. */
  end(reply: RunningReply, ending: ReplyEnding): Promise<void> {
    return reply.endOnce(async () => {
      const end = await this.#finish(reply, ending);
      this.#leave(reply, end ?? (await this.#endElsewhere(reply)));
      if (end !== null) this.#announceEnd(reply, ending, end);
    });
  }

  /** The same where the model is to be asked for no more: a stop, or the engine's close [TURN-5]. */
  cutShort(reply: RunningReply, ending: ReplyEnding): Promise<void> {
    const ended = this.end(reply, ending);
    reply.abort();
    return ended;
  }

  /** Ends what runs as interrupted and gives up the lease; resolves once that is durable, or can't be. Never rejects [TURN-6]. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const ends = [...this.#byId.values()].map((reply) => this.cutShort(reply, { kind: "interrupted" }));
    const outcomes = await Promise.allSettled(ends);
    this.#journal.stop();
    await Promise.all([this.#heartbeat.stop(), this.#watch.stop()]);
    // What could not be ended keeps its lease, and with its end the reaper's turn comes.
    const isAllEnded = outcomes.every((outcome) => outcome.status === "fulfilled");
    if (!isAllEnded || ends.length === 0) return;
    // A lease that can't be given up ends by itself, and nothing waits for it: the storage is to be closed all the same.
    await Promise.allSettled([this.#core.storage.transact("releaseLease", { ownerId: this.nodeId })]);
  }

  async #append(parts: readonly JournalPart[]): Promise<void> {
    const appended = parts.map(({ reply: { accountId, replyId }, chunk }) => ({ accountId, replyId, chunk }));
    const lost = await this.#core.storage.transact("appendJournal", { ownerId: this.nodeId, appended });
    for (const key of lost) this.#lose(this.#byId.get(key.replyId));
  }

  async #renewLease(): Promise<void> {
    const { storage, environment } = this.#core;
    const expiresAt = microsAfter(environment.now(), LEASE_MS);
    await storage.transact("renewLease", { ownerId: this.nodeId, expiresAt });
  }

  /** Finds replies that somebody asked to stop, and such as were ended elsewhere: by a deletion, a reaper, or a stop that couldn't wait. */
  async #lookAround(): Promise<void> {
    const mine = [...this.#byId.values()].filter((reply) => !reply.isEnding);
    if (mine.length === 0) return;
    const rows = await this.#core.storage.read((snapshot) => snapshot.runningTurnsOf(this.nodeId));
    const byId = new Map(rows.map((row) => [row.replyId, row]));
    for (const reply of mine) {
      const row = byId.get(reply.replyId);
      if (!row) this.#lose(reply);
      else if (row.isStopRequested) void this.cutShort(reply, { kind: "stopped" });
    }
  }

  /** The reply was ended elsewhere: its viewers here get that end. */
  #lose(reply: RunningReply | undefined): void {
    void reply?.endOnce(async () => {
      reply.abort();
      this.#leave(reply, await this.#endElsewhere(reply));
    });
  }

  /** Null where the reply isn't this node's to end any more. Tries until the database takes it: nothing else would end it. */
  async #finish(reply: RunningReply, ending: ReplyEnding): Promise<EndEvent | null> {
    const { storage, environment } = this.#core;
    const { accountId, replyId } = reply;
    return this.#persist(() => {
      const input = { accountId, replyId, ownerId: this.nodeId, now: environment.now(), ending };
      return storage.transact("finishReply", { ...input, chunk: reply.feed.pendingChunk() });
    });
  }

  async #endElsewhere(reply: RunningReply): Promise<EndEvent> {
    reply.abort();
    const { lastEventId } = reply.feed;
    const read = async (snapshot: Snapshot) =>
      (await readReply(snapshot, reply, lastEventId))?.end ?? readDeletedEnd(snapshot, reply.accountId, lastEventId);
    return this.#persist(() => this.#core.storage.read(read));
  }

  async #persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      const [outcome] = await Promise.allSettled([attempt()]);
      if (outcome.status === "fulfilled") return outcome.value;
      // A database that is away comes back; a storage that is closed or lost doesn't.
      if (this.#isClosing || outcome.reason instanceof StorageError) throw outcome.reason;
      await pause(this.#core.environment, RETRY_MS);
    }
  }

  #announceEnd({ accountId, conversationId, replyId }: RunningReply, { kind }: ReplyEnding, { data }: EndEvent): void {
    const title = data.title ?? "";
    this.#core.options.onReplyEnded?.({ accountId, conversationId, replyId, kind, title });
  }

  #leave(reply: RunningReply, end: EndEvent): void {
    this.#journal.forget(reply);
    this.#byId.delete(reply.replyId);
    reply.feed.end(end);
    if (this.#byId.size > 0) return;
    void this.#heartbeat.stop();
    void this.#watch.stop();
  }
}
