/** The one store: what the server said, what is held back of it, and this device's unanswered changes on top. */
import type { CompleteRow, ConversationId } from "@instep/protocol";
import { type Change, type Effect, type KnownConversation, isKnownUpTo, type SyncState } from "./apply-sync.ts";
import type { Watermark } from "./moment.ts";
import { ConversationItems } from "./conversation-items.ts";
import type { ConversationItem } from "./conversation-item.ts";
import { type Holder, Holds } from "./holds.ts";
import { KnownConversations, type KnownOptions } from "./known-conversations.ts";
import { type ChangeEnd, type LocalChange, LocalChanges, withLocalChanges } from "./local-changes.ts";
import { Screen } from "./screen.ts";
import { type Baseline, leastUnread, rebased, unreadOf } from "./unread.ts";

export type StoreOptions = KnownOptions;

/** What follows from a change. */
export interface Committed {
  readonly effects: readonly Effect[];
  readonly changed: readonly ConversationId[];
}

export class ConversationStore {
  /** What a page shows of it. */
  readonly conversations = new ConversationItems((id, elsewhere) => this.#itemOf(id, elsewhere));
  /** How much of the open conversation stands on screen. @internal */
  readonly screen = new Screen({
    seenOf: (id) => this.state.entries.get(id)?.baseline,
    onChange: (ids) => this.conversations.refresh(ids),
  });
  readonly #known: KnownConversations;
  readonly #holds = new Holds();
  readonly #changes = new LocalChanges();

  constructor({ unreadScope = "device", defaultModel = "" }: Partial<StoreOptions> = {}) {
    this.#known = new KnownConversations({ unreadScope, defaultModel });
  }

  /** What the pure functions read. Valid until the next change: never keep it across an `await`. @internal */
  get state(): SyncState {
    return { ...this.#known.state, current: this.screen.current, held: this.#holds.all };
  }

  /** This device's changes that no answer contains yet. @internal */
  get localChanges(): Pick<LocalChanges, "hasEnded" | "openBut" | "removedBy" | "settled"> {
    return this.#changes;
  }

  /** Makes a change that a pure function decided, and that contains those of this device. Returns what is left for the caller. @internal */
  commit(change: Change, contained: readonly string[] = []): Committed {
    this.#known.apply(change);
    for (const [id, { row }] of change.put) this.#holds.begin(id, row);
    // What was seen is counted in another history then: a row of the former one would say a badge that is none [EPOCH-1].
    if (change.effects.some(({ kind }) => kind === "rewound")) {
      this.#holds.showLatest(this.state.entries);
      rebaseSeen(this);
    }
    const confirmed = this.#confirm(contained);
    const changed = [...change.removed, ...change.put.map(([id]) => id), ...idsOf(confirmed)];
    this.conversations.refresh(changed, Boolean(change.watermark));
    const isNews = (effect: Effect): boolean =>
      effect.kind !== "current-deleted" || !this.#changes.isOwnRemoval(effect.id, confirmed);
    return { effects: change.effects.filter(isNews), changed };
  }

  /** Puts what was stored on the device under what is known already. @internal */
  restore(entries: Iterable<readonly [string, KnownConversation]>, watermark: Watermark): void {
    this.#known.restore(entries, watermark);
    this.conversations.refresh([...this.state.entries.keys()] as ConversationId[], true);
  }

  /** Returns whether that is another one than before. @internal */
  setDefaultModel(defaultModel: string): boolean {
    return this.#known.setDefaultModel(defaultModel);
  }

  /** How much of it its person has seen here. @internal */
  seenOf(id: string): Baseline | undefined {
    return this.screen.shownOf(id) ?? this.state.entries.get(id)?.baseline;
  }

  /** How many messages from elsewhere the conversation on screen lacks [DEV-9]. */
  newOnScreen(id: string): number {
    const shown = this.screen.shownOf(id);
    const row = this.state.entries.get(id)?.row;
    return shown && row && !this.#holds.all.has(id) ? leastUnread(shown, row) : 0;
  }

  /** While anybody holds the conversation, nothing that comes of it shows, but for what a turn of this tab's own says [DEV-4]. @internal */
  hold(id: string, by: Holder, on: boolean): void {
    this.#holds.set(id, by, on);
    const row = this.state.entries.get(id)?.row;
    if (row) this.#holds.begin(id, row);
    this.conversations.refresh([id as ConversationId]);
  }

  /** A turn of this tab's own has come to that. @internal */
  showTurn(id: string, row: CompleteRow): void {
    this.#holds.show(id, row);
    this.conversations.refresh([id as ConversationId]);
  }

  /** The conversations that it holds. @internal */
  heldBy(holder: Holder): ReadonlySet<string> {
    return this.#holds.by(holder);
  }

  /** Shows a change on top of what the server says. @internal */
  addLocalChange(change: LocalChange): void {
    if (this.#changes.add(change)) this.conversations.refresh([change.conversationId as ConversationId]);
  }

  /** The change is through: what the server has stays shown until an answer contains it, what was refused is taken back. @internal */
  endLocalChange(operationId: string, end: ChangeEnd): void {
    const takenBack = this.#changes.end(operationId, end);
    this.conversations.refresh(idsOf([...this.#confirm(), ...(takenBack ? [takenBack] : [])]));
  }

  /** What is known by now contains them, or has overruled them: the changes that go. */
  #confirm(contained: readonly string[] = []): readonly LocalChange[] {
    const { state } = this;
    const { epoch } = state.watermark;
    const confirmed = this.#changes.confirm(
      ({ asOf, operationId }) => isKnownUpTo(state, asOf) || (asOf.epoch !== epoch && contained.includes(operationId)),
    );
    for (const [id, row] of this.#holds.rows) {
      // One that was deleted shows nothing, and shows this again once it is taken back.
      const known = confirmed.filter((change) => change.conversationId === id && change.isRemoved === undefined);
      if (known.length > 0) this.#holds.show(id, withLocalChanges(row, known) ?? row);
    }
    return confirmed;
  }

  #itemOf(id: ConversationId, elsewhere: number): ConversationItem | undefined {
    const { entries, unreadScope } = this.#known.state;
    const entry = entries.get(id);
    if (!entry) return undefined;
    const changes = this.#changes.of(id);
    const known = this.#holds.rows.get(id) ?? entry.row;
    const row = changes.length > 0 ? withLocalChanges(known, changes) : known;
    if (!row) return undefined;
    return {
      ...row,
      id,
      ...unreadOf(row, { baseline: entry.baseline, isOnScreen: this.screen.has(id), elsewhere }, unreadScope),
      isGenerating: row.active_reply_id !== null || this.#holds.by("turn").has(id),
      isLocal: entry.isLocal,
    };
  }
}

function idsOf(changes: readonly LocalChange[]): readonly ConversationId[] {
  return changes.map(({ conversationId }) => conversationId as ConversationId);
}

/** Of what was seen in a history that was rewound, on screen and in other tabs, no more counts than there is now [EPOCH-1]. */
function rebaseSeen({ state: { entries, current }, screen, conversations }: ConversationStore): void {
  conversations.tally.rewound((id) => entries.get(id)?.row.last_seq ?? 0);
  const row = entries.get(current?.id ?? "")?.row;
  if (current && row) screen.setShown(current.id, rebased(current.shown, row));
}
