import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { isSwipe, listenToSwipes } from "./listen-to-swipes.ts";

afterEach(() => document.documentElement.removeAttribute("dir"));

const at = (x: number, y = 300) => ({ x, y });

test("a swipe in from the edge opens, one back anywhere closes; what is short, steep or begins elsewhere does neither", () => {
  expect([isSwipe(at(10), at(90), false), isSwipe(at(32), at(88), false)]).toEqual([true, true]);
  expect([isSwipe(at(33), at(120), false), isSwipe(at(10), at(65), false)]).toEqual([false, false]);
  expect([isSwipe(at(10), at(90, 340), false), isSwipe(at(10), at(90, 339), false)]).toEqual([false, true]);
  expect([isSwipe(at(200), at(120), true), isSwipe(at(200), at(280), true)]).toEqual([true, false]);
});

test("no movement both opens and closes, and one along the page's height does nothing", () => {
  const point = fc.record({ x: fc.nat(400), y: fc.nat(800) });
  fc.assert(
    fc.property(point, point, (from, to) => {
      expect(isSwipe(from, to, true) && isSwipe(from, to, false)).toBe(false);
      if (Math.abs(to.y - from.y) >= Math.abs(to.x - from.x)) expect(isSwipe(from, to, true)).toBe(false);
    }),
  );
});

test.each(["ltr", "rtl"])("where lines run %s, the swipe that opens begins at the edge where they begin", (dir) => {
  document.documentElement.dir = dir;
  const swiped: boolean[] = [];
  let isOpen = false;
  const end = listenToSwipes(() => ({ isOpen, onSwipe: () => void swiped.push(isOpen) }));
  const swipe = (fromStart: readonly [number, number]) => {
    const [from, to] = fromStart.map((x) => ({ clientX: dir === "rtl" ? window.innerWidth - x : x, clientY: 300 }));
    window.dispatchEvent(Object.assign(new Event("touchstart"), { touches: [from] }));
    window.dispatchEvent(Object.assign(new Event("touchend"), { changedTouches: [to] }));
  };
  swipe([10, 90]);
  swipe([90, 10]);
  isOpen = true;
  swipe([10, 90]);
  swipe([90, 10]);
  expect(swiped).toEqual([false, true]);
  end();
});

test("two fingers that pinch move no drawer, however they come and go; one alone after them does again", () => {
  const swiped: true[] = [];
  const end = listenToSwipes(() => ({ isOpen: false, onSwipe: () => void swiped.push(true) }));
  const finger = (clientX: number) => ({ clientX, clientY: 300 });
  const fire = (type: string, touches: readonly object[], changedTouches: readonly object[] = touches) =>
    window.dispatchEvent(Object.assign(new Event(type), { touches, changedTouches }));
  for (const isOneFirst of [true, false]) {
    if (isOneFirst) fire("touchstart", [finger(10)]);
    fire("touchstart", [finger(10), finger(60)]);
    fire("touchend", [finger(60)], [finger(200)]);
    fire("touchend", [], [finger(300)]);
  }
  expect(swiped).toEqual([]);
  fire("touchstart", [finger(10)]);
  fire("touchend", [], [finger(200)]);
  end();
  fire("touchstart", [finger(10)]);
  fire("touchend", [], [finger(200)]);
  expect(swiped).toEqual([true]);
});
