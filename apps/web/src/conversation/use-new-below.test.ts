/** What is new below the reader: counted from where the end was seen last. */
import { renderHook } from "@testing-library/preact";
import fc from "fast-check";
import { expect, test } from "vitest";
import { message, view } from "../../test/messages.ts";
import { useNewBelow } from "./use-new-below.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => message(index + 1));

function reader() {
  const { result, rerender } = renderHook(({ shown, isAtEnd }) => useNewBelow(shown, isAtEnd), {
    initialProps: { shown: view({ messages: [] }), isAtEnd: true },
  });
  return (change: Parameters<typeof view>[0], isAtEnd: boolean) => {
    rerender({ shown: view(change), isAtEnd });
    return result.current;
  };
}

test("what came while the end was out of view is counted, and gone once it is in view", () => {
  const read = reader();
  expect(read({ messages: upTo(10) }, true)).toBe(0);
  expect(read({ messages: upTo(10) }, false)).toBe(0);
  expect(read({ messages: upTo(12) }, false)).toBe(2);
  expect(read({ messages: upTo(12), newMessages: 3 }, false)).toBe(5);
  expect(read({ messages: upTo(13) }, true)).toBe(0);
  expect(read({ messages: upTo(13) }, false)).toBe(0);
});

test("older messages that come in above are not new", () => {
  const read = reader();
  read({ messages: upTo(20).slice(10) }, true);
  expect(read({ messages: upTo(20) }, false)).toBe(0);
});

test("[DEV-9] where a divider says where the new begins, all from there on is new until the end was seen", () => {
  const read = reader();
  read({ messages: upTo(10) }, true);
  expect(read({ messages: upTo(15), firstNewSeq: 11 }, true)).toBe(5);
  expect(read({ messages: upTo(15), firstNewSeq: 11 }, false)).toBe(5);
  expect(read({ messages: upTo(15), firstNewSeq: 11 }, true)).toBe(0);
  expect(read({ messages: upTo(15), firstNewSeq: null }, false)).toBe(0);
});

test("around what a search found only what the banner holds back is known to be new", () => {
  const read = reader();
  read({ messages: upTo(10), hasLater: true }, false);
  expect(read({ messages: upTo(15), hasLater: true }, false)).toBe(0);
  expect(read({ messages: upTo(15), hasLater: true, newMessages: 2 }, false)).toBe(2);
});

test("whatever comes and wherever one reads, it is what came after the end was last seen", () => {
  const step = fc.record({ comes: fc.nat(3), isAtEnd: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
      const read = reader();
      let count = 5;
      let seen = 5;
      read({ messages: upTo(count) }, true);
      for (const { comes, isAtEnd } of steps) {
        count += comes;
        if (isAtEnd) seen = count;
        expect(read({ messages: upTo(count) }, isAtEnd)).toBe(count - seen);
      }
    }),
  );
});
