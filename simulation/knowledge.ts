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
  /** Those of which all that is known is of a history that was rewound. */
  readonly #former = new Set<string>();
  /** Whether discoveries by the tab's own answers are all that it learns from. */
  readonly #isAlone: boolean;

  constructor(isAlone: boolean) {
    this.#isAlone = isAlone;
  }

  of(id: string): Readonly<SeenRange> {
    return this.#seen.get(id) ?? { surely: 0, perhaps: 0, told: 0 };
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
    for (const [id, { perhaps }] of this.#seen) {
      this.#seen.set(id, { surely: 0, perhaps, told: 0 });
      this.#former.add(id);
    }
  }

  /** The tab is told how far the conversation reaches in the history that stands now: of what comes after that it has seen nothing [EPOCH-1]. */
  standsIn(id: string, lastSeq: number): void {
    if (!this.#isAlone || !this.#former.delete(id)) return;
    const { surely, perhaps, told } = this.of(id);
    this.#seen.set(id, { surely, perhaps: Math.min(perhaps, lastSeq), told });
  }

  /** What a page that loads now may find on its device. */
  leaveTo(next: Knowledge): void {
    for (const [id, { perhaps }] of this.#seen) next.mayHaveSeen(id, perhaps);
  }

  #raise(id: string, by: SeenRange): void {
    this.#former.delete(id);
    const seen = this.of(id);
    this.#seen.set(id, {
      surely: Math.max(seen.surely, by.surely),
      perhaps: Math.max(seen.perhaps, by.perhaps),
      told: Math.max(seen.told, by.told),
    });
  }
}
