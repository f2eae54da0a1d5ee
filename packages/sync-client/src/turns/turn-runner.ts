/** Runs turns: sends an entry of the outbox, or follows a reply that is not this tab's, and shows what comes of it. */
import { type ConversationId, type ReplyId, type StartEvent, withToken } from "@instep/protocol";
import { reportError } from "../environment.ts";
import { type Failure, isFailure, type Result } from "../failure.ts";
import { sendsOf } from "../outbox/outbox.ts";
import { afterFailure, fateOf, type OutgoingSend, REPLY_RUNS, sendOf, waitsForReply } from "../outbox/outgoing-send.ts";
import { brokenBy } from "../guarded.ts";
import type { ReplyViews } from "../views/reply-views.ts";
import { createFirst, showBatchFailure, showEnd, showResult, showStart } from "./turn-effects.ts";
import {
  type BatchRequest,
  followReply,
  sendBatchMessage,
  sendStreamingMessage,
  stopReply,
  type TurnEnding,
  type TurnHandlers,
} from "./turn.ts";
import type { TurnsPorts } from "./turns-ports.ts";
import type { FollowedReply } from "../views/view-ports.ts";

/** How soon a reply that is to be stopped is looked for again. */
const STOP_AGAIN_MS = 1000;

export class TurnRunner {
  readonly #ports: TurnsPorts;
  readonly #running: ReplyViews;
  /** Conversations that were made from here, and the history that they were made in. */
  readonly #madeIn = new Map<string, string | null>();
  /** Sends that were stopped, and then had no answer: whatever they come to with the next try ends once it has begun [TURN-5]. */
  readonly #stopped = new Set<string>();

  constructor(ports: TurnsPorts) {
    this.#ports = ports;
    this.#running = ports.running;
  }

