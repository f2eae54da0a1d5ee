/** A finger that rests on a row opens its menu; the click that would follow opens nothing. */
import type { PageEnvironment } from "../environment.ts";
import { listenTo } from "../listen-to.ts";

const PRESS_MS = 500;
/** A finger that goes further scrolls. */
const STILL_PX = 10;

/** Calls `onPress` with what the finger rests on; the returned function ends it. */
export function watchLongPress(
  list: HTMLElement,
  environment: Pick<PageEnvironment, "after">,
  onPress: (target: Element) => void,
): () => void {
  let cancel = () => undefined as void;
  let isPressed = false;
  let start = { x: 0, y: 0 };
  const begin = (event: PointerEvent) => {
    cancel();
    isPressed = false;
    if (event.pointerType !== "touch" || !(event.target instanceof Element)) return;
    const { target } = event;
    start = { x: event.clientX, y: event.clientY };
    cancel = environment.after(PRESS_MS, () => {
      onPress(target);
      isPressed = true;
    });
  };
  const move = (event: PointerEvent) => {
    const isFar = Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX;
    if (isFar) cancel();
  };
  const end = () => cancel();
  // The browser's own menu of a link would come over this one.
  const refuseMenu = (event: MouseEvent) => {
    if ("pointerType" in event && event.pointerType === "touch") event.preventDefault();
  };
  const swallow = (event: MouseEvent) => {
    if (!isPressed) return;
    isPressed = false;
    event.preventDefault();
    event.stopPropagation();
  };
  const ends = [
    listenTo(list, {
      pointerdown: begin,
      pointermove: move,
      pointerup: end,
      pointercancel: end,
      contextmenu: refuseMenu,
    }),
    listenTo(list, { click: swallow }, { capture: true }),
    end,
  ];
  return () => ends.forEach((each) => each());
}
