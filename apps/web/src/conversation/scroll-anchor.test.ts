/** What is read stays where it is, in a frame whose rows a test lays out. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { ScrollAnchor } from "./scroll-anchor.ts";

const EDGE = 40;
afterEach(() => document.body.replaceChildren());

/** Rows under each other, some with pieces in them that share their height. */
function laidOut() {
  const frame = document.createElement("div");
  const content = document.createElement("div");
  frame.append(content);
  document.body.append(frame);
  let top = 0;
  const heights = new Map<Element, number>();
  Object.defineProperty(frame, "scrollTop", {
    get: () => top,
    set: (asked: number) => {
      top = asked;
    },
  });
  const heightOf = (element: Element): number =>
    heights.get(element) ?? [...element.children].reduce((sum, child) => sum + heightOf(child), 0);
  const above = (element: Element): number => {
    if (element === content) return EDGE - top;
    const { parentElement, previousElementSibling } = element;
    return previousElementSibling
      ? above(previousElementSibling) + heightOf(previousElementSibling)
      : above(parentElement ?? content);
  };
  const measured = (element: Element) => {
    element.getBoundingClientRect = () => new DOMRect(0, above(element), 100, heightOf(element));
    return element;
  };
  frame.getBoundingClientRect = () => new DOMRect(0, EDGE, 100, 500);
  measured(content);
  return {
    frame,
    content,
    topOf: (element: Element) => element.getBoundingClientRect().top - EDGE,
    resize: (element: Element, height: number) => void heights.set(element, height),
    row: (pieces: readonly number[], before: Element | null = null) => {
      const row = measured(document.createElement("div"));
      for (const height of pieces) {
        const piece = measured(document.createElement("p"));
        heights.set(piece, height);
        row.append(piece);
      }
      content.insertBefore(row, before);
      return row;
    },
  };
}

test("whatever comes in above, and however rows there change their height, what is at the upper edge stays where it is", () => {
  const height = fc.integer({ min: 1, max: 900 });
  const rows = fc.array(fc.array(height, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.tuple(rows, rows),
      fc.nat(),
      fc.array(height, { maxLength: 6 }),
      ([first, older], asked, changed) => {
        const { frame, content, row, topOf, resize } = laidOut();
        const made = first.map((pieces) => row(pieces));
        const pieces = made.flatMap(({ children }) => [...children]);
        const total = first.flat().reduce((sum, one) => sum + one, 0);
        frame.scrollTop = asked % total;
        const anchor = new ScrollAnchor();
        anchor.note(frame, content);
        const read = pieces.find((piece) => piece.getBoundingClientRect().bottom > EDGE) ?? content;
        const before = topOf(read);
        for (const more of older) row(more, made[0]);
        const above = pieces.slice(0, pieces.indexOf(read));
        for (const [index, piece] of above.entries()) resize(piece, changed[index] ?? 10);
        expect(anchor.restore(frame)).toBe(true);
        expect(topOf(read)).toBeCloseTo(before, 6);
      },
    ),
  );
});

test("a piece that is made anew leaves its row as the mark, and where nothing is left there is no anchor", () => {
  const { frame, content, row, topOf } = laidOut();
  const long = row([300, 300, 300]);
  row([100]);
  frame.scrollTop = 400;
  const anchor = new ScrollAnchor();
  anchor.note(frame, content);
  long.children.item(1)?.remove();
  row([50], long);
  expect(anchor.restore(frame)).toBe(true);
  expect(topOf(long)).toBe(-400);
  content.replaceChildren();
  expect(anchor.restore(frame)).toBe(false);
});

test("what one was led to is the anchor until one scrolls, wherever it stands in view", () => {
  const { frame, content, row, topOf, resize } = laidOut();
  const [first, found] = [row([400]), row([100])];
  row([900]);
  frame.scrollTop = 200;
  const anchor = new ScrollAnchor();
  anchor.set(frame, found);
  const [piece] = first.children;
  if (piece) resize(piece, 700);
  // The event of that very scrolling comes late.
  anchor.note(frame, content);
  expect([anchor.restore(frame), topOf(found)]).toEqual([true, 200]);
  anchor.note(frame, content);
  if (piece) resize(piece, 100);
  expect([anchor.restore(frame), topOf(found)]).toEqual([true, 200]);
  frame.scrollTop = -50;
  anchor.note(frame, content);
  if (piece) resize(piece, 500);
  expect([anchor.restore(frame), frame.scrollTop]).toEqual([true, -50]);
});

test("nothing is read yet: there is no anchor, and nothing moves", () => {
  const { frame } = laidOut();
  expect([new ScrollAnchor().restore(frame), frame.scrollTop]).toEqual([false, 0]);
});
