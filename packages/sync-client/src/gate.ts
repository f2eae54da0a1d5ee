/** Something that others wait for, once. */
export class Gate {
  #settle: (isOpen: boolean) => void = () => {};
  #opening: Promise<boolean> | null = new Promise((resolve) => (this.#settle = resolve));

  /** Resolves with whether it has opened, once it has, or never will; null once it is open. */
  get opening(): Promise<boolean> | null {
    return this.#opening;
  }

  open(): void {
    this.#opening = null;
    this.#settle(true);
  }

  /** It never opens, unless it is open already. */
  shut(): void {
    this.#settle(false);
  }
}
