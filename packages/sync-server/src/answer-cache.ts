/** Answers that were made, by the question and the clock that they were made at: the same one is not made twice [SYNC-8]. */

/** Together no longer than this, in UTF-16 code units. */
const MAX_LENGTH = 32_000_000;
/** And no more of them: a short increment weighs several times its length. */
const MAX_ANSWERS = 10_000;

/** Keeps what was used last; a clock that moves makes its old answers unreachable, and in time they fall out. */
export class AnswerCache {
  readonly #answers = new Map<string, string>();
  #length = 0;

  get(key: string): string | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  set(key: string, answer: string): void {
    this.#delete(key);
    this.#answers.set(key, answer);
    this.#length += answer.length;
    for (const oldest of this.#answers.keys()) {
      if (this.#length <= MAX_LENGTH && this.#answers.size <= MAX_ANSWERS) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#length -= this.#answers.get(key)?.length ?? 0;
    this.#answers.delete(key);
  }
}
