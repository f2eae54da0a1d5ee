/** What the reader reads, held where it is on screen while what stands above it comes, goes or changes its height. */

interface Mark {
  readonly element: Element;
  /** Below the frame's upper edge, in pixels. */
  readonly top: number;
}

export class ScrollAnchor {
  /** From the row at the upper edge down to the piece of it that is there: a row may be longer than the window, a piece may be made anew. */
  #marks: readonly Mark[] = [];
  /** Where the frame was scrolled to by what stands here, not by the reader. */
  #ownTop: number | null = null;

  /** The frame was scrolled: where the reader did it, what is at its upper edge is what they read. */
  note(frame: Element, content: Element): void {
    if (frame.scrollTop !== this.#ownTop) this.#marks = marksAt(frame, content);
  }

  /** The reader was led to an element. */
  set(frame: Element, element: Element): void {
    this.#marks = [{ element, top: topIn(frame, element) }];
    this.#ownTop = frame.scrollTop;
  }

  /** Puts it back where it was; false where nothing of it is left. */
  restore(frame: Element): boolean {
    const mark = this.#marks.findLast(({ element }) => element.isConnected);
    if (!mark) return false;
    const moved = topIn(frame, mark.element) - mark.top;
    if (Math.abs(moved) < 1) return true;
    frame.scrollTop += moved;
    this.#ownTop = frame.scrollTop;
    return true;
  }
}

function marksAt(frame: Element, content: Element): readonly Mark[] {
  const edge = frame.getBoundingClientRect().top;
  const marks: Mark[] = [];
  let inside: Element | null = content;
  while (inside && marks.length < MAX_DEPTH) {
    const element: Element | undefined = firstBelow(inside.children, edge);
    if (!element) break;
    const top = topIn(frame, element);
    marks.push({ element, top });
    // What begins in view is mark enough.
    inside = top < 0 ? element : null;
  }
  return marks;
}

function topIn(frame: Element, element: Element): number {
  return element.getBoundingClientRect().top - frame.getBoundingClientRect().top;
}

const MAX_DEPTH = 12;

/** By halves: rows follow upon each other, and there may be thousands. */
function firstBelow(children: HTMLCollection, edge: number): Element | undefined {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = children.item(middle)?.getBoundingClientRect().bottom ?? 0;
    if (bottom > edge) high = middle;
    else low = middle + 1;
  }
  return children.item(low) ?? undefined;
}
