/** What is remembered of deleted conversations, for when they are restored. */
import { type Baseline, laterBaseline, seenThrough } from "./unread.ts";

/** How many are kept. */
const MAX_GRAVES = 500;

export class Graves {
  readonly #all = new Map<string, Baseline>();

  get all(): ReadonlyMap<string, Baseline> {
    return this.#all;
  }

  /** The newest is kept longest. */
  bury(id: string, baseline: Baseline): void {
    this.#all.delete(id);
    this.#all.set(id, baseline);
    const oldest = this.#all.keys().next();
    if (this.#all.size > MAX_GRAVES && !oldest.done) this.#all.delete(oldest.value);
  }

  /** It was seen that far; of one that isn't deleted this does nothing. */
  see(id: string, baseline: Baseline): void {
    const grave = this.#all.get(id);
    if (grave) this.#all.set(id, laterBaseline(grave, baseline));
  }

  /** History was rewound: how many messages there were says nothing of any that will be [EPOCH-1]. */
  rewound(): void {
    for (const [id, grave] of this.#all) {
      this.#all.set(id, seenThrough(grave.seq));
    }
  }
}
