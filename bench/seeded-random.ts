/** Chance that comes out the same in every run: ids, texts and choices of the measurements. */
export interface SeededRandom {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** Formed like a random UUID. */
  uuid(): string;
  /** So many words of a few; two texts may be alike, short ones above all. */
  text(words: number): string;
}

const WORDS =
  "the clock moves forward and every device asks what came after it so that nothing is lost or shown twice".split(" ");

/** Starts a sequence of its own for each seed (mulberry32). */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const hex = (digits: number): string => Array.from({ length: digits }, () => below(16).toString(16)).join("");
  return {
    next,
    below,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    text: (words) => Array.from({ length: words }, () => WORDS[below(WORDS.length)]).join(" "),
  };
}
