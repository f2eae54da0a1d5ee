import { describe, expect, test } from "vitest";
import { TerminalLine } from "./terminal-line.ts";

function lineOn(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const line = new TerminalLine({ isTTY, write: (text) => written.push(text) }, () => clock.now);
  return { line, written, clock };
}

describe("TerminalLine", () => {
  test("writes over what it showed, at most ten times a second, and clears up", () => {
    const { line, written, clock } = lineOn(true);
    line.show("one");
    clock.now = 99;
    line.show("two");
    clock.now = 100;
    line.show("three");
    line.clear();
    line.clear();
    expect(written).toEqual(["\r\u001b[Kone", "\r\u001b[Kthree", "\r\u001b[K"]);
  });

  test("writes nothing where there is no terminal", () => {
    const { line, written } = lineOn(false);
    line.show("one");
    line.clear();
    expect(written).toEqual([]);
  });
});
