/** Sends and what follows from them: connects outbox, turns, counts and views. */
import { type ConversationId, isTemporary, type ReplyId, type StartEvent, withToken } from "@instep/protocol";
import { applyForgotten } from "./apply-local.ts";
import type { PendingSend, RunningReply, SendOptions, Turns } from "./device.ts";
import { type Failure, isFailure } from "./failure.ts";
import { pagesInView, withLatest } from "./found-window.ts";
import {
  afterFailure,
  afterRetry,
  choiceOnItsWay,
  fateOf,
  newSend,
  type OutgoingSend,
  pendingSends,
  REPLY_RUNS,
  sendOf,
  sendsOf,
  waitsForReply,
} from "./outbox.ts";
import {
  adoptDraft,
  createFirst,
  showBatchFailure,
  showEnd,
  showResult,
  showStart,
  type TurnEffectPorts,
} from "./turn-effects.ts";
import {
  followReply,
  sendBatchMessage,
  sendStreamingMessage,
  stopReply,
  type TurnEnding,
  type TurnHandlers,
} from "./turn.ts";
import type { TurnsPorts } from "./turns-ports.ts";
import type { FollowedReply } from "./view-ports.ts";

type Running = { readonly reply: RunningReply; readonly abort: AbortController };

/** The turns of this tab: one running reply a conversation, whatever is on screen. */
export class RunningTurns implements Turns {
  readonly #ports: TurnsPorts;
  readonly #running = new Map<string, Running>();
  readonly #draftModels = new Map<string, string>();
  #isClosed = false;

  constructor(ports: TurnsPorts) {
    this.#ports = ports;
  }

  setDraftModel(draftId: string, model: string): void {
    this.#draftModels.set(draftId, model);
  }

