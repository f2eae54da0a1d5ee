/** Reads that are under way: whoever asks the same meanwhile shares one. */
export class SharedReads<T> {
  readonly #underWay = new Map<string, Promise<T>>();

  /** The read of that key that is under way, or the one that `begin` begins now. */
  share(key: string, begin: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const read = begin().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, read);
    return read;
  }
}