  async stop(conversationId: string): Promise<Result<void>> {
    const id = conversationId as ConversationId;
    const replyId = (this.#running.of(id)?.replyId ??
      this.#ports.store.conversations.get(id)?.active_reply_id ??
      null) as ReplyId | null;
    this.#running.show(id, { phase: "stopping" });
    const stopped = await stopReply(this.#ports, id, replyId);
    if (replyId === null) this.#stopOnceBegun(id);
    else if (isFailure(stopped) && this.#running.has(id)) {
      this.#running.show(id, { phase: "streaming" });
      return stopped;
    }
    return undefined;
  }

  /** Somebody wants an answer to it after all. */
  wanted(sendId: string): void {
    this.#stopped.delete(sendId);
  }

  /** Sends one entry of the outbox and follows its turn. Resolves with why it has to wait, or null. */
  run(entry: OutgoingSend): Promise<Failure | null> {
    return this.#run(entry).catch((error: unknown) => this.#failed(entry, brokenBy(error)));
  }

  async #run(due: OutgoingSend): Promise<Failure | null> {
    const { box } = this.#ports;
    const id = due.conversationId;
    if (this.#running.has(id)) return this.#runLater(due);
    const signal = this.#running.begin(id, { replyId: null, text: "", phase: "connecting", isOwn: true });
    if (this.#stopped.delete(due.id)) void this.stop(id);
    await box.change(due.id, { state: "sending", problem: waitsForReply(due.problem) ? due.problem : null });
    if (due.isFirst) {
      const refused = await this.#createOnce(due);
      if (refused) return this.#failed(due, refused);
      await box.change(due.id, { isFirst: false });
    }
    // Another tab may have taken it back meanwhile, or sent it.
    if (!this.#waiting(due)) {
      this.#finish(id, false);
      return null;
    }
    const entry = { ...due, isFirst: false };
    const request = { conversationId: id, send: sendOf(entry), signal };
    if (entry.mode === "batch") return this.#runBatch(entry, request);
    const ending = await sendStreamingMessage(this.#ports, { ...request, handlers: this.#handlers(id, entry) });
    if (ending.kind === "failed") return this.#failed(entry, ending.failure);
    // Of a turn of long ago, whose question was replaced since, nothing is kept but the end.
    if (ending.kind !== "left" && this.#waiting(due)) void box.change(due.id, null);
    this.#end(id, ending);
    return null;
  }

  /** What waited behind the first send makes nothing anew: its conversation may have been deleted since, for so long that nobody knows of it any more. */
  async #createOnce(entry: OutgoingSend): Promise<Failure | null> {
    const { epoch } = this.#ports.store.state.watermark;
    if (this.#madeIn.get(entry.conversationId) === epoch) return null;
    const refused = await createFirst(this.#ports, entry);
    if (!refused) this.#madeIn.set(entry.conversationId, epoch);
    return refused;
  }

  /** Follows a reply that is not this tab's: an earlier page's, or another device's. */
  follow = (id: ConversationId, { replyId, after, ...said }: FollowedReply): void => {
    if (this.#running.has(id) || this.#running.isClosed) return;
    const signal = this.#running.begin(id, { replyId, ...said, phase: "connecting", isOwn: false });
    this.#ports.viewCache.refresh(id);
    const reply = { conversationId: id, replyId, after, signal, handlers: this.#handlers(id, null) };
    void followReply(this.#ports, reply)
      .then((ending) => this.#end(id, ending))
      .catch((error: unknown) => {
        reportError(error);
        this.#finish(id, false);
      });
  };

  /** A reply has one reader: the send waits for the one that runs, unless that is its own, found before it went again. */
  async #runLater({ id, conversationId }: OutgoingSend): Promise<Failure | null> {
    const shown = this.#ports.viewCache.loaded(conversationId)?.messages ?? [];
    if (!shown.some((message) => message.client_message_id === id)) return REPLY_RUNS;
    this.#running.show(conversationId, { isOwn: true });
    await this.#ports.box.change(id, null);
    return null;
  }

  async #runBatch(entry: OutgoingSend, request: BatchRequest): Promise<Failure | null> {
    const result = await sendBatchMessage(this.#ports, request);
    if (isFailure(result)) return this.#failed(entry, result);
    const forgotten = this.#ports.box.change(entry.id, null);
    // Whoever looks at it now has seen its end, however long the store takes [DEV-14].
    showResult(this.#ports, entry, result);
    this.#finish(entry.conversationId);
    await forgotten;
    return null;
  }

  #handlers(id: ConversationId, entry: OutgoingSend | null): TurnHandlers {
    return {
      onStart: (start) => this.#started(id, entry, start),
      onToken: (token) => {
        const reply = this.#running.of(id);
        if (reply) this.#running.show(id, withToken({ text: reply.text, thoughts: reply.thoughts ?? "" }, token));
      },
      onConnection: (isConnected) => {
        const phase = this.#running.of(id)?.phase;
        if (phase !== "stopping" && (phase === "streaming") !== isConnected) {
          this.#running.show(id, { phase: isConnected ? "streaming" : "connecting" });
        }
      },
    };
  }

  #started(id: ConversationId, entry: OutgoingSend | null, start: StartEvent): void {
    this.#running.show(id, { replyId: start.reply_id as ReplyId });
    // Stopped before it had an id.
    if (this.#running.of(id)?.phase === "stopping") void this.stop(id);
    if (!entry) return;
    showStart(this.#ports, entry, start);
    void this.#ports.box.change(entry.id, null);
  }

  /** As it stands in the outbox; nothing where it has left that. */
  #waiting({ id, conversationId }: OutgoingSend): OutgoingSend | undefined {
    return sendsOf(this.#ports.box.entries, conversationId).find((other) => other.id === id);
  }

  #end(id: ConversationId, ending: TurnEnding): void {
    if (!this.#running.has(id)) return;
    const isEnded = ending.kind === "done" || ending.kind === "error";
    if (isEnded) showEnd(this.#ports, id, ending);
    this.#finish(id, isEnded);
  }

  async #failed(entry: OutgoingSend, problem: Failure): Promise<Failure | null> {
    const { box } = this.#ports;
    const id = entry.conversationId;
    if (!this.#running.has(id)) return null;
    const waiting = this.#waiting(entry);
    // By what failed, its making or the message itself: what is known of its conversation may have moved on meanwhile.
    const fate = fateOf(waiting && entry, problem);
    if (fate === "waits") return this.#keep(entry, problem);
    if (fate === "answered") await showBatchFailure(this.#ports, entry, problem);
    // Nothing is left that could show it, and its text must not go with its conversation [DEV-10].
    const known = fate === "orphaned" && this.#ports.events.onOrphaned(waiting ?? entry);
    const forgotten = box.change(entry.id, null);
    await known;
    // Now the next send of the conversation may go.
    this.#finish(id, fate === "answered");
    await forgotten;
    return null;
  }

  /** No server could say which reply that is, so it may begin all the same; one that comes in one piece doesn't tell when it does. */
  #stopOnceBegun(id: ConversationId): void {
    const { environment } = this.#ports;
    const isUnknown = (): boolean => this.#running.of(id)?.replyId === null;
    if (!isUnknown()) return;
    const timer = environment.setTimer(() => {
      forget();
      if (isUnknown()) void this.stop(id);
    }, STOP_AGAIN_MS);
    const forget = this.#running.onEnd(id, () => environment.clearTimer(timer));
  }

  async #keep(entry: OutgoingSend, problem: Failure): Promise<Failure | null> {
    const { box, viewCache, views, store } = this.#ports;
    const id = entry.conversationId;
    const change = afterFailure(entry, problem);
    await box.change(entry.id, change);
    if (this.#running.of(id)?.phase === "stopping") this.#stopped.add(entry.id);
    this.#running.end(id);
    viewCache.refresh(id);
    if (problem.failed === "stale_conversation") void views.loadNewer(id);
    // Begun elsewhere, or before a reload: whoever looks at it sees it grow, and hears its end at once.
    if (waitsForReply(problem) && store.state.current?.id === id) void views.reload(id);
    if (problem.failed === "unknown_model") this.#ports.events.onBootDoubted();
    return change.state === "waiting" ? problem : null;
  }

  #finish(id: ConversationId, isSeen = true): void {
    const { store } = this.#ports;
    this.#running.end(id);
    this.#ports.viewCache.refresh(id);
    if (!isSeen) return;
    this.#ports.events.onSeen(id);
    this.#ports.box.sender.sendNow();
    const seq = store.state.entries.get(id)?.baseline.seq;
    if (store.screen.has(id) && seq !== undefined) this.#ports.events.onEndOnScreen(id, seq);
  }
}
