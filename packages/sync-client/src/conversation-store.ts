/** The one store: what the server said, this device's unanswered changes on top, and who wants to know of which conversation. */
import type { CompleteRow, ConversationId, UnreadScope } from "@instep/protocol";
import {
  type Change,
  type Effect,
  type Entry,
  historiesOf,
  isKnownUpTo,
  type OnScreen,
  type SyncState,
  type Watermark,
} from "./apply-sync.ts";
import type { ConversationItem, ConversationReader } from "./device.ts";
import { Graves } from "./graves.ts";
import { type Holder, Holds } from "./holds.ts";
import { Listeners } from "./listeners.ts";
import { type LocalChange, LocalChanges, withLocalChanges } from "./local-changes.ts";
import { isLater, type Moment } from "./moment.ts";
import { isSameRecord } from "./same-record.ts";
import { SortedList } from "./sorted-list.ts";
import { UnreadTally } from "./unread-tally.ts";
import { badgeCount, type Baseline, laterBaseline, leastUnread, withCount } from "./unread.ts";

/** From how many changes at once on the lists are sorted anew instead of moving each. */
const REBUILD_FROM = 100;
const [LIST, UNREAD] = ["list", "unread"];

export interface StoreOptions {
  readonly unreadScope: UnreadScope;
  readonly defaultModel: string;
}

/** What follows from a change. */
export interface Committed {
  readonly effects: readonly Effect[];
  readonly changed: readonly ConversationId[];
}

export class ConversationStore implements ConversationReader {
  #options: StoreOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #items = new Map<string, ConversationItem>();
  readonly #holds = new Holds();
  /** The rows that those which are held show, whatever has come since. */
  readonly #shown = new Map<string, CompleteRow>();
  readonly #graves = new Graves();
  readonly #changes = new LocalChanges();
  #watermark: Watermark = { serverTime: null, epoch: null, etag: null, wholeTime: null };
  #current: OnScreen | null = null;
  #isVisible = true;
  readonly #past = new Set<string>();
  readonly #tally = new UnreadTally();
  #isReady = false;
  readonly #live = new SortedList();
  readonly #archived = new SortedList();
  /** By conversation, and for the list and the number of unread ones. */
  readonly #listeners = new Listeners();

  constructor({ unreadScope = "device", defaultModel = "" }: Partial<StoreOptions> = {}) {
    this.#options = { unreadScope, defaultModel };
  }

  subscribeList = (listener: () => void): (() => void) => this.#listeners.add(LIST, listener);
  subscribeUnread = (listener: () => void): (() => void) => this.#listeners.add(UNREAD, listener);
  subscribe = (id: string, listener: () => void): (() => void) => this.#listeners.add(id, listener);
  list = (): readonly ConversationId[] => this.#live.ids();
  archivedList = (): readonly ConversationId[] => this.#archived.ids();
  get = (id: string): ConversationItem | undefined => this.#items.get(id);
  unreadConversations = (): number => this.#tally.listed;
  unreadArchived = (): number => this.#tally.archived;
  isReady = (): boolean => this.#isReady;

  /** What the pure functions read. Valid until the next change: never keep it across an `await`. */
  get state(): SyncState {
    return {
      entries: this.#entries,
      watermark: this.#watermark,
      current: this.#current,
      streaming: this.#holds.all,
      graves: this.#graves.all,
      past: this.#past,
      ...this.#options,
    };
  }

