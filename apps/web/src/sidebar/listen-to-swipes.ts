/** A finger that comes in from the edge brings the drawer; one that goes back takes it away. */
import { listenTo } from "../listen-to.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From so near to the edge a swipe may begin that opens. */
const EDGE_PX = 32;
const FAR_PX = 56;

/** Where a finger is, from the edge at which lines begin: there is the drawer. */
function pointOf({ clientX, clientY }: Touch): Point {
  const isMirrored = document.documentElement.dir === "rtl";
  return { x: isMirrored ? window.innerWidth - clientX : clientX, y: clientY };
}

/** Whether a finger that went from here to there has swiped in the drawer's direction. Pure. */
export function isSwipe(from: Point, to: Point, isOpen: boolean): boolean {
  const along = isOpen ? from.x - to.x : to.x - from.x;
  const isFlat = Math.abs(to.y - from.y) < along / 2;
  return along >= FAR_PX && isFlat && (isOpen || from.x <= EDGE_PX);
}

/** Tells of each swipe that opens or closes, by what holds then; the returned function ends that. */
export function listenToSwipes(latest: () => { readonly isOpen: boolean; readonly onSwipe: () => void }): () => void {
  // Where the one finger began that is on the page; each that comes says so anew.
  let from: Point | null = null;
  const begin = (event: TouchEvent) => {
    const [touch, another] = event.touches;
    // What lies over the page has its fingers for itself.
    const isCovered = document.querySelector('dialog[open],[role="menu"]');
    from = touch && !another && !isCovered ? pointOf(touch) : null;
  };
  const end = (event: TouchEvent) => {
    const [touch] = event.changedTouches;
    if (!from || !touch) return;
    const { isOpen, onSwipe } = latest();
    if (isSwipe(from, pointOf(touch), isOpen)) onSwipe();
  };
  return listenTo(window, { touchstart: begin, touchend: end }, { passive: true });
}
