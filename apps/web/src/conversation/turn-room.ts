/** After a send, the question goes to the top of the view: room is left below it, into which the reply grows. */

/** Between the view's upper edge and the question. */
const GAP_PX = 12;

/** What waits for a reply's end stands below that reply, and goes to the top when it is sent. */
const QUESTIONS = ".message.user:not([data-state='queued'])";

export class TurnRoom {
  #before: Element | null = null;
  #isAwaited = false;
  #question: HTMLElement | null = null;

  /** Something was sent; it may not be in the page yet. */
  await(content: HTMLElement): void {
    this.#before = lastRow(content);
    this.#isAwaited = true;
  }

  /** Leaves as much room as the question needs to stand at the top at the end of the log; none where it has gone. */
  make(content: HTMLElement, frameHeight: number): void {
    const last = this.#isAwaited ? lastRow(content) : null;
    if (last && last !== this.#before) {
      this.#question = last;
      this.#isAwaited = false;
    }
    if (!this.#question) return;
    if (!this.#question.isConnected) this.#question = null;
    const height = this.#question ? `${Math.max(0, this.#question.offsetTop - GAP_PX) + frameHeight}px` : "";
    if (content.style.minHeight !== height) content.style.minHeight = height;
  }
}

function lastRow(content: HTMLElement): HTMLElement | null {
  return [...content.querySelectorAll(QUESTIONS)].at(-1)?.closest<HTMLElement>(".message-row") ?? null;
}