  /** Makes a change that a pure function decided. Returns what is left for the caller. */
  commit(change: Change): Committed {
    const changed = [...change.removed];
    for (const [id, entry] of change.put) {
      // With one that no sync has told of, the state is not the full answer's any more.
      const isAdded = !entry.isLocal && this.#entries.get(id)?.isLocal !== false;
      if (isAdded) this.#watermark = { ...this.#watermark, etag: null };
      this.#entries.set(id, entry);
      if (this.#holds.all.has(id) && !this.#shown.has(id)) this.#shown.set(id, entry.row);
      changed.push(id);
    }
    const isNews = (effect: Effect): boolean =>
      effect.kind !== "current-deleted" || !this.#changes.hasRemoved(effect.id);
    const effects = change.effects.filter(isNews);
    for (const id of change.removed) this.#bury(id);
    if (effects.some(({ kind }) => kind === "rewound")) this.#rewind();
    if (change.watermark) this.#moveTo(change.watermark);
    changed.push(...this.#confirm());
    this.#refresh(changed, Boolean(change.watermark));
    return { effects, changed };
  }

  /** Puts what was stored on the device under what is known already: a conversation may have been opened meanwhile. */
  restore(entries: Iterable<readonly [string, Entry]>, watermark: Watermark): void {
    this.#moveTo(watermark);
    for (const [id, stored] of entries) {
      const known = this.#entries.get(id);
      this.#entries.set(id, known ? this.#later(known, stored) : stored);
    }
    this.#refresh([...this.#entries.keys()] as ConversationId[], true);
  }

  /** Says what is on screen; its badge is 0 from here on. */
  setCurrent(id: string | null): void {
    const previous = this.#current?.id;
    if (previous === id) return;
    const entry = id === null ? undefined : this.#entries.get(id);
    const shown = entry?.baseline ?? { count: 0, seq: 0, skipped: null };
    this.#current = id === null ? null : { id: id as ConversationId, shown };
    this.#refresh([previous, id].filter((each) => each !== undefined && each !== null) as ConversationId[]);
  }

  /** The server has another default model now. */
  setDefaultModel(defaultModel: string): void {
    this.#options = { ...this.#options, defaultModel };
  }

  /** Whether anybody can see the page: what is open on a hidden one is not on screen [DEV-5]. */
  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    if (this.#current) this.#refresh([this.#current.id]);
  }

  isOnScreen(id: string): boolean {
    return this.#isVisible && this.#current?.id === id;
  }

  /** How much of the conversation on screen is shown; of another one this does nothing. */
  setShown(id: string, shown: Baseline): void {
    if (this.#current?.id === id) this.#current = { id: this.#current.id, shown };
  }

  /** A deleted conversation was seen that far, for when it is restored; of another one this does nothing. */
  seeDeleted(id: string, baseline: Baseline): void {
    this.#graves.see(id, baseline);
  }

  /** How much of it its person has seen here. */
  shownOf(id: string): Baseline | undefined {
    return this.#current?.id === id ? this.#current.shown : this.#entries.get(id)?.baseline;
  }

  /** How many messages from elsewhere the conversation on screen lacks [DEV-9]. */
  newOnScreen(id: string): number {
    const entry = this.#entries.get(id);
    const isLeftAlone = !entry || this.#current?.id !== id || this.#holds.all.has(id);
    return isLeftAlone || !this.#current ? 0 : leastUnread(this.#current.shown, entry.row);
  }

  /** The server has counted after what is shown, when the conversation's row was this one. */
  setShownCount(id: string, row: CompleteRow, counted: { readonly afterSeq: number; readonly count: number }): void {
    const shown = this.#current?.id === id ? this.#current.shown : null;
    const entry = this.#entries.get(id);
    const isSame = entry?.row.last_seq === row.last_seq && entry.row.message_count === row.message_count;
    if (shown?.seq === counted.afterSeq && isSame) this.setShown(id, withCount(shown, row, counted.count));
  }

  /** While anybody holds the conversation, nothing that comes of it shows, but for what a turn of this tab's own says [DEV-4]. */
  hold(id: string, by: Holder, on: boolean): void {
    const row = this.#entries.get(id)?.row;
    if (on && row && !this.#shown.has(id)) this.#shown.set(id, row);
    this.#holds.set(id, by, on);
    if (!this.#holds.all.has(id)) this.#shown.delete(id);
    this.#refresh([id as ConversationId]);
  }

  /** A turn of this tab's own has come to that. */
  showTurn(id: string, row: CompleteRow): void {
    if (this.#shown.has(id)) this.#shown.set(id, row);
    this.#refresh([id as ConversationId]);
  }

  /** The conversations that it holds. */
  heldBy(holder: Holder): ReadonlySet<string> {
    return this.#holds.by(holder);
  }

  addLocalChange(change: LocalChange): void {
    if (this.#changes.add(change)) this.#refresh([change.conversationId as ConversationId]);
  }

  /** The server has it, as of then, or refused it (null). */
  endLocalChange(operationId: string, settledAs: Moment | null): void {
    const takenBack = this.#changes.end(operationId, settledAs);
    this.#refresh([...this.#confirm(), ...(takenBack ? [takenBack.conversationId as ConversationId] : [])]);
  }

  /** The changes of which nobody has said that they have ended, but for those that wait. */
  openChangesBut(waiting: ReadonlySet<string>): readonly string[] {
    return this.#changes.openBut(waiting);
  }

  setSeenElsewhere(id: string, seq: number): void {
    this.#tally.see(id, seq);
    this.#refresh([id as ConversationId]);
  }

  /** What was seen is counted in another history now: a row of the former one would say a badge that is none [EPOCH-1]. */
  #rewind(): void {
    this.#graves.rewound();
    for (const id of this.#shown.keys()) {
      const row = this.#entries.get(id)?.row;
      if (row) this.#shown.set(id, row);
    }
  }

  #bury(id: ConversationId): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    this.#shown.delete(id);
    if (entry) this.#graves.bury(id, entry.baseline);
  }

  /** What is known by now holds them, or has overruled them: the conversations of the changes that go. */
  #confirm(): readonly ConversationId[] {
    const confirmed = this.#changes.confirm((asOf) => isKnownUpTo(this.state, asOf));
    for (const [id, row] of this.#shown) {
      const known = confirmed.filter(({ conversationId }) => conversationId === id);
      if (known.length > 0) this.#shown.set(id, withLocalChanges(row, known) ?? row);
    }
    return confirmed.map(({ conversationId }) => conversationId as ConversationId);
  }

  #moveTo(watermark: Watermark): void {
    const { epoch } = this.#watermark;
    if (epoch !== null && epoch !== watermark.epoch) this.#past.add(epoch);
    if (watermark.epoch !== null) this.#past.delete(watermark.epoch);
    this.#watermark = watermark;
  }

  #itemOf(id: ConversationId): ConversationItem | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const changes = this.#changes.of(id);
    const known = this.#shown.get(id) ?? entry.row;
    const row = changes.length > 0 ? withLocalChanges(known, changes) : known;
    if (!row) return undefined;
    return {
      ...row,
      id,
      unread: this.isOnScreen(id) ? 0 : badgeCount(row, entry.baseline, this.#options.unreadScope),
      isGenerating: row.active_reply_id !== null || this.#holds.by("turn").has(id),
      isLocal: entry.isLocal,
    };
  }

  /** Of two words about a conversation the later one, with the most that was seen. */
  #later(known: Entry, stored: Entry): Entry {
    const later = isLater(stored.asOf, known.asOf, historiesOf(this.state)) ? stored : known;
    return { ...later, baseline: laterBaseline(known.baseline, stored.baseline) };
  }

  #refresh(ids: readonly ConversationId[], becomesReady = false): void {
    const isBulk = ids.length >= REBUILD_FROM;
    const isFirst = becomesReady && !this.#isReady;
    if (isFirst) this.#isReady = true;
    let isListChanged = isFirst || isBulk;
    let isTallyChanged = false;
    const changed: ConversationId[] = [];
    for (const id of ids) {
      const previous = this.#items.get(id);
      const next = this.#itemOf(id);
      isTallyChanged = this.#tally.count(id, next) || isTallyChanged;
      if (previous && next ? isSameRecord(previous, next) : previous === next) continue;
      changed.push(id);
      if (next) this.#items.set(id, next);
      else this.#items.delete(id);
      if (!isBulk) isListChanged = this.#place(previous, next) || isListChanged;
    }
    if (isBulk) this.#sortAnew();
    for (const id of changed) this.#listeners.notify(id);
    if (isListChanged) this.#listeners.notify(LIST);
    if (isTallyChanged) this.#listeners.notify(UNREAD);
  }

  #place(previous: ConversationItem | undefined, next: ConversationItem | undefined): boolean {
    const isLiveChanged = this.#live.replace(only(previous, false), only(next, false));
    const isArchivedChanged = this.#archived.replace(only(previous, true), only(next, true));
    return isLiveChanged || isArchivedChanged;
  }

  #sortAnew(): void {
    const items = [...this.#items.values()];
    this.#live.rebuild(items.filter(({ archived }) => !archived));
    this.#archived.rebuild(items.filter(({ archived }) => archived));
  }
}

function only(item: ConversationItem | undefined, archived: boolean): ConversationItem | undefined {
  return item?.archived === archived ? item : undefined;
}
