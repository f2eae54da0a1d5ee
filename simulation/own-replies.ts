/** How the replies of a tab's own turns ended, as far as the tab was told: where somebody looked, or where nobody did [DEV-5]. */
export class OwnReplies {
  readonly #seen = new Set<string>();
  readonly #unseen = new Set<string>();

  ended(messageId: string, isUnseen: boolean): void {
    (isUnseen ? this.#unseen : this.#seen).add(messageId);
  }

  /** Whether the tab was told of the reply's end where somebody looked. */
  isSeen(messageId: string): boolean {
    return this.#seen.has(messageId);
  }

  /** Whether it ended where nobody looked. */
  isUnseen(messageId: string): boolean {
    return this.#unseen.has(messageId);
  }

  /** History was rewound: what was seen to end in it may end otherwise. */
  rewound(): void {
    this.#seen.clear();
  }
}
