/** Where the reader is, in a frame whose sizes are in a test's hands. */
import { act, fireEvent, render } from "@testing-library/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ScrollInput, useScroll } from "./use-scroll.ts";

const FRAME = 500;
const observers = new Set<() => void>();

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #callback: () => void;
      constructor(callback: () => void) {
        this.#callback = callback;
      }
      observe(): void {
        observers.add(this.#callback);
      }
      disconnect(): void {
        observers.delete(this.#callback);
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  observers.clear();
});

const QUIET: ScrollInput = {
  conversationId: "a",
  firstSeq: 50,
  dividerSeq: null,
  staleSendId: null,
  hasLater: false,
  isFound: false,
  onNearTop: () => undefined,
  onNearBottom: () => undefined,
  sendCount: 0,
  isFlowing: () => false,
};

function scrolling(first: Partial<ScrollInput> = {}) {
  const size = { height: 2000, top: 0 };
  const placed: string[] = [];
  const near: string[] = [];
  let jump: () => void = () => undefined;
  const sizes: PropertyDescriptorMap = {
    scrollHeight: { get: () => size.height },
    clientHeight: { get: () => FRAME },
    scrollTop: {
      get: () => size.top,
      set: (top: number) => {
        size.top = Math.max(0, Math.min(top, size.height - FRAME));
      },
    },
  };
  function Frame({ input }: { readonly input: ScrollInput }) {
    const own = useRef<HTMLDivElement>(null);
    // Before the effects of what is tested.
    useLayoutEffect(() => {
      const element = own.current?.parentElement;
      if (element) Object.defineProperties(element, sizes);
    }, []);
    const { frame, content, isAtEnd, handleScroll, handleFocus, jumpToEnd } = useScroll(input);
    jump = jumpToEnd;
    return (
      <div data-at-end={isAtEnd} onScroll={handleScroll} onFocusIn={handleFocus} tabIndex={0} ref={frame}>
        <div ref={own} />
        <div ref={content}>
          <i
            class="new-messages-divider"
            ref={(element) => {
              if (element) element.scrollIntoView = () => void placed.push("divider");
            }}
          />
        </div>
      </div>
    );
  }
  const whole = (change: Partial<ScrollInput>): ScrollInput => ({
    ...QUIET,
    onNearTop: () => void near.push("top"),
    onNearBottom: () => void near.push("bottom"),
    ...first,
    ...change,
  });
  const { container, rerender, unmount } = render(<Frame input={whole({})} />);
  const frame = () => container.querySelector<HTMLElement>("[data-at-end]") ?? document.body;
  // A browser tells of every move, also of those that the page makes.
  let toldTop = 0;
  const tellOfMove = () => {
    if (size.top === toldTop) return;
    toldTop = size.top;
    fireEvent.scroll(frame());
  };
  tellOfMove();
  return {
    near,
    placed,
    unmount,
    frame,
    top: () => size.top,
    jump: async () => {
      await act(() => jump());
      tellOfMove();
    },
    isAtEnd: () => frame().getAttribute("data-at-end") === "true",
    change: (change: Partial<ScrollInput>, height = size.height) => {
      size.height = height;
      rerender(<Frame input={whole(change)} />);
      tellOfMove();
    },
    grow: async (height: number) => {
      await act(() => {
        size.height = height;
        for (const tell of observers) tell();
      });
      tellOfMove();
    },
    scroll: (top: number) => {
      size.top = top;
      toldTop = top;
      fireEvent.scroll(frame());
    },
  };
}

test("a conversation begins at its end and follows it, until the reader goes up; back at the end it follows again", async () => {
  const { top, grow, scroll, isAtEnd } = scrolling();
  expect([top(), isAtEnd()]).toEqual([1500, true]);
  await grow(2100);
  expect([top(), isAtEnd()]).toEqual([1600, true]);
  scroll(1000);
  await grow(2300);
  expect([top(), isAtEnd()]).toEqual([1000, false]);
  scroll(1760);
  await grow(2400);
  expect([top(), isAtEnd()]).toEqual([1900, true]);
});

test("a scroll event that comes late, when the text has grown, is no wish to leave the end", async () => {
  const { top, grow, scroll, change } = scrolling();
  scroll(1500);
  change({}, 2200);
  scroll(1500);
  await grow(2200);
  expect(top()).toBe(1700);
});

test("the way back leads to the end from wherever one is, and another conversation begins at its own", async () => {
  const { top, jump, scroll, change, isAtEnd, grow } = scrolling();
  scroll(300);
  await jump();
  expect([top(), isAtEnd()]).toEqual([1500, true]);
  scroll(300);
  change({ conversationId: "b" });
  expect([top(), isAtEnd()]).toEqual([1500, true]);
  await grow(2500);
  expect(top()).toBe(2000);
});

test("older messages that come in above leave what one reads where it is; at the end, the end", () => {
  const { top, scroll, change } = scrolling();
  scroll(100);
  change({ firstSeq: 20 }, 3000);
  expect(top()).toBe(1100);
  const atEnd = scrolling();
  atEnd.change({ firstSeq: 20 }, 3000);
  expect(atEnd.top()).toBe(2500);
});

test("[DEV-9] the divider is brought into view once; older pages of what is new, and what a search found, move nothing", () => {
  const { placed, change } = scrolling();
  change({ dividerSeq: 60 });
  expect(placed).toEqual(["divider"]);
  change({ dividerSeq: 40 });
  change({ dividerSeq: null });
  expect(placed).toHaveLength(1);
  const found = scrolling({ isFound: true });
  found.change({ dividerSeq: 60 });
  expect(found.placed).toEqual([]);
});

test("[DEV-9] whoever follows a reply that comes from elsewhere stays at the end, and is not led to where the new begins", async () => {
  const { placed, change, top, isAtEnd, scroll } = scrolling({ isFlowing: () => true });
  change({ dividerSeq: 60 }, 2600);
  expect([placed, top(), isAtEnd()]).toEqual([[], 2100, true]);
  change({ dividerSeq: null });
  scroll(100);
  change({ dividerSeq: 80 });
  expect(placed).toEqual(["divider"]);
});

test("[TURN-7] what is new may not push a refused message out of view, the first time", () => {
  const { placed, change, top, scroll } = scrolling();
  scroll(100);
  change({ staleSendId: "m", dividerSeq: 60 }, 2600);
  expect([placed, top()]).toEqual([[], 2100]);
  change({ staleSendId: "m", dividerSeq: 80 });
  expect(placed).toEqual(["divider"]);
});

test("where more follows, the end of what is shown is none; near both ends more is asked for", () => {
  const { scroll, isAtEnd, near } = scrolling({ hasLater: true });
  scroll(1400);
  near.length = 0;
  scroll(1500);
  expect([isAtEnd(), near]).toEqual([false, ["bottom"]]);
  near.length = 0;
  scroll(750);
  expect(near).toEqual([]);
  scroll(699);
  expect(near).toEqual(["top"]);
});

test("where what is shown joins on to the newest, whoever has its end in view is at the end and follows it; nobody else is moved", async () => {
  const { scroll, isAtEnd, change, grow, top } = scrolling({ hasLater: true });
  scroll(1400);
  scroll(1500);
  expect(isAtEnd()).toBe(false);
  change({ hasLater: false });
  expect(isAtEnd()).toBe(true);
  await grow(2100);
  expect(top()).toBe(1600);
  const above = scrolling({ hasLater: true });
  above.scroll(1400);
  above.change({ hasLater: false });
  expect([above.isAtEnd(), above.top()]).toEqual([false, 1400]);
});

test("a message that is edited stays where it was opened, and once that is over the end is followed again where it is in view", async () => {
  const { top, grow, scroll, change, frame } = scrolling();
  const form = document.createElement("form");
  form.className = "edit-message";
  form.innerHTML = "<textarea></textarea>";
  frame().lastElementChild?.append(form);
  form.querySelector("textarea")?.focus();
  await grow(2040);
  expect(top()).toBe(1500);
  scroll(1500);
  await grow(2072);
  expect(top()).toBe(1500);
  // One goes to the end to look, and the field still has its place.
  scroll(1572);
  await grow(2096);
  expect(top()).toBe(1572);
  scroll(1500);
  frame().focus();
  form.remove();
  change({}, 2000);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await grow(2100);
  expect(top()).toBe(1600);
});

test("nothing is watched any more when the conversation has gone", async () => {
  const { unmount } = scrolling();
  expect(observers.size).toBe(1);
  await act(async () => void unmount());
  expect(observers.size).toBe(0);
});