  replyOf = (id: string): RunningReply | null => this.#running.get(id)?.reply ?? null;
  pendingOf = (id: string): readonly PendingSend[] =>
    pendingSends(
      sendsOf(this.#ports.box.entries, id),
      this.#ports.views().loaded(id)?.messages ?? [],
      this.#ports.store.conversations.get(id)?.isGenerating === true,
    );

  async send(conversationId: string, text: string, options: SendOptions = {}): Promise<ConversationId> {
    const model = options.model ?? this.#draftModels.get(conversationId);
    const withModel = { ...options, ...(model !== undefined && { model }) };
    const id = isTemporary(conversationId)
      ? adoptDraft(this.#turnPorts, { draftId: conversationId, text, model })
      : (conversationId as ConversationId);
    await this.#enqueue(id, text, withModel);
    return id;
  }

  async askAgain(conversationId: string, fromSeq: number, options: SendOptions = {}): Promise<void> {
    const loaded = this.#ports.views().loaded(conversationId);
    const message = loaded && pagesInView(loaded).messages.find(({ seq }) => seq === fromSeq);
    const isAsked = (send: OutgoingSend): boolean => send.replaceFromSeq === fromSeq && send.state !== "rejected";
    // A second press comes before the first one shows, or after it has taken the reply away.
    if (!message || sendsOf(this.#ports.box.entries, conversationId).some(isAsked)) return;
    const text = message.role === "user" ? message.content : null;
    await this.#enqueue(conversationId as ConversationId, text, { ...options, replaceFromSeq: fromSeq });
  }

  async stop(conversationId: string): Promise<void> {
    const id = conversationId as ConversationId;
    const replyId = (this.replyOf(id)?.replyId ??
      this.#ports.store.conversations.get(id)?.active_reply_id ??
      null) as ReplyId | null;
    this.#show(id, { phase: "stopping" });
    const stopped = await stopReply(this.#ports, id, replyId);
    if (isFailure(stopped)) this.#show(id, { phase: "streaming" });
  }

  retry(clientMessageId: string): void {
    const { box, store } = this.#ports;
    const entry = box.entries.find(({ id }) => id === clientMessageId);
    if (entry?.kind !== "send") return;
    void box.change(entry.id, afterRetry(entry, store.seenOf(entry.conversationId))).then(() => box.goNow());
  }

  async discard(clientMessageId: string): Promise<string | null> {
    const { box, store } = this.#ports;
    const entry = await box.withdraw(clientMessageId);
    if (!entry) return null;
    if (store.state.current?.id !== entry.conversationId) this.forgetEmpty(entry.conversationId);
    return entry.text;
  }

  /** A conversation that was begun here, and of which nothing is left to send, goes once nobody looks at it. */
  forgetEmpty = (id: string): void => {
    const { box, store, manager } = this.#ports;
    if (sendsOf(box.entries, id).length === 0) manager.commit(applyForgotten(store.state, id));
  };

  /** Sends one entry of the outbox and follows its turn. Resolves with why it has to wait, or null. */
  async run(entry: OutgoingSend): Promise<Failure | null> {
    const { box } = this.#ports;
    const id = entry.conversationId;
    if (this.#running.has(id)) return this.#runLater(entry);
    const signal = this.#begin(id, { replyId: null, text: "", phase: "connecting", isOwn: true });
    await box.change(entry.id, { state: "sending", problem: waitsForReply(entry.problem) ? entry.problem : null });
    if (entry.isFirst) {
      const refused = await createFirst(this.#turnPorts, entry);
      if (refused) return this.#failed(entry, refused);
      await box.change(entry.id, { isFirst: false });
    }
    const request = { conversationId: id, send: sendOf(entry), signal };
    if (entry.mode === "batch") return this.#runBatch(entry, request);
    const ending = await sendStreamingMessage(this.#ports, { ...request, handlers: this.#handlers(id, entry) });
    if (ending.kind === "failed") return this.#failed(entry, ending.failure);
    this.#end(id, ending);
    return null;
  }

  /** Follows a reply that is not this tab's: an earlier page's, or another device's. */
  follow = (id: ConversationId, { replyId, after, ...said }: FollowedReply): void => {
    if (this.#running.has(id) || this.#isClosed) return;
    const signal = this.#begin(id, { replyId, ...said, phase: "connecting", isOwn: false });
    this.#ports.views().refresh(id);
    const reply = { conversationId: id, replyId, after, signal, handlers: this.#handlers(id, null) };
    void followReply(this.#ports, reply).then((ending) => this.#end(id, ending));
  };

  /** Lets go of a reply that was only looked at; it goes on, and its end will be news. */
  unfollow = (id: string): void => {
    const running = this.#running.get(id);
    if (running && !running.reply.isOwn) running.abort.abort();
  };

  /** Lets go of everything, and applies nothing more; replies go on [TURN-2]. */
  close(): void {
    this.#isClosed = true;
    for (const { abort } of this.#running.values()) abort.abort();
    this.#running.clear();
  }

  #begin(id: string, reply: RunningReply): AbortSignal {
    const abort = new AbortController();
    this.#ports.manager.setConversationStreaming(id, true);
    this.#running.set(id, { abort, reply });
    return abort.signal;
  }

  async #enqueue(id: ConversationId, text: string | null, options: SendOptions): Promise<void> {
    const { box, store, environment } = this.#ports;
    const entry = store.state.entries.get(id);
    const model = options.model ?? choiceOnItsWay(box.entries, id);
    const chosen = { ...options, ...(model !== undefined && { model }) };
    const shown = store.seenOf(id);
    const isAlone = sendsOf(box.entries, id).length === 0 && store.conversations.get(id)?.isGenerating !== true;
    this.#ports.views().change(id, (loaded) => withLatest({ ...loaded, turnFailure: null, seenUpTo: null }));
    const isFirst = entry?.isLocal === true;
    const sent = box.add(
      newSend({ id: environment.uuid(), conversationId: id, text, options: chosen, shown, isAlone, isFirst }),
    );
    this.#ports.views().refresh(id);
    await sent;
  }

  /** A reply has one reader: the send waits for the one that runs, unless that is its own, found before it went again. */
  async #runLater({ id, conversationId }: OutgoingSend): Promise<Failure | null> {
    const shown = this.#ports.views().loaded(conversationId)?.messages ?? [];
    if (!shown.some((message) => message.client_message_id === id)) return REPLY_RUNS;
    this.#show(conversationId, { isOwn: true });
    await this.#ports.box.change(id, null);
    return null;
  }

  async #runBatch(
    entry: OutgoingSend,
    request: Omit<Parameters<typeof sendBatchMessage>[1], "handlers">,
  ): Promise<Failure | null> {
    const result = await sendBatchMessage(this.#ports, { ...request, handlers: {} });
    if (isFailure(result)) return this.#failed(entry, result);
    const forgotten = this.#ports.box.change(entry.id, null);
    // Whoever looks at it now has seen its end, however long the store takes [DEV-14].
    showResult(this.#turnPorts, entry, result);
    this.#finish(entry.conversationId);
    await forgotten;
    return null;
  }

  #handlers(id: ConversationId, entry: OutgoingSend | null): TurnHandlers {
    return {
      onStart: (start) => this.#started(id, entry, start),
      onToken: (token) => {
        const reply = this.#running.get(id)?.reply;
        if (reply) this.#show(id, withToken({ text: reply.text, thoughts: reply.thoughts ?? "" }, token));
      },
      onConnection: (isConnected) => {
        const phase = this.#running.get(id)?.reply.phase;
        if (phase !== "stopping" && (phase === "streaming") !== isConnected) {
          this.#show(id, { phase: isConnected ? "streaming" : "connecting" });
        }
      },
    };
  }

  #started(id: ConversationId, entry: OutgoingSend | null, start: StartEvent): void {
    this.#show(id, { replyId: start.reply_id as ReplyId });
    // Stopped before it had an id.
    if (this.#running.get(id)?.reply.phase === "stopping") void this.stop(id);
    if (!entry) return;
    showStart(this.#turnPorts, entry, start);
    void this.#ports.box.change(entry.id, null);
  }

  #end(id: ConversationId, ending: TurnEnding): void {
    if (!this.#running.has(id)) return;
    const isEnded = ending.kind === "done" || ending.kind === "error";
    if (isEnded) showEnd(this.#turnPorts, id, ending);
    this.#finish(id, isEnded);
  }

  async #failed(entry: OutgoingSend, problem: Failure): Promise<Failure | null> {
    const { box } = this.#ports;
    const id = entry.conversationId;
    if (!this.#running.has(id)) return null;
    const waiting = sendsOf(box.entries, id).find(({ id: other }) => other === entry.id);
    const fate = fateOf(waiting, problem);
    if (fate === "waits") return this.#keep(entry, problem);
    if (fate === "answered") await showBatchFailure(this.#turnPorts, id, problem);
    // Nothing is left that could show it, and its text must not go with its conversation [DEV-10].
    const known = fate === "orphaned" && this.#ports.onOrphaned(waiting ?? entry);
    const forgotten = box.change(entry.id, null);
    await known;
    // Now the next send of the conversation may go.
    this.#finish(id, fate === "answered");
    await forgotten;
    return null;
  }

  async #keep(entry: OutgoingSend, problem: Failure): Promise<Failure | null> {
    const { box, views, store } = this.#ports;
    const id = entry.conversationId;
    const change = afterFailure(entry, problem);
    await box.change(entry.id, change);
    this.#letGo(id);
    views().refresh(id);
    if (problem.failed === "stale_conversation") void views().loadNewer(id);
    // Begun elsewhere, or before a reload: whoever looks at it sees it grow, and hears its end at once.
    if (waitsForReply(problem) && store.state.current?.id === id) void views().reload(id);
    if (problem.failed === "unknown_model") this.#ports.onBootDoubted();
    return change.state === "waiting" ? problem : null;
  }

  #finish(id: ConversationId, isSeen = true): void {
    const { store } = this.#ports;
    this.#letGo(id);
    this.#ports.views().refresh(id);
    if (!isSeen) return;
    this.#ports.onSeen(id);
    this.#ports.box.goNow();
    const seq = store.state.entries.get(id)?.baseline.seq;
    if (store.screen.has(id) && seq !== undefined) this.#ports.onEndOnScreen(id, seq);
  }

  /** What came for the conversation meanwhile is applied [DEV-4]. */
  #letGo(id: string): void {
    this.#running.delete(id);
    this.#ports.manager.setConversationStreaming(id, false);
  }

  #show(id: string, change: Partial<RunningReply>): void {
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.set(id, { ...running, reply: { ...running.reply, ...change } });
    this.#ports.views().refresh(id);
  }

  get #turnPorts(): TurnEffectPorts {
    return { ...this.#ports, views: this.#ports.views() };
  }
}
