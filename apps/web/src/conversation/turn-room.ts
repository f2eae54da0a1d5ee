/** After a send, the question goes to the top of the view: room is left below it, into which the reply grows. */

/** Between the view's upper edge and the question. */
const GAP_PX = 12;

const SENDING = ".message[data-state='sending']";
/** What waits, for a reply's end or for the network, stands below what is written meanwhile: it goes to the top when it is sent. */
const QUESTIONS = `.message.user:not(.pending), ${SENDING}`;
const NOT_SENT = ".message.pending:not([data-state='sending'])";

export class TurnRoom {
  #before: Element | null = null;
  #isAwaited = false;
  #hasSent = false;
  #question: HTMLElement | null = null;

  /** Something was sent; it may not be in the page yet. */
  await(content: HTMLElement): void {
    this.#before = lastRow(content);
    this.#isAwaited = true;
    this.#hasSent = true;
  }

  /** Leaves as much room as the question needs to stand at the top at the end of the log; none where it has gone. */
  make(content: HTMLElement, frameHeight: number): void {
    if (!this.#hasSent) return;
    // Whether a frame showed it being sent before its try failed is chance: it is as what has not been tried.
    if (this.#question?.querySelector(NOT_SENT)) {
      this.#question = null;
      this.await(content);
    }
    const last = lastRow(content);
    // Of several that were written one after the other, each goes up in its turn.
    if (last && last !== this.#before && (this.#isAwaited || last.querySelector(SENDING))) {
      this.#question = this.#before = last;
      this.#isAwaited = false;
    }
    const missing = this.#question?.isConnected ? missingBelow(this.#question, content, frameHeight) : 0;
    const room = missing > 0 ? `${missing}px` : "";
    if (content.style.paddingBottom !== room) content.style.paddingBottom = room;
  }
}

/** How much the view is higher than the question with all that stands below it. Room is no content, or nobody would hear of that changing its height. */
function missingBelow(question: HTMLElement, content: HTMLElement, frameHeight: number): number {
  const { lastElementChild: last } = content;
  if (!(last instanceof HTMLElement)) return 0;
  return Math.max(0, question.offsetTop - GAP_PX) + frameHeight - (last.offsetTop + last.offsetHeight);
}

function lastRow(content: HTMLElement): HTMLElement | null {
  const rows = [...content.children].filter((row) => row.querySelector(QUESTIONS) !== null);
  const last = rows.at(-1);
  return last instanceof HTMLElement ? last : null;
}
