/** What a person does of turns: writes, asks again, takes back; what is sent goes through the outbox [DEV-12]. */
import { type ConversationId, isTemporary } from "@instep/protocol";
import { applyForgotten } from "../apply-local.ts";
import type { Result } from "../failure.ts";
import type { PendingSend, SendOptions, TakenBack, Turns } from "../device.ts";
import { pagesInView } from "../views/found-window.ts";
import type { FurtherPages } from "../views/further-pages.ts";
import { choiceOnItsWay, pendingSends, sendsOf } from "../outbox/outbox.ts";
import { afterRetry, newSend, type OutgoingSend } from "../outbox/outgoing-send.ts";
import { adoptDraft } from "./turn-effects.ts";
import type { TurnRunner } from "./turn-runner.ts";
import type { TurnsPorts } from "./turns-ports.ts";

interface ConversationTurnsPorts extends TurnsPorts {
  readonly furtherPages: Pick<FurtherPages, "showLatest">;
  readonly runner: TurnRunner;
}

export class ConversationTurns implements Turns {
  readonly #ports: ConversationTurnsPorts;
  readonly #draftModels = new Map<string, string>();
  /** Of conversations that were begun here: their first send may be taken back before it has made them. */
  readonly #instructions = new Map<string, string>();

  constructor(ports: ConversationTurnsPorts) {
    this.#ports = ports;
  }

  setDraftModel(draftId: string, model: string): void {
    this.#draftModels.set(draftId, model);
  }

  pendingOf = (id: string): readonly PendingSend[] =>
    pendingSends(
      sendsOf(this.#ports.box.entries, id),
      this.#ports.viewCache.loaded(id)?.messages ?? [],
      this.#ports.store.conversations.get(id)?.isGenerating === true,
    );

  async send(conversationId: string, text: string, options: SendOptions = {}): Promise<ConversationId> {
    const { environment } = this.#ports;
    const model = options.model ?? this.#draftModels.get(conversationId);
    const id = isTemporary(conversationId)
      ? adoptDraft(this.#ports, { draftId: conversationId, text, model: model ?? null, order: environment.now() })
      : (conversationId as ConversationId);
    await this.#enqueue(id, text, { ...options, model });
    return id;
  }

  async askAgain(conversationId: string, fromSeq: number, options: SendOptions = {}): Promise<void> {
    const loaded = this.#ports.viewCache.loaded(conversationId);
    const message = loaded && pagesInView(loaded).messages.find(({ seq }) => seq === fromSeq);
    const isAsked = (send: OutgoingSend): boolean => send.replaceFromSeq === fromSeq && send.state !== "rejected";
    // A second press comes before the first one shows, or after it has taken the reply away.
    if (!message || sendsOf(this.#ports.box.entries, conversationId).some(isAsked)) return;
    const text = message.role === "user" ? message.content : null;
    await this.#enqueue(conversationId as ConversationId, text, { ...options, replaceFromSeq: fromSeq });
  }

  stop = (conversationId: string): Promise<Result<void>> => this.#ports.runner.stop(conversationId);

  retry(clientMessageId: string): void {
    const { box, store, runner } = this.#ports;
    const entry = box.entries.find(({ id }) => id === clientMessageId);
    if (entry?.kind !== "send" || box.sender.isOnItsWay(entry.id)) return;
    runner.wanted(entry.id);
    void box.change(entry.id, afterRetry(entry, store.seenOf(entry.conversationId))).then(() => box.sender.sendNow());
  }

  async discard(clientMessageId: string): Promise<TakenBack | null> {
    const { box, store } = this.#ports;
    const entry = await box.withdraw(clientMessageId);
    if (!entry) return null;
    if (store.state.current?.id !== entry.conversationId) this.forgetEmpty(entry.conversationId);
    return { ...entry, model: choiceOnItsWay(box.entries, entry.conversationId) ?? entry.model };
  }

  /** A conversation that was begun here, and of which nothing is left to send, goes once nobody looks at it. */
  forgetEmpty = (id: string): void => {
    const { box, store, manager } = this.#ports;
    if (sendsOf(box.entries, id).length === 0) manager.commit(applyForgotten(store.state, id));
  };

  async #enqueue(id: ConversationId, text: string | null, options: SendOptions): Promise<void> {
    const { box, store, environment } = this.#ports;
    const entry = store.state.entries.get(id);
    const before = sendsOf(box.entries, id);
    // Whichever of them makes the conversation makes it as it was begun.
    const begun = before.find((send) => send.isFirst);
    const model = options.model ?? choiceOnItsWay(box.entries, id) ?? begun?.model ?? undefined;
    const instructions = options.instructions ?? this.#instructions.get(id) ?? begun?.instructions;
    if (instructions !== undefined) this.#instructions.set(id, instructions);
    const chosen = { ...options, model, instructions };
    // What is written goes to the end, which is what its person sees from now on.
    this.#ports.furtherPages.showLatest(id);
    const shown = store.seenOf(id);
    const isAlone = before.length === 0 && store.conversations.get(id)?.isGenerating !== true;
    this.#ports.viewCache.change(id, (loaded) => ({ ...loaded, turnFailure: null, seenUpTo: null }));
    const isFirst = entry?.isLocal === true;
    const sent = box.add(
      newSend({ id: environment.uuid(), conversationId: id, text, options: chosen, shown, isAlone, isFirst }),
    );
    this.#ports.viewCache.refresh(id);
    await sent;
  }
}
