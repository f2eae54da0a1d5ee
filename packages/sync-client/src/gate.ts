/** Something that others wait for, once. */
export class Gate {
  #open: () => void = () => {};
  #opening: Promise<void> | null = new Promise((resolve) => (this.#open = resolve));

  /** Resolves when it opens; null once it is open. */
  get opening(): Promise<void> | null {
    return this.#opening;
  }

  open(): void {
    this.#opening = null;
    this.#open();
  }
}
