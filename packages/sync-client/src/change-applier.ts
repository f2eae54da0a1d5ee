/** Applies what the server answers and what this tab does, and sees to all that follows from it: effects, callbacks, counts. */
import type { ConversationId } from "@instep/protocol";
import { applyLetGo, applyReadCount, applyTurnWord, type TurnWord } from "./apply-local.ts";
import { type Answered, applySync, type Change, type Effect, isOfPast } from "./apply-sync.ts";
import type { Holder } from "./holds.ts";
import type { ScheduleEvent } from "./poll-schedule.ts";
import type { CompleteOptions } from "./sync-options.ts";
import { UnreadQuestions } from "./unread-questions.ts";
import { allSeen, type Baseline } from "./unread.ts";

/** What it needs of who asks the server. */
export interface ApplierPorts {
  readonly isSyncing: () => boolean;
  /** Resolves when a sync that began after this call has ended, well or not. */
  readonly sync: () => Promise<void>;
  readonly advanceSchedule: (event: ScheduleEvent) => void;
}

/** Where a change comes from: an answer to this tab, and the changes of this device that it contains. */
interface Origin {
  readonly answered: Answered | null;
  readonly contained: readonly string[];
}

export class ChangeApplier {
  readonly #options: CompleteOptions;
  readonly #ports: ApplierPorts;
  readonly #questions: UnreadQuestions;

  constructor(options: CompleteOptions, ports: ApplierPorts) {
    this.#options = options;
    this.#ports = ports;
    const { transport, store } = options;
    const { isSyncing, sync } = ports;
    this.#questions = new UnreadQuestions({
      transport,
      store,
      isSyncing,
      sync,
      commit: (change) => this.commit(change),
      onCounted: (id) => this.#counted(id),
    });
  }

  /** What an earlier page didn't come to count is counted with the first answer. */
  start(): void {
    const { watermark, entries } = this.#options.store.state;
    if (watermark.serverTime !== null) this.#questions.askLater(entries.keys());
  }

  /** Leaves no request [DEV-2]. */
  stop(): void {
    this.#questions.stop();
  }

  /** The server has answered, this tab or another: what could not be counted before can be now. */
  reached(): void {
    this.#questions.askWhatIsLeft();
  }

  /** Applies what the server answered to this tab, asked when those changes of this device had been settled: those of another history than its own are over by it [EPOCH-1]. */
  apply(answered: Answered, settled: readonly string[]): void {
    const change = applySync(this.#options.store.state, answered);
    this.#make(change, { answered, contained: isWhole(change) ? settled : [] });
  }

  /** Makes a change, and does what follows from it. */
  commit(change: Change): void {
    this.#make(change, { answered: null, contained: [] });
  }

  /** The same, where it says what this tab has seen of a conversation: what is on screen of it grows with that. */
  see(id: string, change: Change): void {
    const entry = change.put[0]?.[1];
    if (entry) this.#options.store.screen.setShown(id, entry.baseline);
    this.commit(change);
  }

  /** So many of its messages have been read: here, and by the read position everywhere [DEV-3]. */
  read(id: string, messageCount: number): void {
    const { store, hooks, transport } = this.#options;
    this.see(id, applyReadCount(store.state, id, messageCount));
    if (hooks.onRead) hooks.onRead(id, messageCount);
    else void transport.markRead?.(id as ConversationId, { message_count: messageCount });
  }

  /** The conversation is on screen from here on; null: none is. */
  open(id: string | null): void {
    const { store } = this.#options;
    const previous = store.state.current?.id;
    store.screen.open(id);
    this.#questions.askWhereUnclear([previous, id].filter((each) => typeof each === "string"));
  }

  /** A turn has come to that, of which so much was seen. */
  takeTurnWord(id: string, word: TurnWord, seen: Baseline): void {
    const { store } = this.#options;
    const { counts } = word;
    if (isOfPast(store.state, word.asOf.epoch)) return;
    const isShown = counts.last_seq >= (store.seenOf(id)?.seq ?? 0);
    if (isShown) store.screen.setShown(id, allSeen(counts));
    const before = store.state.entries.get(id)?.row;
    this.commit(applyTurnWord(store.state, id, { ...word, seen }));
    const row = store.state.entries.get(id)?.row;
    if (row && row !== before) store.showTurn(id, row);
  }

  /** Keeps syncs away from what is shown of the conversation; what came shows once nobody holds it [DEV-4]. */
  hold(id: string, by: Holder, on: boolean): void {
    const { store, callbacks } = this.#options;
    store.hold(id, by, on);
    if (on) return;
    this.commit(applyLetGo(store.state, id));
    this.#questions.askWhereUnclear([id]);
    // Its reply has ended.
    callbacks.onConversationsUpdated?.([id as ConversationId]);
  }

  #make(change: Change, { answered, contained }: Origin): void {
    const { store, callbacks, hooks } = this.#options;
    const { effects, changed } = store.commit(change, contained);
    hooks.onChange?.(change, answered);
    if (changed.length > 0) callbacks.onConversationsUpdated?.(changed);
    for (const effect of effects) this.#perform(effect);
    this.#questions.askWhereUnclear(change.put.map(([id]) => id));
  }

  #perform(effect: Effect): void {
    const { callbacks, hooks, store } = this.#options;
    switch (effect.kind) {
      case "current-deleted":
        store.screen.open(null);
        return callbacks.onCurrentConversationDeleted?.(effect.id, effect.title);
      case "current-updated":
        return callbacks.onCurrentConversationExternalUpdate?.(effect.id, effect.newMessages);
      case "ask-again":
        return this.#ports.advanceSchedule({ kind: effect.isFull ? "want-full" : "want-more" });
      case "rewound":
        return hooks.onRewound?.();
    }
  }

  #counted(id: ConversationId): void {
    const { callbacks, hooks, store } = this.#options;
    hooks.onCounted?.(id);
    const newMessages = store.newOnScreen(id);
    if (newMessages > 0) callbacks.onCurrentConversationExternalUpdate?.(id, newMessages);
  }
}

/** Whether everything up to where it stands is known by it, and not only a page. */
function isWhole({ watermark }: Change): boolean {
  return watermark !== null && watermark.wholeTime === watermark.serverTime;
}
