/** How far conversations were seen that are not there: deleted ones, for when they are restored, and ones that no answer has told of yet. */
import { type Baseline, laterBaseline, seenThrough } from "./unread.ts";

/** How far one was seen that is not there. */
export interface Grave extends Baseline {
  /** In a history that was rewound since: no higher than the numbers of the present one go, once one knows them [EPOCH-1]. */
  readonly isOfPast?: true;
}

/** How many are kept. */
const MAX_GRAVES = 500;

export class Graves {
  readonly #all = new Map<string, Grave>();

  get all(): ReadonlyMap<string, Grave> {
    return this.#all;
  }

  /** The newest is kept longest. */
  bury(id: string, baseline: Baseline): void {
    this.#all.delete(id);
    this.#all.set(id, baseline);
    const oldest = this.#all.keys().next();
    if (this.#all.size > MAX_GRAVES && !oldest.done) this.#all.delete(oldest.value);
  }

  /** It was seen that far, or further already. */
  see(id: string, baseline: Baseline): void {
    const known = this.#all.get(id);
    this.bury(id, known && known.isOfPast === undefined ? laterBaseline(baseline, known) : baseline);
  }

  /** History was rewound: how many messages there were says nothing of any that will be [EPOCH-1]. */
  rewound(): void {
    for (const [id, grave] of this.#all) {
      this.#all.set(id, { ...seenThrough(grave.seq), isOfPast: true });
    }
  }
}
