/** What this tab knows of the account: the latest word about each conversation, what was deleted, and where it stands in which history. */
import type { ConversationId, UnreadScope } from "@instep/protocol";
import { type Change, type KnownConversation, historiesOf, type SyncState } from "./apply-sync.ts";
import { isLater, type Watermark } from "./moment.ts";
import { Graves } from "./graves.ts";
import { laterBaseline } from "./unread.ts";

export interface KnownOptions {
  readonly unreadScope: UnreadScope;
  readonly defaultModel: string;
}

/** What the pure functions read of it. */
type KnownState = Omit<SyncState, "current" | "held">;

export class KnownConversations {
  #options: KnownOptions;
  readonly #entries = new Map<string, KnownConversation>();
  readonly #graves = new Graves();
  readonly #past = new Set<string>();
  #watermark: Watermark = { serverTime: null, epoch: null, etag: null, wholeTime: null, gone: [] };

  constructor(options: KnownOptions) {
    this.#options = options;
  }

  /** Valid until the next change: never keep it across an `await`. */
  get state(): KnownState {
    return {
      entries: this.#entries,
      watermark: this.#watermark,
      graves: this.#graves.all,
      past: this.#past,
      ...this.#options,
    };
  }

  /** Returns whether that is another one than before: rows leave the default out, and mean another answer by that from now on. */
  setDefaultModel(defaultModel: string): boolean {
    if (defaultModel === this.#options.defaultModel) return false;
    this.#options = { ...this.#options, defaultModel };
    this.#watermark = { ...this.#watermark, etag: null };
    return true;
  }

  /** Makes a change that a pure function decided. */
  apply({ put, removed, seenAbsent = [], watermark, effects }: Change): void {
    for (const [id, entry] of put) {
      // With one that no sync has told of, the state is not the full answer's any more.
      const isAdded = !entry.isLocal && this.#entries.get(id)?.isLocal !== false;
      if (isAdded) this.#watermark = { ...this.#watermark, etag: null };
      this.#entries.set(id, entry);
    }
    for (const id of removed) this.#bury(id);
    for (const [id, baseline] of seenAbsent) if (baseline.seq > 0) this.#graves.see(id, baseline);
    if (effects.some(({ kind }) => kind === "rewound")) this.#graves.rewound();
    if (watermark) this.#moveTo(watermark);
  }

  /** Puts what was stored on the device under what is known already: a conversation may have been opened meanwhile. */
  restore(entries: Iterable<readonly [string, KnownConversation]>, watermark: Watermark): void {
    this.#moveTo(watermark);
    for (const [id, stored] of entries) {
      const known = this.#entries.get(id);
      this.#entries.set(id, known ? this.#later(known, stored) : stored);
    }
  }

  #bury(id: ConversationId): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    if (entry) this.#graves.bury(id, entry.baseline);
  }

  #moveTo(watermark: Watermark): void {
    const { epoch } = this.#watermark;
    if (epoch !== null && epoch !== watermark.epoch) this.#past.add(epoch);
    if (watermark.epoch !== null) this.#past.delete(watermark.epoch);
    this.#watermark = watermark;
  }

  /** Of two words about a conversation the later one, with the most that was seen. */
  #later(known: KnownConversation, stored: KnownConversation): KnownConversation {
    const later = isLater(stored.asOf, known.asOf, historiesOf(this.state)) ? stored : known;
    return { ...later, baseline: laterBaseline(known.baseline, stored.baseline) };
  }
}
