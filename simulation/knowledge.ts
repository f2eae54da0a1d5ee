/** How much of each conversation a tab has seen, by what was delivered to it: the oracle's own reckoning of baselines [DEV-3, DEV-6, DEV-7]. */
import type { ConversationId } from "@instep/protocol";

/** Messages up to `surely` were seen, and must not be badged; ones after `perhaps` were not, and must be. */
export interface SeenRange {
  surely: number;
  perhaps: number;
  /** Read by the account, as the server's rows told; they wait while a turn keeps them away [DEV-4]. */
  told: number;
}

export class Knowledge {
  readonly #seen = new Map<string, SeenRange>();
  readonly #known = new Set<string>();
  /** What the tab may have seen in a history that was rewound, and hold for what there is now. */
  readonly #former = new Map<string, number>();
  /** Whether discoveries by the tab's own answers are all that it learns from. */
  readonly #isAlone: boolean;

  constructor(isAlone: boolean) {
    this.#isAlone = isAlone;
  }

  of(id: string): Readonly<SeenRange> {
    const seen = this.#seen.get(id) ?? { surely: 0, perhaps: 0, told: 0 };
    return { ...seen, perhaps: Math.max(seen.perhaps, this.#former.get(id) ?? 0) };
  }

  /** A row told how much the account has read. */
  isTold(id: string, seq: number): void {
    this.#raise(id, { surely: 0, perhaps: seq, told: seq });
  }

  /** A row came by which the tab learns of a conversation that it doesn't know; `seq` is how much of it isn't news. */
  discovers(id: ConversationId, seq: number): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    const hadSeen = this.#seen.has(id);
    // What it had seen before a deletion counts again after a restore.
    if (!hadSeen || !this.#isAlone) this.#raise(id, { surely: this.#isAlone ? seq : 0, perhaps: seq, told: 0 });
  }

  /** The tab knows of it in another way: it made it, or opened it. */
  knows(id: string): void {
    this.#known.add(id);
    this.#raise(id, { surely: 0, perhaps: 0, told: 0 });
  }

  isKnown(id: string): boolean {
    return this.#known.has(id);
  }

  forgets(id: string): void {
    this.#known.delete(id);
  }

  knownIds(): string[] {
    return [...this.#known];
  }

  /** Those of which it has ever seen anything, deleted ones too. */
  seenIds(): string[] {
    return [...this.#seen.keys()];
  }

  /** The tab has shown, or was told to have read, everything up to `seq`. */
  sees(id: string, seq: number): void {
    this.#raise(id, { surely: seq, perhaps: seq, told: 0 });
  }

  /** It may count as seen, or not. */
  mayHaveSeen(id: string, seq: number): void {
    this.#raise(id, { surely: 0, perhaps: seq, told: 0 });
  }

  /** History was rewound: no number means anything any more. */
  rewound(): void {
    for (const id of this.#seen.keys()) {
      this.#former.set(id, this.of(id).perhaps);
      this.#seen.set(id, { surely: 0, perhaps: 0, told: 0 });
    }
  }

  /** The tab is told how far the conversation reaches in the history that stands now: of what comes after that it has seen nothing [EPOCH-1]. */
  standsIn(id: string, lastSeq: number): void {
    const former = this.#former.get(id);
    if (this.#isAlone && former !== undefined) this.#former.set(id, Math.min(former, lastSeq));
  }

  /** What a page that loads now may find on its device. */
  leaveTo(next: Knowledge): void {
    for (const id of this.#seen.keys()) next.mayHaveSeen(id, this.of(id).perhaps);
  }

  #raise(id: string, by: SeenRange): void {
    const seen = this.#seen.get(id) ?? { surely: 0, perhaps: 0, told: 0 };
    this.#seen.set(id, {
      surely: Math.max(seen.surely, by.surely),
      perhaps: Math.max(seen.perhaps, by.perhaps),
      told: Math.max(seen.told, by.told),
    });
  }
}
